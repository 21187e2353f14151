// Alerts that were not delivered when their process was killed.
#include "service/kept_alerts.hpp"

#include "service/alert_desk.hpp"
#include "service/store_writer.hpp"
#include "support/alert_samples.hpp"
#include "support/socket_server.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace virtuoso {
namespace {

using namespace std::chrono_literals;
using test::long_signal;
using test::message_of;

constexpr std::int64_t ns_per_ms = 1'000'000;

class AlertClock final : public Clock {
  public:
    [[nodiscard]] LocalTime now() const override {
        return {std::chrono::duration_cast<std::chrono::nanoseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count()};
    }
};

/// Counts the keys that it is sent.
class KeyReceiver final : public ServerHandler {
  public:
    ServerAnswer answer(const ServerRequest& request) override {
        const std::lock_guard lock(mutex_);
        ++keys_[std::string(header_named(request.headers, "Idempotency-Key"))];
        return {.http = {.status = 204, .headers = {}, .body = {}}, .delay_ms = 0};
    }
    [[nodiscard]] bool streams_at(std::string_view) const noexcept override { return false; }
    void join(ServerPeer&, std::string_view) override {}
    void leave(ServerPeer&) override {}
    void receive(ServerPeer&, std::string_view) override {}
    [[nodiscard]] std::map<std::string, int> keys() const {
        const std::lock_guard lock(mutex_);
        return keys_;
    }

  private:
    mutable std::mutex mutex_;
    std::map<std::string, int> keys_;
};

bool comes_true(const std::function<bool()>& holds) {
    for (int i = 0; i < 10'000; ++i) {
        if (holds()) {
            return true;
        }
        std::this_thread::sleep_for(2ms);
    }
    return false;
}

AlertMessage message(const std::string& symbol, LocalTime made) {
    AlertMessage made_one = message_of({long_signal(symbol)});
    made_one.made = {made.ns / ns_per_ms * ns_per_ms};
    return made_one;
}

std::set<std::string> keys_of(Store& store, const std::string& state) {
    std::set<std::string> keys;
    for (const auto& row :
         test::all_rows(store, {.table = StoreTable::alerts, .where = {{"state", state}}})) {
        keys.insert(std::get<std::string>(row.at(0)));
    }
    return keys;
}

std::unique_ptr<Store> store_at(const std::string& path) {
    return *open_store(*StoreAddress::parse(path), StoreUse::write);
}

/// Everything goes to its store at once.
class KeptDesk {
  public:
    KeptDesk(const std::string& folder, Store& store, std::uint16_t port)
        : log_(*ServiceLog::open({.file = folder + "/log"})),
          desk_(*AlertDesk::make(
              *AlertSetup::parse({fmt::format("team: webhook url=http://127.0.0.1:{}/in", port)},
                                 {"r: kind=signal side=long"}),
              test::environment_of({}), *log_, clock_)) {
        desk_->keep_with(
            [this, &store](StoreRecord record) {
                const std::lock_guard lock(mutex_);
                EXPECT_TRUE(store.put({&record, 1}));
            },
            "bybit");
        EXPECT_TRUE(desk_->restore(store, "bybit"));
        desk_->start();
    }
    [[nodiscard]] AlertDesk& desk() { return *desk_; }

