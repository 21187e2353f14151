// The service over real sockets: it becomes whole, survives what its shards do, and ends without a trace.
#include "service/service.hpp"

#include "service/memory_relief.hpp"
#include "support/live_service.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
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

/// Gives the status.
int command_exchange(LiveService& live, const std::string& target) {
    const auto url = *Url::parse(live.exchange().rest_url(), "rest");
    const auto transport = *AsioTransport::create(
        {.rest = url, .stream = url, .authority_pem = live.exchange().certificate_pem()}, live.clock());
    std::optional<Result<HttpAnswer>> answer;
    transport->get({.target = target, .posted = ""},
                   [&](Result<HttpAnswer> came) { answer = std::move(came); });
    while (!answer) {
        transport->run_for(10);
    }
    return answer->value_or(HttpAnswer{}).status;
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

// A run of the memory keeper waits five seconds for its shards; an end does not wait for the run.
TEST(Service, EndsInTimeWhileTheKeeperWaitsForAShardThatHangs) {
    LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    std::atomic<bool> hangs = false;
    std::atomic<bool> let_go = false;
    live.service().shards().shards().front()->post([&](ShardSession&) {
        hangs = true;
        while (!let_go) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    ASSERT_TRUE(test::eventually([&] { return hangs.load(); }));
    const std::uint64_t run = live.service().keeper().ask();
    ASSERT_TRUE(test::eventually([&] { return !live.service().keeper().report(1).asked_for; })) << run;
    const ServiceEnd end = live.service().stop();
    EXPECT_EQ(end.shards_left, 1U);
    EXPECT_LT(end.took_ns, 4'500'000'000);
    let_go = true;
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

// With a limit at 80 % of what it needs the service goes on: it gives up what it may in the stated order,
// says so wherever one looks, and has it again when there is room.
TEST(Service, MemoryThatRunsOutLeavesTheDeepSymbolsAsTheyAre) {
    const test::TemporaryDirectory place;
    LiveService live({.symbols = 12, .log_file = place.file("log"), .shards = 2, .deep = 4});
    live.start();
    ASSERT_TRUE(live.becomes(
        [](const ServiceHealth& health) { return health.ready && health.whole == 12 && health.deep == 4; }));
    MemoryKeeper& keeper = live.service().keeper();
    ASSERT_TRUE(keeper.run_now()) << "what its beginning left is returned";
    const std::uint64_t need = keeper.report(0).memory.resident;
    keeper.set({.memory_limit = need / 10 * 8});
    std::vector<std::int64_t> intervals;
    for (int i = 0; i < 6; ++i) {
        const auto run = keeper.run_now();
        ASSERT_TRUE(run);
        ASSERT_EQ(run->error, "");
        ASSERT_EQ(run->pressure, MemoryPressure::hard);
        intervals.push_back(keeper.report(0).interval_ms / 1'000);
    }
    EXPECT_TRUE(std::ranges::is_sorted(intervals, std::greater{}));
    EXPECT_GE(intervals.front(), 75) << "in steps";
    EXPECT_EQ(intervals.back(), 30);
    const KeeperReport report = keeper.report(100);
    const auto shedding =
        std::ranges::find_if(report.runs, [](const KeeperRun& run) { return run.shed.symbols.front() > 0; });
    ASSERT_NE(shedding, report.runs.end());
    const auto times = [&](ShedStage stage) { return report.shed.symbols[static_cast<std::size_t>(stage)]; };
    EXPECT_EQ(times(ShedStage::untracked_history), 8U) << "once, and none of the deep ones";
    EXPECT_EQ(times(ShedStage::untracked_symbol), 8U);
    EXPECT_EQ(times(ShedStage::tracked_history), 4U);
    EXPECT_TRUE(shedding->shed.is_short) << "what the program itself needs is more";
    EXPECT_EQ(report.given_up, 12U);
    ASSERT_TRUE(live.becomes([&](const ServiceHealth& health) {
        return health.ready && health.symbols == 4 && health.whole == 4 && health.deep_whole == 4 &&
               live.service().results().size() == 4;
    }));
    for (const auto& result : live.service().results().all()) {
        EXPECT_TRUE(result->deep) << result->symbol;
        EXPECT_EQ(result->confluence.present, component_count) << result->symbol;
    }
    const ServiceHealth health = live.service().health(100);
    const auto part = std::ranges::find(health.parts, "keeper", &PartHealth::name);
    ASSERT_NE(part, health.parts.end());
    EXPECT_FALSE(part->good);
    EXPECT_NE(part->detail.find("12 symbols gave up what they held"), std::string::npos) << part->detail;
    const auto events = live.service().desk().events({.kinds = {EventKind::keeper_trouble}});
    ASSERT_FALSE(events.events.empty());
    EXPECT_EQ(events.events.front().event->severity, EventSeverity::critical);
    EXPECT_TRUE(test::eventually([&] {
        return content(place.file("log")).find("gave up 8 histories of untracked symbols") !=
               std::string::npos;
    }));
    // Room again.
    keeper.set({.memory_limit = need * 10});
    const auto run = keeper.run_now();
    ASSERT_TRUE(run);
    EXPECT_EQ(run->shed.restored, 12U);
    EXPECT_EQ(run->pressure, MemoryPressure::normal);
    EXPECT_EQ(keeper.report(0).interval_ms, 60'000);
    for (const std::int64_t wanted : {120'000, 240'000, 480'000, 600'000, 600'000}) {
        ASSERT_TRUE(keeper.run_now());
        EXPECT_EQ(keeper.report(0).interval_ms, wanted);
    }
    EXPECT_TRUE(live.becomes([&](const ServiceHealth& now) {
        return now.whole == 12 && std::ranges::all_of(live.service().results().all(), [](const auto& result) {
                   return result->confluence.present == component_count;
               });
    }));
}

// The first stage costs histories of symbols that are not deep, the least traded first, and nothing else.
TEST(Service, HistoriesAreGivenUpLeastTradedFirstAndReadAgain) {
    LiveService live({.symbols = 12, .shards = 2, .deep = 4});
    live.start();
    ASSERT_TRUE(live.becomes(
        [](const ServiceHealth& health) { return health.ready && health.whole == 12 && health.deep == 4; }));
    std::vector<std::pair<double, std::string>> by_turnover;
    for (const auto& result : live.service().results().all()) {
        if (!result->deep) {
            by_turnover.emplace_back(result->turnover_24h.value_or(0), result->symbol);
        }
    }
    std::ranges::sort(by_turnover);
    ASSERT_EQ(by_turnover.size(), 8U);
    MemoryRelief relief(live.service().shards(), {});
    for (std::size_t i = 0; i < by_turnover.size(); ++i) {
        const ShedSummary step = relief.give_up(1);
        ASSERT_EQ(step.symbols, (std::array<std::size_t, shed_stages.size()>{1, 0, 0, 0}));
        const std::string& first = step.first.front().front();
        EXPECT_TRUE(i > 0 || first == by_turnover[0].second || first == by_turnover[1].second) << first;
    }
    EXPECT_EQ(relief.given_up(), 8U);
    ASSERT_TRUE(live.becomes([&](const ServiceHealth& health) {
        return health.whole == 4 && health.deep_whole == 4 && health.ready;
    }));
    EXPECT_TRUE(live.service().health(100).live);
    for (const auto& result : live.service().results().all()) {
        EXPECT_TRUE(result->confluence.score || result->confluence.partial_score) << result->symbol;
        EXPECT_EQ(result->history_given_up, !result->deep) << result->symbol;
        EXPECT_EQ(result->confluence.present == component_count, result->deep) << result->symbol;
    }
    EXPECT_EQ(relief.give_back(std::numeric_limits<std::size_t>::max()), 8U);
    ASSERT_TRUE(live.becomes_whole());
    EXPECT_TRUE(live.becomes([&](const ServiceHealth&) {
        return std::ranges::all_of(live.service().results().all(), [](const auto& result) {
            return result->confluence.present == component_count;
        });
    }));
}

TEST(Service, RunsThatAreAskedForBeforeOneBeginsAreOne) {
    LiveService live({});
    MemoryKeeper& keeper = live.service().keeper();
    EXPECT_FALSE(keeper.find(1).known);
    const std::uint64_t number = keeper.ask();
    EXPECT_EQ(keeper.ask(), number);
    EXPECT_TRUE(keeper.find(number).known);
    EXPECT_FALSE(keeper.find(number).over);
    live.start();
    ASSERT_TRUE(test::eventually([&] { return keeper.find(number).over; }));
    ASSERT_TRUE(keeper.find(number).run);
    EXPECT_EQ(keeper.find(number).run->number, number);
    EXPECT_TRUE(keeper.find(number).run->asked_for);
    EXPECT_EQ(keeper.report(0).count, 1U);
    EXPECT_FALSE(keeper.find(number + 1).known);
    EXPECT_FALSE(keeper.find(0).known);
}

TEST(Service, AFeedThatIsLostAndFoundIsToldWithItsEnd) {
    LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    ASSERT_EQ(command_exchange(live, "/admin/disconnect"), 200);
    const auto trouble = [&] {
        return live.service().desk().events({.kinds = {EventKind::feed_trouble}}).events;
    };
    ASSERT_TRUE(test::eventually([&] { return trouble().size() >= 2; }));
    EXPECT_EQ(trouble()[0].event->phase, EventPhase::begin);
    EXPECT_EQ(trouble()[0].event->severity, EventSeverity::critical);
    EXPECT_EQ(trouble()[1].event->phase, EventPhase::end);
    EXPECT_EQ(trouble().size(), 2U) << "and of no symbol";
}

TEST(Service, AShardThatWasMadeAnewIsToldWithItsEnd) {
    LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    live.service().shards().shards().front()->post([](ShardSession&) { throw std::runtime_error("once"); });
    const auto trouble = [&] {
        return live.service().desk().events({.kinds = {EventKind::shard_trouble}}).events;
    };
    ASSERT_TRUE(live.becomes([&](const ServiceHealth&) { return trouble().size() >= 2; }));
    EXPECT_EQ(trouble()[0].event->phase, EventPhase::begin);
    EXPECT_EQ(trouble()[1].event->phase, EventPhase::end);
}

}  // namespace

}  // namespace virtuoso
