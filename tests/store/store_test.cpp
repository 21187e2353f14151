// What both engines promise, asked of both.
#include "store/store.hpp"

#include "store/migration.hpp"
#include "support/postgres_server.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>

namespace virtuoso {
namespace {

using test::all_rows;
using test::sample_row;
using test::score_row;

/// One server for all tests of this process.
test::PostgresServer* server() {
    static const std::unique_ptr<test::PostgresServer> one = test::PostgresServer::start();
    return one.get();
}

class StoreContract : public testing::TestWithParam<StoreEngine> {
  protected:
    void SetUp() override {
        if (GetParam() == StoreEngine::sqlite) {
            address_ = place_.file("a store.db");
        } else if (server() == nullptr) {
            GTEST_SKIP() << "no PostgreSQL server is installed here (Debian's package postgresql)";
        } else {
            address_ = server()->new_database();
        }
        store_ = open();
        ASSERT_NE(store_, nullptr);
    }
    [[nodiscard]] StoreAddress address() const { return *StoreAddress::parse(address_); }
    [[nodiscard]] std::unique_ptr<Store> open(StoreUse use = StoreUse::write) const {
        auto opened = open_store(address(), use);
        EXPECT_TRUE(opened) << opened.error().text();
        return opened ? std::move(*opened) : nullptr;
    }
    /// Past the store, for what it does not do.
    void execute(const std::string& sql) const {
        if (GetParam() == StoreEngine::postgres) {
            const auto slash = address_.rfind("@/") + 2;
            server()->ask(address_.substr(slash, address_.find('?') - slash), sql);
            return;
        }
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(address_.c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }
    void put(StoreTable table, StoreRow row) {
        const std::vector<StoreRecord> records{{table, std::move(row)}};
        const auto done = store_->put(records);
        ASSERT_TRUE(done) << done.error().text();
    }

    test::TemporaryDirectory place_;
    std::string address_;
    std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(StoreEngine::sqlite));
INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, testing::Values(StoreEngine::postgres));

TEST_P(StoreContract, EveryTableGivesBackWhatItWasGiven) {
    for (const auto& spec : all_store_tables()) {
        const StoreRow whole = sample_row(spec.table, 4'711'000'000'000);
        StoreRow sparse = sample_row(spec.table, 5);
        for (std::size_t i = 0; i < sparse.size(); ++i) {
            if (spec.columns[i].nullable) {
                sparse[i] = std::monostate();
            }
        }
        put(spec.table, whole);
        put(spec.table, sparse);
        const auto rows = all_rows(*store_, {.table = spec.table});
        ASSERT_EQ(rows.size(), 2U) << spec.name;
        EXPECT_EQ(rows[0], sparse) << spec.name;
        EXPECT_EQ(rows[1], whole) << spec.name;
        EXPECT_EQ(*store_->count(spec.table), 2U);
    }
    const auto good = store_->check();
    EXPECT_TRUE(good) << good.error().text();
    EXPECT_GT(*store_->bytes(), 0U);
}

TEST_P(StoreContract, NumbersComeBackBitForBit) {
    const double values[] = {
        0.1, -2.5, 1e-300, std::nextafter(100.0, 0.0), 1.7976931348623157e308, 4.9406564584124654e-324};
    std::int64_t minute = 0;
    for (const double value : values) {
        put(StoreTable::scores, score_row("BTCUSDT", ++minute, value));
    }
    const auto rows = all_rows(*store_, {.table = StoreTable::scores});
    ASSERT_EQ(rows.size(), std::size(values));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(std::get<double>(rows[i][3])),
                  std::bit_cast<std::uint64_t>(values[i]));
    }
    put(StoreTable::scores, score_row("BTCUSDT", ++minute, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_EQ(all_rows(*store_, {.table = StoreTable::scores}).back()[3], StoreValue());
}

TEST_P(StoreContract, ForeignTextIsNeverPartOfAStatement) {
    const std::string hostile = R"('; DROP TABLE events; -- $1 \ " %s {})";
    StoreRow row = sample_row(StoreTable::events, 1);
    row[8] = hostile;
    row[9] = std::string("a\xff\xfe") + std::string("\0b", 2) + "\u20ac";
    put(StoreTable::events, row);
    const auto rows =
        all_rows(*store_, {.table = StoreTable::events, .where = {{"sentence", StoreValue(hostile)}}});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0][9], StoreValue(std::string("a\ufffd\ufffd\ufffdb\u20ac")));
    EXPECT_EQ(*store_->last_sequence("bybit", hostile), 0);
}

