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
    LiveService live({.stall_ns = 300'000'000});
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

TEST(Service, WhatEveryShardIsToldReachesLaterLivesToo) {
    LiveService live({.symbols = 6});
    live.start();
    const std::set<std::string, std::less<>> deep{"BTCUSDT", "ETHUSDT"};
    live.service().shards().tell_all([deep](ShardSession& session) { session.set_deep(deep); });
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

}  // namespace

}  // namespace virtuoso