  private:
    AlertClock clock_;
    std::unique_ptr<ServiceLog> log_;
    std::mutex mutex_;
    std::unique_ptr<AlertDesk> desk_;
};

struct Told {
    std::atomic<std::int64_t> written{0};
};

[[noreturn]] void put_until_killed(const std::string& path, const std::string& log_path, int round,
                                   Told& told) {
    const auto log = *ServiceLog::open({.file = log_path});
    const AlertClock clock;
    StoreWriter writer([&] { return open_store(*StoreAddress::parse(path), StoreUse::write); }, nullptr,
                       {.pause = 1ms}, *log, clock);
    writer.on_written([&](std::span<const StoreRecord> records) {
        told.written += static_cast<std::int64_t>(records.size());
    });
    MemoryOutbox box;
    box.listen([&](const OutboxChange& change) {
        writer.put({StoreTable::alerts, alert_row(change, "bybit")});
    });
    writer.start();
    for (int i = 0;; ++i) {
        box.put(message(fmt::format("S{}X{}", round, i), clock.now()), clock.now());
        std::this_thread::sleep_for(500us);
    }
}

// Nothing else runs here while it forks.
TEST(KeptAlerts, AKillLosesNoneThatWasWrittenAndTheNextProcessSendsThemWithTheSameKeys) {
    const test::TemporaryDirectory place;
    const std::string path = place.file("a.db");
    void* const shared =
        ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(shared, MAP_FAILED);
    auto* const told = new (shared) Told;
    for (int round = 0; round < 5; ++round) {
        told->written = 0;
        const pid_t child = ::fork();
        if (child == 0) {
            put_until_killed(path, place.file("child log"), round, *told);
        }
        ASSERT_TRUE(comes_true([&] { return told->written >= 20 * round + 1; }));
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        const auto store = store_at(path);
        const auto waiting = keys_of(*store, "waiting");
        ASSERT_GE(static_cast<std::int64_t>(waiting.size()), told->written.load());
        KeyReceiver receiver;
        const test::RunningServer server(receiver, {});
        KeptDesk next(place.path().string(), *store, server.server->port());
        EXPECT_TRUE(comes_true([&] { return next.desk().counts().outbox.delivered >= waiting.size(); }));
        next.desk().stop(1'000);
        const auto received = receiver.keys();
        EXPECT_EQ(received.size(), waiting.size());
        for (const auto& [key, times] : received) {
            EXPECT_TRUE(waiting.contains(key));
            EXPECT_EQ(times, 1);
        }
        EXPECT_TRUE(keys_of(*store, "waiting").empty());
    }
    ::munmap(shared, sizeof(Told));
}

TEST(KeptAlerts, WhatWaitsWhenTheServiceEndsGoesOnWithItsAttempts) {
    const test::TemporaryDirectory place;
    const auto store = store_at(place.file("a.db"));
    NotableEvent event;
    event.kind = EventKind::signal_change;
    event.symbol = "BTCUSDT";
    event.time = {1'000};
    event.add("side", 1);
    event.say("BTCUSDT is LONG now");
    {
        KeptDesk away(place.path().string(), *store, 1);  // nobody listens there
        away.desk().note(event);
        ASSERT_TRUE(comes_true([&] { return away.desk().counts().outbox.failed >= 1; }));
        away.desk().stop(0);
    }
    const auto kept = *read_alerts(*store, "bybit", AlertClock().now().ns / ns_per_ms);
    ASSERT_EQ(kept.waiting.size(), 1U);
    EXPECT_GE(kept.waiting[0].attempts, 1U);
    EXPECT_GT(kept.waiting[0].next_try.ns, kept.waiting[0].message.made.ns);
    EXPECT_EQ(read_alerts(*store, "sim", 0)->waiting.size(), 0U) << "another exchange's";
    KeyReceiver receiver;
    const test::RunningServer server(receiver, {});
    KeptDesk back(place.path().string(), *store, server.server->port());
    ASSERT_TRUE(comes_true([&] { return back.desk().counts().outbox.delivered == 1; }));
    back.desk().note(event);
    EXPECT_EQ(back.desk().counts().outbox.known, 1U) << "the same occurrence is the same alert";
    back.desk().stop(1'000);
    EXPECT_EQ(receiver.keys(), (std::map<std::string, int>{{kept.waiting[0].message.key, 1}}));
    EXPECT_EQ(keys_of(*store, "delivered"), (std::set<std::string>{kept.waiting[0].message.key}));
}

TEST(KeptAlerts, WhatNobodyCanDeliverAnyMoreIsGivenUpWithItsReason) {
    const test::TemporaryDirectory place;
    const auto store = store_at(place.file("a.db"));
    const LocalTime now = AlertClock().now();
    AlertMessage old = message("OLDUSDT", {now.ns - 2 * ms_per_hour * ns_per_ms});
    AlertMessage homeless = message("BTCUSDT", now);
    homeless.sink = "gone";
    for (AlertMessage* const one : {&old, &homeless}) {
        const OutboxEntry entry{.message = *one, .attempts = 0, .next_try = now};
        const StoreRecord record{StoreTable::alerts,
                                 alert_row({.entry = entry, .at = now, .reason = {}}, "bybit")};
        ASSERT_TRUE(store->put({&record, 1}));
    }
    StoreRow broken = test::sample_row(StoreTable::alerts, 1);
    broken.at(4) = std::string("bybit");
    broken.at(7) = std::string("waiting");
    const StoreRecord record{StoreTable::alerts, broken};
    ASSERT_TRUE(store->put({&record, 1}));
    KeptDesk desk(place.path().string(), *store, 1);
    EXPECT_EQ(desk.desk().counts().outbox.waiting, 0U);
    EXPECT_EQ(desk.desk().counts().outbox.dead, 2U);
    desk.desk().stop(0);
    std::string reasons;
    for (const auto& row :
         test::all_rows(*store, {.table = StoreTable::alerts, .where = {{"state", std::string("dead")}}})) {
        reasons += std::get<std::string>(row.at(10)) + "\n";
    }
    EXPECT_NE(reasons.find("within an hour"), std::string::npos) << reasons;
    EXPECT_NE(reasons.find("not configured any more"), std::string::npos) << reasons;
}

TEST(KeptAlerts, ARowReadsBackAsTheSameAlert) {
    const test::TemporaryDirectory place;
    const auto store = store_at(place.file("a.db"));
    const AlertMessage whole = message("BTCUSDT", {1'717'322'400'123 * ns_per_ms});
    const OutboxEntry entry{.message = whole, .attempts = 3, .next_try = {1'717'322'500'000 * ns_per_ms}};
    const StoreRecord record{StoreTable::alerts,
                             alert_row({.entry = entry, .at = {}, .reason = "HTTP 500"}, "bybit")};
    ASSERT_TRUE(store->put({&record, 1}));
    const auto kept = *read_alerts(*store, "bybit", 1'717'322'400'000);
    ASSERT_EQ(kept.waiting.size(), 1U);
    EXPECT_EQ(alert_json(kept.waiting[0].message), alert_json(whole));
    EXPECT_EQ(kept.waiting[0].message.key, whole.key);
    EXPECT_EQ(kept.waiting[0].message.sink, "team");
    EXPECT_EQ(kept.waiting[0].attempts, 3U);
    EXPECT_EQ(kept.waiting[0].next_try.ns, entry.next_try.ns);
}

}  // namespace
}  // namespace virtuoso