TEST_P(StoreContract, ABatchIsThereAsAWholeOrNotAtAll) {
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < 500; ++i) {
        records.push_back({StoreTable::scores, score_row("BTCUSDT", i, 50)});
    }
    records.push_back({StoreTable::events, StoreRow(3)});
    const auto refused = store_->put(records);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::store_refused);
    EXPECT_EQ(*store_->count(StoreTable::scores), 0U);
    records.pop_back();
    ASSERT_TRUE(store_->put(records));
    EXPECT_EQ(*store_->count(StoreTable::scores), 500U);
}

TEST_P(StoreContract, ARowOfTheWrongShapeIsRefusedByName) {
    StoreRow row = score_row("BTCUSDT", 1, 50);
    row[1] = std::monostate();
    std::vector<StoreRecord> records{{StoreTable::scores, row}};
    auto refused = store_->put(records);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("scores: symbol is nothing"), std::string::npos);
    records[0].row[1] = 1.5;
    refused = store_->put(records);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("symbol is of another type"), std::string::npos);
    EXPECT_FALSE(store_->select({.table = StoreTable::scores, .where = {{"nonsense", StoreValue(1.0)}}},
                                [](auto) { return true; }));
}

TEST_P(StoreContract, WhatIsPutAgainIsPassedOverOrReplaced) {
    put(StoreTable::scores, score_row("BTCUSDT", 60'000, 50));
    put(StoreTable::scores, score_row("BTCUSDT", 60'000, 70));
    const auto kept = all_rows(*store_, {.table = StoreTable::scores});
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0][3], StoreValue(50.0));
    StoreRow alert = sample_row(StoreTable::alerts, 1);
    put(StoreTable::alerts, alert);
    alert[7] = std::string("delivered");
    put(StoreTable::alerts, alert);
    const auto replaced = all_rows(*store_, {.table = StoreTable::alerts});
    ASSERT_EQ(replaced.size(), 1U);
    EXPECT_EQ(replaced[0], alert);
}

TEST_P(StoreContract, AQuestionIsAnsweredInOrderAndWithinItsLimits) {
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < 100; ++i) {
        records.push_back({StoreTable::scores, score_row(i % 2 == 0 ? "BTCUSDT" : "ETHUSDT", i / 2, 50)});
    }
    ASSERT_TRUE(store_->put(records));
    const auto times = [&](const StoreQuery& query) {
        std::string text;
        for (const auto& row : all_rows(*store_, query)) {
            text += fmt::format("{}{} ", std::get<std::string>(row[1]).substr(0, 1),
                                std::get<std::int64_t>(row[2]));
        }
        return text;
    };
    constexpr auto scores = StoreTable::scores;
    EXPECT_EQ(times({.table = scores, .since_ms = 2, .until_ms = 4}), "B2 E2 B3 E3 ");
    EXPECT_EQ(times({.table = scores, .newest_first = true, .limit = 3}), "E49 B49 E48 ");
    EXPECT_EQ(times({.table = scores,
                     .since_ms = 10,
                     .where = {{"symbol", StoreValue(std::string("ETHUSDT"))},
                               {"exchange", StoreValue(std::string("bybit"))}},
                     .limit = 2}),
              "E10 E11 ");
    EXPECT_EQ(times({.table = scores, .where = {{"symbol", StoreValue(std::string("btcusdt"))}}}), "");
}

TEST_P(StoreContract, AVisitorEndsTheAnswerAndTheStoreGoesOn) {
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        records.push_back({StoreTable::scores, score_row("BTCUSDT", i, 50)});
    }
    ASSERT_TRUE(store_->put(records));
    const auto visited = store_->select({.table = StoreTable::scores},
                                        [](auto row) { return std::get<std::int64_t>(row[2]) < 4; });
    ASSERT_TRUE(visited) << visited.error().text();
    EXPECT_EQ(*visited, 5U);
    EXPECT_EQ(*store_->count(StoreTable::scores), 20'000U);
}

TEST_P(StoreContract, RetentionRemovesTheOldestASliceAtATime) {
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < 100; ++i) {
        records.push_back({StoreTable::scores, score_row("BTCUSDT", i, 50)});
    }
    ASSERT_TRUE(store_->put(records));
    EXPECT_EQ(*store_->remove_before(StoreTable::scores, 50, 30), 30U);
    EXPECT_EQ(all_rows(*store_, {.table = StoreTable::scores, .limit = 1}).at(0)[2],
              StoreValue(std::int64_t{30}));
    EXPECT_EQ(*store_->remove_before(StoreTable::scores, 50, 30), 20U);
    EXPECT_EQ(*store_->remove_before(StoreTable::scores, 50, 30), 0U);
    EXPECT_EQ(*store_->count(StoreTable::scores), 50U);
    EXPECT_TRUE(store_->vacuum());
    EXPECT_EQ(*store_->count(StoreTable::scores), 50U);
}

