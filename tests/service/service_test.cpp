// The service over real sockets: it becomes whole, survives what its shards do, and ends without a trace.
#include "service/service.hpp"

#include "support/live_service.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

namespace virtuoso {

namespace {

using test::LiveService;

std::size_t entries(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        static_cast<void>(entry);
        ++count;
    }
    return count;
}

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Service, BecomesWholeAndKeepsTheLatestResultOfEverySymbol) {
    LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    const auto results = live.service().results().all();
    ASSERT_EQ(results.size(), 6U);
    for (const auto& result : results) {
        EXPECT_TRUE(result->confluence.score) << result->symbol;
        EXPECT_EQ(result->confluence.present, component_count) << result->symbol;
    }
    const KeptResult first = live.service().results().read("BTCUSDT");
    ASSERT_TRUE(first.result);
    EXPECT_EQ(first.reads, 1U);
    EXPECT_EQ(words_of(*first.result).interpretations.size(), component_count);
    EXPECT_TRUE(test::eventually(
        [&] { return live.service().results().read("BTCUSDT").result->number > first.result->number; }));
    EXPECT_EQ(first.result->symbol, "BTCUSDT") << "what a reader holds stays as it was";
}

TEST(Service, EndsInTimeAndLeavesNoThreadAndNoSocket) {
    std::thread([] {}).join();  // a sanitizer's own thread begins with the first one
    const std::size_t threads = entries("/proc/self/task");
    const std::size_t descriptors = entries("/proc/self/fd");
    {
        LiveService live({.symbols = 20});
        live.start();
        ASSERT_TRUE(live.becomes_whole());
        EXPECT_GT(entries("/proc/self/task"), threads + 2);
        const ServiceEnd end = live.service().stop();
        EXPECT_EQ(end.shards_left, 0U);
        EXPECT_LT(end.took_ns, 2'000'000'000);
    }
    EXPECT_EQ(entries("/proc/self/task"), threads);
    EXPECT_EQ(entries("/proc/self/fd"), descriptors);
}

TEST(Service, AShardThatThrowsIsMadeAnewAndTheSymbolsAreWholeAgain) {
    const test::TemporaryDirectory place;
    LiveService live({.log_file = place.file("log")});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    live.service().shards().shards().front()->post(
        [](ShardSession&) { throw std::runtime_error("a fault of its own"); });
    ASSERT_TRUE(live.becomes([](const ServiceHealth& health) { return !health.live; }));
    ASSERT_TRUE(live.becomes_whole());
    EXPECT_EQ(live.service().shards().replaced(), 1U);
    EXPECT_EQ(live.service().shards().shards().front()->life(), 1U);
    EXPECT_TRUE(test::eventually(
        [&] { return content(place.file("log")).find("a fault of its own") != std::string::npos; }));
}

TEST(Service, AShardThatHangsIsReplacedAndTakenBackWhenItReturns) {
    LiveService live({.stall_ns = 2'000'000'000});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    const std::size_t threads = entries("/proc/self/task");
    std::atomic<bool> let_go = false;
    live.service().shards().shards().front()->post([&](ShardSession&) {
        while (!let_go) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    ASSERT_TRUE(live.becomes([&](const ServiceHealth&) { return live.service().shards().replaced() == 1; }));
    ASSERT_TRUE(live.becomes_whole());
    EXPECT_EQ(entries("/proc/self/task"), threads + 1) << "the old thread hangs";
    let_go = true;
    EXPECT_TRUE(live.becomes([&](const ServiceHealth&) { return entries("/proc/self/task") == threads; }));
}

TEST(Service, AnExchangeThatVanishesMakesItUnreadyAndNothingElse) {
    LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    live.lose_exchange();
    ASSERT_TRUE(live.becomes([](const ServiceHealth& health) { return !health.ready; }));
    const ServiceHealth health = live.service().health(100);
    EXPECT_TRUE(health.live);
    EXPECT_FALSE(health.why_not_ready.empty());
    EXPECT_EQ(live.service().stop().shards_left, 0U);
}

TEST(Service, TheMostTradedAreDeepAndStaySoInALaterLife) {
    LiveService live({.symbols = 6, .deep = 2});
    live.start();
    const auto two_deep = [](const ServiceHealth& health) {
        return health.deep == 2 && health.deep_whole == 2;
    };
    ASSERT_TRUE(live.becomes(two_deep));
    live.service().shards().shards().front()->post([](ShardSession&) { throw std::runtime_error("once"); });
    ASSERT_TRUE(live.becomes([&](const ServiceHealth&) { return live.service().shards().replaced() == 1; }));
    ASSERT_TRUE(live.becomes([&](const ServiceHealth& health) {
        return live.service().shards().shards().front()->life() == 1 && two_deep(health) && health.whole == 6;
    }));
}

TEST(Service, SeveralShardsShareTheSymbolsAndOneMarket) {
    LiveService live({.symbols = 12, .shards = 3, .deep = 5});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    std::set<std::string> names;
    std::size_t all = 0;
    for (const auto& status : live.service().hub().statuses()) {
        EXPECT_GT(status->symbols, 0U) << status->shard;
        all += status->names.size();
        names.insert(status->names.begin(), status->names.end());
    }
    EXPECT_EQ(all, 12U);
    EXPECT_EQ(names.size(), 12U);
    EXPECT_TRUE(live.becomes([](const ServiceHealth& health) { return health.deep == 5; }));
    const auto overview = live.service().desk().overview();
    ASSERT_TRUE(overview);
    EXPECT_EQ(overview->total, 12U);
    EXPECT_EQ(overview->gainers + overview->losers + overview->unchanged, 12U);
}

TEST(Service, TheKeeperRunsAtTheStartAndWhenItIsAsked) {
    LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    const auto run = live.service().keeper().run_now();
    ASSERT_TRUE(run);
    EXPECT_TRUE(run->asked_for);
    EXPECT_TRUE(run->error.empty()) << run->error;
    EXPECT_GT(run->after.resident, 0U);
    const KeeperReport report = live.service().keeper().report(10);
    EXPECT_EQ(report.count, 2U);
    EXPECT_EQ(report.runs.size(), 2U);
    EXPECT_FALSE(report.runs.front().asked_for);
}

// The keeper is not held up by what holds everything else up, and says so.
TEST(Service, AKeeperRunWithoutItsShardFailsAndTheNextOneComes) {
    LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    std::atomic<bool> let_go = false;
    live.service().shards().shards().front()->post([&](ShardSession&) {
        while (!let_go) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    const auto failed = live.service().keeper().run_now();
    let_go = true;
    ASSERT_TRUE(failed);
    EXPECT_NE(failed->error.find("1 of 1 shards did not answer"), std::string::npos) << failed->error;
    const auto next = live.service().keeper().run_now();
    ASSERT_TRUE(next);
    EXPECT_TRUE(next->error.empty()) << next->error;
    const auto events = live.service().desk().events({.kinds = {EventKind::keeper_trouble}});
    EXPECT_EQ(events.events.size(), 1U);
}

}  // namespace

}  // namespace virtuoso
