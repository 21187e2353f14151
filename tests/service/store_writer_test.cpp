// The thread that writes into the store: batches, stores that are away, signals' numbers, retention, kills.
#include "service/store_writer.hpp"

#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

namespace virtuoso {
namespace {

using namespace std::chrono_literals;
using test::sample_row;
using test::score_row;

/// Bounds what hangs, and nothing else.
bool eventually(const std::function<bool()>& true_now) {
    for (int tries = 0; tries < 3'000; ++tries) {
        if (true_now()) {
            return true;
        }
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

std::uint64_t sum(const StoreCounts& counts) {
    std::uint64_t all = 0;
    for (const auto count : counts) {
        all += count;
    }
    return all;
}

class StoreWriterTest : public testing::Test {
  protected:
    [[nodiscard]] std::string path() const { return place_.file("a.db"); }
    [[nodiscard]] Result<std::unique_ptr<Store>> open() const {
        return open_store(*StoreAddress::parse(path()), StoreUse::write);
    }
    [[nodiscard]] std::unique_ptr<StoreWriter> make(StoreWriter::Settings settings = {}) {
        settings.pause = 5ms;
        return std::make_unique<StoreWriter>([this] { return open(); }, nullptr, settings, *log_, clock_);
    }
    [[nodiscard]] std::size_t count(StoreTable table) const { return *(*open())->count(table); }

    test::TemporaryDirectory place_;
    VirtualClock clock_;
    std::unique_ptr<ServiceLog> log_ = *ServiceLog::open({.file = place_.file("log")});
};

TEST_F(StoreWriterTest, WritesWhatItIsGivenAndTheRestAtTheEnd) {
    const auto writer = make();
    writer->start();
    for (std::int64_t i = 0; i < 100; ++i) {
        writer->put({StoreTable::scores, score_row("BTCUSDT", i, 50)});
    }
    EXPECT_TRUE(eventually([&] { return sum(writer->status().written) == 100; }));
    for (std::int64_t i = 100; i < 20'000; ++i) {
        writer->put({StoreTable::scores, score_row("BTCUSDT", i, 50)});
    }
    EXPECT_TRUE(writer->stop(20s));
    EXPECT_EQ(writer->status().waiting, 0U);
    EXPECT_EQ(count(StoreTable::scores), 20'000U);
}

TEST_F(StoreWriterTest, ALockedStoreCostsNothingOnceItIsFree) {
    ASSERT_TRUE(open());
    sqlite3* holder = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &holder), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(holder, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto writer = make();
    writer->start();
    writer->put({StoreTable::scores, score_row("BTCUSDT", 1, 50)});
    EXPECT_TRUE(eventually([&] { return writer->status().failures > 1; }));
    EXPECT_FALSE(writer->status().trouble.empty());
    ASSERT_EQ(sqlite3_exec(holder, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(holder);
    EXPECT_TRUE(eventually([&] { return sum(writer->status().written) == 1; }));
    EXPECT_TRUE(writer->status().trouble.empty());
    EXPECT_EQ(sum(writer->status().dropped), 0U);
    EXPECT_TRUE(writer->stop(20s));
}

TEST_F(StoreWriterTest, WhatWasKeptIsReadOnceAndBeforeAnythingIsWritten) {
    for (const bool is_open : {true, false}) {
        std::filesystem::remove(path());
        std::atomic<int> reads = 0;
        std::atomic<std::size_t> rows_before = 99;
        StoreWriter writer([this] { return open(); }, is_open ? *open() : nullptr, {.pause = 5ms}, *log_,
                           clock_);
        writer.read_first([&](Store& store) -> Result<void> {
            rows_before = store.count(StoreTable::events).value_or(98);
            return ++reads == 1 ? Result<void>(fail(ErrorCode::store_busy, "not now")) : Result<void>();
        });
        writer.put({StoreTable::events, sample_row(StoreTable::events, 1)});
        writer.start();
        EXPECT_EQ(reads, is_open ? 1 : 0) << "at once where the store is there";
        ASSERT_TRUE(eventually([&] { return sum(writer.status().written) == 1; }));
        EXPECT_TRUE(writer.stop(20s));
        EXPECT_EQ(reads, 2);
        EXPECT_EQ(rows_before, 0U);
    }
}

TEST_F(StoreWriterTest, WhatCanNeverBeReadKeepsNothingOut) {
    StoreWriter writer([this] { return open(); }, *open(), {.pause = 5ms}, *log_, clock_);
    writer.read_first([](Store&) -> Result<void> { return fail(ErrorCode::store_damaged, "a page"); });
    writer.start();
    writer.put({StoreTable::events, sample_row(StoreTable::events, 1)});
    EXPECT_TRUE(eventually([&] { return sum(writer.status().written) == 1; }));
    EXPECT_TRUE(writer.stop(20s));
}

TEST_F(StoreWriterTest, AStoreThatIsAwayForLongCostsSamplesBeforeSignals) {
    std::atomic<bool> away = true;
    StoreWriter writer(
        [&]() -> Result<std::unique_ptr<Store>> {
            return away ? fail(ErrorCode::store_open, "away") : open();
        },
        nullptr, {.limits = {.once_bytes = 1U << 20U, .samples_bytes = 100'000}, .pause = 5ms}, *log_,
        clock_);
    writer.start();
    writer.put({StoreTable::events, sample_row(StoreTable::events, 1)});
    for (std::int64_t i = 0; i < 20'000; ++i) {
        writer.put({StoreTable::scores, score_row("BTCUSDT", i, 50)});
    }
    const StoreStatus status = writer.status();
    const auto scores = static_cast<std::size_t>(StoreTable::scores);
    EXPECT_GT(status.dropped[scores], 10'000U);
    EXPECT_EQ(sum(status.dropped), status.dropped[scores]);
    EXPECT_LT(status.waiting_bytes, 110'000U);
    away = false;
    EXPECT_TRUE(eventually([&] { return writer.status().waiting == 0 && writer.status().trouble.empty(); }));
    EXPECT_TRUE(writer.stop(20s));
    EXPECT_EQ(count(StoreTable::events), 1U);
    EXPECT_EQ(count(StoreTable::scores), 20'000 - writer.status().dropped[scores]);
    // The newest are those that were kept.
    auto newest = *open();
    EXPECT_EQ(test::all_rows(*newest, {.table = StoreTable::scores, .newest_first = true, .limit = 1})[0][2],
              StoreValue(std::int64_t{19'999}));
}

TEST_F(StoreWriterTest, ARowThatIsNeverAcceptedKeepsNoneOut) {
    const auto writer = make();
    writer->put({StoreTable::scores, score_row("BTCUSDT", 1, 50)});
    writer->put({StoreTable::scores, StoreRow(2)});
    writer->put({StoreTable::scores, score_row("BTCUSDT", 2, 50)});
    writer->start();
    EXPECT_TRUE(writer->stop(20s));
    EXPECT_EQ(count(StoreTable::scores), 2U);
    EXPECT_EQ(sum(writer->status().refused), 1U);
}

TEST_F(StoreWriterTest, SignalsAreCountedForEachSymbolAcrossStarts) {
    const auto signal = [](const std::string& symbol) {
        StoreRow row = sample_row(StoreTable::signals, 0);
        row[0] = std::string("sim");
        row[1] = symbol;
        return StoreRecord{StoreTable::signals, row};
    };
    for (int start = 0; start < 2; ++start) {
        const auto writer = make();
        writer->start();
        writer->put(signal("BTCUSDT"));
        writer->put(signal("ETHUSDT"));
        writer->put(signal("BTCUSDT"));
        EXPECT_TRUE(writer->stop(20s));
    }
    const auto store = *open();
    EXPECT_EQ(*store->last_sequence("sim", "BTCUSDT"), 4);
    EXPECT_EQ(*store->last_sequence("sim", "ETHUSDT"), 2);
    EXPECT_EQ(*store->count(StoreTable::signals), 6U);
}

TEST_F(StoreWriterTest, RetentionRemovesWhatIsOlderThanItsDays) {
    constexpr std::int64_t now_ms = 100 * ms_per_day;
    clock_.advance_to({now_ms * 1'000'000});
    StoreWriter::Settings settings;
    settings.retention.days[static_cast<std::size_t>(StoreTable::scores)] = 10;
    const auto writer = make(settings);
    for (std::int64_t day = 0; day < 100; ++day) {
        for (std::int64_t i = 0; i < 50; ++i) {
            writer->put({StoreTable::scores, score_row("BTCUSDT", day * ms_per_day + i, 50)});
        }
        writer->put({StoreTable::events, sample_row(StoreTable::events, day * ms_per_day)});
    }
    writer->start();
    // More than one slice.
    EXPECT_TRUE(eventually([&] { return sum(writer->status().removed) == 4'500; }));
    EXPECT_TRUE(writer->stop(20s));
    EXPECT_EQ(count(StoreTable::scores), 500U);
    EXPECT_EQ(count(StoreTable::events), 100U);
}

/// Loses its connection with the third transaction: before it, or after it went through.
class LostStore final : public Store {
  public:
    LostStore(std::unique_ptr<Store> store, int& puts, bool goes_through)
        : store_(std::move(store)), puts_(puts), goes_through_(goes_through) {}
    [[nodiscard]] Result<void> put(std::span<const StoreRecord> records) override {
        if (++puts_ != 3) {
            return store_->put(records);
        }
        if (goes_through_) {
            EXPECT_TRUE(store_->put(records));
        }
        return fail(ErrorCode::store_open, "the connection was lost");
    }
    [[nodiscard]] Result<std::size_t> select(const StoreQuery& query, const StoreVisitor& visit) override {
        return store_->select(query, visit);
    }
    [[nodiscard]] Result<std::int64_t> last_sequence(std::string_view exchange,
                                                     std::string_view symbol) override {
        return store_->last_sequence(exchange, symbol);
    }
    [[nodiscard]] Result<std::size_t> remove_before(StoreTable table, std::int64_t time_ms,
                                                    std::size_t rows_max) override {
        return store_->remove_before(table, time_ms, rows_max);
    }
    [[nodiscard]] Result<std::size_t> count(StoreTable table) override { return store_->count(table); }
    [[nodiscard]] Result<std::uint64_t> bytes() override { return store_->bytes(); }
    [[nodiscard]] Result<void> check() override { return store_->check(); }
    [[nodiscard]] Result<void> vacuum() override { return store_->vacuum(); }
    [[nodiscard]] Result<std::int64_t> schema_version() override { return store_->schema_version(); }
    void interrupt() noexcept override { store_->interrupt(); }

  private:
    std::unique_ptr<Store> store_;
    int& puts_;
    bool goes_through_;
};

TEST_F(StoreWriterTest, AConnectionThatIsLostCostsNoRowAndDoublesNone) {
    for (const bool goes_through : {false, true}) {
        std::filesystem::remove(path());
        int puts = 0;
        StoreWriter writer(
            [&]() -> Result<std::unique_ptr<Store>> {
                return std::make_unique<LostStore>(*open(), puts, goes_through);
            },
            nullptr, {.pause = 5ms}, *log_, clock_);
        writer.start();
        for (std::uint64_t number = 1; number <= 6; ++number) {
            StoreRow row = sample_row(StoreTable::signals, 0);
            row[3] = fmt::format("id {}", number);
            writer.put({StoreTable::signals, row});
            ASSERT_TRUE(eventually([&] { return sum(writer.status().written) == number; }));
        }
        EXPECT_TRUE(writer.stop(20s));
        EXPECT_EQ(puts, 7);
        EXPECT_EQ(writer.status().failures, 1U);
        std::string ids;
        const auto store = *open();
        for (const auto& row : test::all_rows(*store, {.table = StoreTable::signals})) {
            ids += fmt::format("{}:{} ", std::get<std::int64_t>(row[2]), std::get<std::string>(row[3]));
        }
        EXPECT_EQ(ids, "1:id 1 2:id 2 3:id 3 4:id 4 5:id 5 6:id 6 ");
    }
}

TEST_F(StoreWriterTest, EndsInTimeWhileTheStoreHangs) {
    std::atomic<bool> hangs = true;
    {
        StoreWriter writer(
            [&]() -> Result<std::unique_ptr<Store>> {
                while (hangs) {
                    std::this_thread::sleep_for(5ms);
                }
                return fail(ErrorCode::store_open, "away");
            },
            nullptr, {.pause = 5ms}, *log_, clock_);
        writer.start();
        writer.put({StoreTable::scores, score_row("BTCUSDT", 1, 50)});
        EXPECT_FALSE(writer.stop(50ms));
        EXPECT_EQ(writer.status().waiting, 1U);
        hangs = false;
    }
}

/// What the process that is killed tells while it lives.
struct Acknowledged {
    std::atomic<std::int64_t> given{0};
    std::atomic<std::int64_t> written{0};  ///< all up to this one, in order
};

/// Writes as fast as it can until it is killed.
[[noreturn]] void write_until_killed(const std::string& path, const std::string& log_path, std::int64_t first,
                                     Acknowledged& told) {
    const auto log = *ServiceLog::open({.file = log_path});
    const VirtualClock clock;
    StoreWriter writer([&] { return open_store(*StoreAddress::parse(path), StoreUse::write); }, nullptr,
                       {.pause = 1ms}, *log, clock);
    writer.on_written([&](std::span<const StoreRecord> records) {
        for (const auto& record : records) {
            told.written = std::max(told.written.load(), std::get<std::int64_t>(record.row[2]));
        }
    });
    writer.start();
    for (std::int64_t number = first;; ++number) {
        writer.put({StoreTable::scores, score_row("BTCUSDT", number, 50)});
        told.given = number;
        if (number % 50 == 0) {
            std::this_thread::sleep_for(200us);
        }
    }
}

// Nothing else runs here while it forks.
TEST(StoreWriterKills, AKillAtAnyMomentLosesNothingThatWasWrittenAndDamagesNothing) {
    constexpr int kills = 50;
    const test::TemporaryDirectory place;
    const std::string path = place.file("a.db");
    void* const shared =
        ::mmap(nullptr, sizeof(Acknowledged), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(shared, MAP_FAILED);
    auto* const told = new (shared) Acknowledged;
    std::int64_t there = 0;
    std::int64_t lost = 0;
    for (int kill = 0; kill < kills; ++kill) {
        told->given = there;
        told->written = there;
        const pid_t child = ::fork();
        if (child == 0) {
            write_until_killed(path, place.file("child log"), there + 1, *told);
        }
        // From before anything was opened to the middle of many transactions.
        const std::int64_t enough = there + (kill * 37) % 500;
        ASSERT_TRUE(eventually([&] { return told->written >= enough && (kill < 5 || told->given > there); }));
        std::this_thread::sleep_for(std::chrono::microseconds((kill * 7'919) % 10'000));
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_EQ(WTERMSIG(status), SIGKILL);
        const auto store = open_store(*StoreAddress::parse(path), StoreUse::write);
        ASSERT_TRUE(store) << store.error().text();
        const auto whole = (*store)->check();
        ASSERT_TRUE(whole) << whole.error().text();
        // Keys are 1, 2, 3 …: as many rows as the newest number means that there is no hole.
        const auto rows = static_cast<std::int64_t>(*(*store)->count(StoreTable::scores));
        const auto newest =
            test::all_rows(**store, {.table = StoreTable::scores, .newest_first = true, .limit = 1});
        ASSERT_EQ(rows, newest.empty() ? 0 : std::get<std::int64_t>(newest[0][2]));
        ASSERT_GE(rows, told->written) << "kill " << kill;
        ASSERT_LE(rows, told->given);
        lost += told->given - rows;
        there = rows;
    }
    EXPECT_GT(there, kills * 10);
    RecordProperty("rows", std::to_string(there));
    RecordProperty("given but not written", std::to_string(lost));
    ::munmap(shared, sizeof(Acknowledged));
}

}  // namespace
}  // namespace virtuoso