TEST_P(StoreContract, SequencesAreOfOneSymbolOfOneExchange) {
    for (const std::int64_t sequence : {1, 2, 3}) {
        StoreRow row = sample_row(StoreTable::signals, sequence);
        row[0] = std::string("bybit");
        row[1] = std::string("BTCUSDT");
        row[5] = 100 - sequence;  // the newest is not the latest in time
        put(StoreTable::signals, row);
    }
    EXPECT_EQ(*store_->last_sequence("bybit", "BTCUSDT"), 3);
    EXPECT_EQ(*store_->last_sequence("bybit", "ETHUSDT"), 0);
    EXPECT_EQ(*store_->last_sequence("binance-usdm", "BTCUSDT"), 0);
}

TEST_P(StoreContract, IsThereAtTheNextStart) {
    put(StoreTable::scores, score_row("BTCUSDT", 1, 50));
    store_.reset();
    store_ = open();
    ASSERT_NE(store_, nullptr);
    EXPECT_EQ(*store_->count(StoreTable::scores), 1U);
    EXPECT_EQ(*store_->schema_version(), migrations_of(GetParam()).back().version);
}

TEST(SqliteFile, ThatIsRemovedTakesNoMoreRows) {
    const test::TemporaryDirectory place;
    const auto address = *StoreAddress::parse(place.file("kept.db"));
    auto store = open_store(address, StoreUse::write);
    ASSERT_TRUE(store);
    const StoreRecord record{StoreTable::scores, score_row("BTCUSDT", 60'000, 50)};
    ASSERT_TRUE((*store)->put({&record, 1}));
    std::filesystem::rename(place.file("kept.db"), place.file("elsewhere.db"));
    const auto put = (*store)->put({&record, 1});
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::store_open);
    EXPECT_NE(put.error().message.find("kept.db\" was removed, renamed or replaced"), std::string::npos)
        << put.error().message;
    auto reader = open_store(address, StoreUse::read);
    EXPECT_FALSE(reader) << "there is none of that name";
    EXPECT_FALSE((*store)->schema_version()) << "whoever reads sees it, too";
    auto fresh = open_store(address, StoreUse::write);
    ASSERT_TRUE(fresh) << "a new one is begun, though the old one is still open";
    EXPECT_TRUE((*fresh)->put({&record, 1}));
    EXPECT_EQ(*(*fresh)->count(StoreTable::scores), 1U);
    EXPECT_EQ(*(*store)->count(StoreTable::scores), 1U) << "what was kept before is where the file is now";
    EXPECT_TRUE((*fresh)->check());
}

TEST_P(StoreContract, SeveralAtOnceBringItUpToDateOnce) {
    std::vector<std::thread> threads;
    std::atomic<int> opened = 0;
    const std::string fresh =
        GetParam() == StoreEngine::sqlite ? place_.file("fresh.db") : server()->new_database();
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            // A writer of SQLite is refused when others take longer than its patience; it comes again.
            for (int tries = 0; tries < 200; ++tries) {
                const auto store = open_store(*StoreAddress::parse(fresh), StoreUse::write);
                if (store) {
                    ++opened;
                    return;
                }
                EXPECT_EQ(store.error().code, ErrorCode::store_busy) << store.error().text();
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(opened, 4);
}

TEST_P(StoreContract, ANewerSchemaIsRefusedWithWhatToDo) {
    store_.reset();
    execute("INSERT INTO schema_version VALUES (99, '0099_future', 'x')");
    for (const auto use : {StoreUse::write, StoreUse::read, StoreUse::inspect}) {
        const auto opened = open_store(address(), use);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, ErrorCode::store_schema);
        EXPECT_NE(opened.error().message.find("version 99"), std::string::npos) << opened.error().message;
        EXPECT_NE(opened.error().message.find("use the version"), std::string::npos);
    }
}

TEST_P(StoreContract, AnotherHistoryOfTheSchemaIsRefused) {
    store_.reset();
    execute("UPDATE schema_version SET hash = 'another'");
    const auto opened = open_store(address(), StoreUse::write);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::store_schema);
    EXPECT_NE(opened.error().message.find("another"), std::string::npos);
}

TEST_P(StoreContract, AnOlderSchemaIsNotReadButBroughtUpToDate) {
    const std::string fresh =
        GetParam() == StoreEngine::sqlite ? place_.file("empty.db") : server()->new_database();
    if (GetParam() == StoreEngine::sqlite) {
        sqlite3* made = nullptr;
        ASSERT_EQ(sqlite3_open(fresh.c_str(), &made), SQLITE_OK);
        ASSERT_EQ(sqlite3_exec(made, "VACUUM", nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(made);
    }
    const auto place = *StoreAddress::parse(fresh);
    const auto refused = open_store(place, StoreUse::read);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::store_schema) << refused.error().text();
    EXPECT_NE(refused.error().message.find("virtuoso db migrate"), std::string::npos);
    ASSERT_TRUE(open_store(place, StoreUse::inspect));
    ASSERT_TRUE(open_store(place, StoreUse::write));
    EXPECT_TRUE(open_store(place, StoreUse::read));
}

TEST_P(StoreContract, AReaderChangesNothing) {
    const auto reader = open(StoreUse::read);
    ASSERT_NE(reader, nullptr);
    put(StoreTable::scores, score_row("BTCUSDT", 1, 50));
    EXPECT_EQ(*reader->count(StoreTable::scores), 1U);
    const std::vector<StoreRecord> records{{StoreTable::scores, score_row("BTCUSDT", 2, 50)}};
    EXPECT_FALSE(reader->put(records));
    EXPECT_EQ(*store_->count(StoreTable::scores), 1U);
}

TEST_P(StoreContract, ATableThatIsNotOursIsFound) {
    execute("ALTER TABLE overview DROP COLUMN gainers");
    const auto whole = store_->check();
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().code, ErrorCode::store_schema) << whole.error().text();
    EXPECT_NE(whole.error().message.find("overview"), std::string::npos);
}

TEST_P(StoreContract, ALongAnswerCanBeInterrupted) {
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        records.push_back({StoreTable::scores, score_row("BTCUSDT", i, 50)});
    }
    ASSERT_TRUE(store_->put(records));
    const auto visited = store_->select({.table = StoreTable::scores}, [&](auto) {
        store_->interrupt();
        return true;
    });
    // A server may have sent all of it by then.
    EXPECT_TRUE(visited || visited.error().code == ErrorCode::store_busy) << visited.error().text();
    EXPECT_EQ(*store_->count(StoreTable::scores), 20'000U);
}

}  // namespace
}  // namespace virtuoso
