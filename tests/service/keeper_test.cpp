// The memory keeper: when it runs, what it knows of the memory, what it says, and what it would give up.
#include "base/seeded_random.hpp"
#include "base/unicode.hpp"
#include "service/keeper_run.hpp"
#include "service/keeper_schedule.hpp"
#include "service/memory_shedding.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace virtuoso {
namespace {

MemoryReading at_share(double share) {
    return {.resident = static_cast<std::uint64_t>(share * 1e9),
            .limit = 1'000'000'000,
            .source = MemoryLimitSource::cgroup};
}

TEST(KeeperSchedule, RunsAtItsBeginningAndThenEveryInterval) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        SeededRandom random(seed);
        SteadyTime now{static_cast<std::int64_t>(random.below(1'000'000'000))};
        const SteadyTime begin = now;
        KeeperSchedule schedule({}, now);
        EXPECT_TRUE(schedule.due(now));
        for (std::uint64_t run = 0; run < 500; ++run) {
            // A timer that is up to a second late, a run that takes up to a second.
            now = schedule.next_at().after_ms(static_cast<std::int64_t>(random.below(1'000)));
            ASSERT_TRUE(schedule.due(now));
            const auto start = schedule.begin(now);
            ASSERT_EQ(start.number, run + 1);
            ASSERT_LT(start.late_ms, 1'000);
            ASSERT_LE(std::abs(now.ms_since(begin) - static_cast<std::int64_t>(run) * 600'000), 1'000)
                << "no drift";
            now = now.after_ms(static_cast<std::int64_t>(random.below(1'000)));
            ASSERT_FALSE(schedule.due(now));
            schedule.end(now, at_share(0.3));
        }
    }
}

// Whatever holds it up, runs do not pile up, and their lateness is told.
TEST(KeeperSchedule, WhatIsLateIsMeasuredAndNotMadeGood) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SeededRandom random(seed);
        SteadyTime now{};
        KeeperSchedule schedule({}, now);
        SteadyTime last{-1'000'000'000'000'000};
        for (int run = 0; run < 100; ++run) {
            const auto late =
                static_cast<std::int64_t>(random.below(2) == 0 ? random.below(900) : random.below(7'200'000));
            now = schedule.next_at().after_ms(late);
            ASSERT_GE(now.ms_since(last), 599'000) << "seed " << seed;
            ASSERT_EQ(schedule.begin(now).late_ms, late);
            last = now;
            schedule.end(now.after_ms(20), at_share(0.1));
            ASSERT_LE(schedule.next_at().ms_since(now), 600'000);
        }
    }
}

TEST(KeeperSchedule, ARunThatIsAskedForMovesTheSchedule) {
    KeeperSchedule schedule({}, {});
    static_cast<void>(schedule.begin({}));
    schedule.end(SteadyTime{}.after_ms(5), at_share(0.1));
    const SteadyTime asked = SteadyTime{}.after_ms(100'000);
    EXPECT_FALSE(schedule.due(asked));
    EXPECT_EQ(schedule.begin(asked).late_ms, 0);
    schedule.end(asked, at_share(0.1));
    EXPECT_EQ(schedule.next_at(), asked.after_ms(600'000));
    EXPECT_EQ(schedule.runs(), 2U);
}

TEST(KeeperSchedule, ShortensUnderPressureAndLengthensAgain) {
    SteadyTime now{};
    KeeperSchedule schedule({}, now);
    const auto intervals = [&](double share, int runs) {
        std::vector<std::int64_t> seconds;
        for (int i = 0; i < runs; ++i) {
            now = schedule.next_at();
            static_cast<void>(schedule.begin(now));
            schedule.end(now, at_share(share));
            seconds.push_back(schedule.next_at().ms_since(now) / 1'000);
        }
        return seconds;
    };
    EXPECT_EQ(intervals(0.79, 2), (std::vector<std::int64_t>{600, 600}));
    EXPECT_EQ(intervals(0.81, 6), (std::vector<std::int64_t>{300, 150, 75, 37, 30, 30}));
    EXPECT_EQ(intervals(0.76, 2), (std::vector<std::int64_t>{30, 30})) << "it is not over yet";
    EXPECT_EQ(schedule.pressure(), MemoryPressure::soft);
    EXPECT_EQ(intervals(0.74, 6), (std::vector<std::int64_t>{60, 120, 240, 480, 600, 600}));
    EXPECT_EQ(schedule.pressure(), MemoryPressure::normal);
}

TEST(KeeperSchedule, DoesNotWaitForTheIntervalWhenThePressureRises) {
    SteadyTime now{};
    KeeperSchedule schedule({}, now);
    static_cast<void>(schedule.begin(now));
    schedule.end(now, at_share(0.3));
    schedule.observe(now.after_ms(10'000), at_share(0.5));
    EXPECT_EQ(schedule.next_at(), now.after_ms(600'000));
    schedule.observe(now.after_ms(20'000), at_share(0.85));
    EXPECT_EQ(schedule.next_at(), now.after_ms(300'000));
    for (int i = 0; i < 20; ++i) {
        schedule.observe(now.after_ms(21'000), at_share(0.85));
    }
    EXPECT_EQ(schedule.next_at(), now.after_ms(300'000)) << "it did not rise any more";
    schedule.observe(now.after_ms(22'000), at_share(0.95));
    EXPECT_EQ(schedule.next_at(), now.after_ms(30'000));
    EXPECT_EQ(schedule.pressure(), MemoryPressure::hard);
    schedule.observe(now.after_ms(23'000), {});
    EXPECT_EQ(schedule.pressure(), MemoryPressure::normal) << "without a limit there is no pressure";
}

// Noise below the hysteresis changes the state once at most, and states follow their marks.
TEST(MemoryPressureMarks, DoNotFlicker) {
    const PressureMarks marks;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
        SeededRandom random(seed);
        const double share = 0.6 + 0.5 * random.uniform();
        MemoryPressure state = MemoryPressure::normal;
        int changes = 0;
        for (int i = 0; i < 200; ++i) {
            const auto now = pressure_of(share + 0.049 * (random.uniform() - 0.5), state, marks);
            changes += i > 0 && now != state ? 1 : 0;
            state = now;
        }
        EXPECT_LE(changes, 1);
    }
    EXPECT_EQ(pressure_of(0.8, MemoryPressure::normal, marks), MemoryPressure::soft);
    EXPECT_EQ(pressure_of(0.92, MemoryPressure::normal, marks), MemoryPressure::hard);
    EXPECT_EQ(pressure_of(0.86, MemoryPressure::hard, marks), MemoryPressure::soft);
    EXPECT_EQ(pressure_of(0.1, MemoryPressure::hard, marks), MemoryPressure::normal);
}

TEST(KeeperSchedule, NewOptionsHoldFromTheNextRunOn) {
    KeeperSchedule schedule({}, {});
    static_cast<void>(schedule.begin({}));
    schedule.end({}, at_share(0.1));
    schedule.set({.interval_ms = 60'000}, SteadyTime{}.after_ms(10'000));
    EXPECT_EQ(schedule.next_at(), SteadyTime{}.after_ms(60'000));
    schedule.set({.interval_ms = 5'000}, SteadyTime{}.after_ms(10'000));
    EXPECT_EQ(schedule.next_at(), SteadyTime{}.after_ms(10'000)) << "overdue by then";
}

constexpr std::string_view status =
    "Name:\tvirtuoso\nUmask:\t0022\nState:\tS (sleeping)\nVmPeak:\t 1234567 kB\nVmRSS:\t  385642 "
    "kB\nRssAnon:\t  1 kB\n";
constexpr std::string_view meminfo =
    "MemTotal:       16384256 kB\nMemFree:         1021340 kB\nMemAvailable:   12001220 kB\n";

TEST(MemoryReading, ReadsTheKernelsTexts) {
    EXPECT_EQ(resident_from_status(status), 385'642U * 1'024U);
    EXPECT_EQ(machine_memory_from(meminfo), 16'384'256ULL * 1'024ULL);
    EXPECT_EQ(cgroup_path_from("0::/system.slice/virtuoso.service\n"), "/system.slice/virtuoso.service");
    EXPECT_EQ(cgroup_path_from("12:memory:/docker/abc\n1:name=systemd:/x\n0::/docker/abc\n"), "/docker/abc");
    EXPECT_EQ(cgroup_path_from("0::/\n"), "/");
    EXPECT_EQ(cgroup_path_from("0::/user.slice (deleted)\n"), "/user.slice");
    EXPECT_EQ(cgroup_limit_from("536870912\n"), 536'870'912U);
    EXPECT_EQ(cgroup_limit_from("max\n"), std::nullopt);
}

TEST(MemoryReading, WhatIsNotOfTheFormIsNothing) {
    const std::string zero("0::/a\0b", 7);
    for (const std::string_view text :
         {std::string_view{}, std::string_view("VmRSS:"), std::string_view("VmRSS: kB"),
          std::string_view("VmRSS: -1 kB"), std::string_view("VmRSS: 12 MB"),
          std::string_view("VmRSS: 99999999999999999999 kB"),
          std::string_view("VmRSS: 18446744073709551615 kB"), std::string_view("XVmRSS: 1 kB"),
          std::string_view("VmRSS: 1 2 kB"), std::string_view("\xff\xfe\n\n\n"),
          std::string_view("VmRSS: 0x10 kB")}) {
        EXPECT_EQ(resident_from_status(text), std::nullopt) << text;
        EXPECT_EQ(machine_memory_from(text), std::nullopt) << text;
        EXPECT_EQ(cgroup_path_from(text), std::nullopt) << text;
        EXPECT_EQ(cgroup_limit_from(text), std::nullopt) << text;
    }
    for (const std::string_view text :
         {std::string_view("0::relative"), std::string_view("0::/../../etc"), std::string_view("0::/a/.."),
          std::string_view("1:memory:/x"), std::string_view(zero)}) {
        EXPECT_EQ(cgroup_path_from(text), std::nullopt) << text;
    }
    for (const std::string_view text : {"12 34", "1e9", "-5", "99999999999999999999", "maximum"}) {
        EXPECT_EQ(cgroup_limit_from(text), std::nullopt) << text;
    }
}

class Files {
  public:
    std::map<std::string, std::string> texts{{"/proc/self/status", std::string(status)},
                                             {"/proc/meminfo", std::string(meminfo)}};
    FileReader reader = [this](const std::string& path) {
        const auto found = texts.find(path);
        return found == texts.end() ? std::nullopt : std::optional(found->second);
    };
};

TEST(MemoryReading, TheLeastLimitOfTheHierarchyHolds) {
    Files files;
    EXPECT_EQ(read_memory(files.reader).source, MemoryLimitSource::machine);
    files.texts["/proc/self/cgroup"] = "0::/a/b/c\n";
    files.texts["/sys/fs/cgroup/a/b/c/memory.max"] = "max\n";
    EXPECT_EQ(read_memory(files.reader).source, MemoryLimitSource::machine);
    files.texts["/sys/fs/cgroup/a/memory.max"] = "2000000000\n";
    EXPECT_EQ(read_memory(files.reader).limit, 2'000'000'000U);
    EXPECT_EQ(read_memory(files.reader).source, MemoryLimitSource::cgroup);
    files.texts["/sys/fs/cgroup/a/b/memory.max"] = "1000000000\n";
    EXPECT_EQ(read_memory(files.reader).limit, 1'000'000'000U);
    files.texts["/sys/fs/cgroup/a/b/c/memory.high"] = "900000000\n";
    EXPECT_EQ(read_memory(files.reader).limit, 900'000'000U);
    files.texts["/sys/fs/cgroup/memory.max"] = "800000000\n";
    EXPECT_EQ(read_memory(files.reader).limit, 800'000'000U) << "a namespace's own root";
    EXPECT_NEAR(read_memory(files.reader).share(), 385'642.0 * 1'024 / 8e8, 1e-9);
    EXPECT_EQ(read_memory(files.reader, 700'000'000).source, MemoryLimitSource::told);
    EXPECT_EQ(read_memory(files.reader, 700'000'000).limit, 700'000'000U);
    files.texts = {{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/memory.max", "5\n"}};
    EXPECT_EQ(read_memory(files.reader).limit, 5U);
    files.texts.clear();
    EXPECT_EQ(read_memory(files.reader).source, MemoryLimitSource::none);
    EXPECT_EQ(read_memory(files.reader).share(), 0.0);
}

TEST(MemoryReading, ThisProcessHasSome) {
    const MemoryReading reading = read_memory(read_system_file);
    EXPECT_GT(reading.resident, 1'000'000U);
    EXPECT_GT(reading.limit, reading.resident);
    EXPECT_EQ(read_system_file("/nonexistent/file"), std::nullopt);
}

TEST(KeeperRun, SaysWhatItDidInOneLine) {
    KeeperRun run{.number = 12, .duration_ms = 3};
    run.before = {.resident = 394'900'000, .limit = 2'000'000'000, .source = MemoryLimitSource::cgroup};
    run.after = {.resident = 394'800'000, .limit = 2'000'000'000, .source = MemoryLimitSource::cgroup};
    EXPECT_EQ(log_line(run),
              "Memory cleanup 12: 0 candles trimmed, 0 open-interest points trimmed, 0 objects freed, memory "
              "394.9 MB "
              "→ 394.8 MB, took 0.003 s, 20 % of 2000.0 MB (cgroup)");
    run.yield = {.candles = 5, .open_interest = 4, .trades = 3, .others = 2, .objects = 1};
    run.pressure = MemoryPressure::hard;
    run.shed.add({.stage = ShedStage::untracked_history, .symbol = "AUSDT", .bytes = 700'000});
    run.shed.add({.stage = ShedStage::untracked_history, .symbol = "BUSDT", .bytes = 500'000});
    run.shed.add({.stage = ShedStage::untracked_tape, .symbol = "AUSDT", .bytes = 100'000});
    run.shed.is_short = true;
    run.after.limit = 0;
    EXPECT_EQ(
        log_line(run),
        "Memory cleanup 12: 5 candles trimmed, 4 open-interest points trimmed, 1 objects freed, memory "
        "394.9 MB "
        "→ 394.8 MB, took 0.003 s, 3 trades and 2 others trimmed, pressure hard; run 12: gave up 2 "
        "histories of untracked symbols (AUSDT, BUSDT) and 1 tape of untracked symbols (AUSDT), 1.3 MB, less "
        "than is wanted");
    run.shed = {.restored = 3};
    run.pressure = MemoryPressure::normal;
    EXPECT_EQ(trouble_of(run), std::nullopt);
    EXPECT_NE(log_line(run).find("3 symbols have again what they gave up"), std::string::npos)
        << log_line(run);
}

TEST(KeeperRun, TroubleIsFailingBeingLateAndTakingLong) {
    EXPECT_EQ(trouble_of({.number = 1, .late_ms = 5'000, .duration_ms = 1'000}), std::nullopt);
    EXPECT_EQ(trouble_of({.number = 2, .late_ms = 5'001}), "run 2: was 5.0 s late");
    EXPECT_EQ(trouble_of({.number = 3, .duration_ms = 1'110}), "run 3: took 1.11 s");
    KeeperRun failed{.number = 4, .late_ms = 7'000};
    failed.error = "no memory\n\x1b[31m";
    EXPECT_EQ(trouble_of(failed), fmt::format("run 4: failed: {}; was 7.0 s late", printable(failed.error)));
    EXPECT_EQ(printable(log_line(failed)), log_line(failed));
}

TEST(KeeperHistory, KeepsTheLastThousandAndCountsAll) {
    KeeperHistory history;
    for (std::uint64_t number = 1; number <= 2'500; ++number) {
        KeeperRun run{.number = number,
                      .late_ms = number % 10 == 0 ? 6'000 : 0,
                      .duration_ms = number % 100 == 0 ? 1'500 : 2};
        run.yield.candles = number % 2;
        run.error = number % 500 == 0 ? "x" : "";
        history.add(std::move(run));
    }
    EXPECT_EQ(history.runs().size(), KeeperHistory::runs_max);
    EXPECT_EQ(history.runs().front().number, 1'501U);
    EXPECT_EQ(history.count(), 2'500U);
    EXPECT_EQ(history.failed(), 5U);
    EXPECT_EQ(history.late(), 250U);
    EXPECT_EQ(history.slow(), 25U);
    EXPECT_EQ(history.idle(), 1'245U);
    EXPECT_EQ(history.yield().candles, 1'250U);
    EXPECT_EQ(history.durations().count(), 2'500U);
    EXPECT_EQ(history.durations().sum_ns() / 1'000'000, 25 * 1'500 + 2'475 * 2);
}

TEST(Shedding, FreesWhatIsWantedInTheStatedOrder) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededRandom random(seed);
        std::vector<ShedCandidate> candidates;
        std::size_t all = 0;
        std::map<std::string, ShedCandidate> by_name;
        for (std::uint64_t i = random.below(40); i > 0; --i) {
            ShedCandidate one{.symbol = fmt::format("S{}", i),
                              .tracked = random.below(3) == 0,
                              .turnover = static_cast<double>(random.below(8)),
                              .history_bytes = random.below(3) * 100,
                              .tape_bytes = random.below(3) * 10,
                              .other_bytes = random.below(3) * 50};
            all += one.history_bytes + (one.tracked ? 0 : one.tape_bytes + one.other_bytes);
            by_name[one.symbol] = one;
            candidates.push_back(one);
        }
        const std::size_t wanted = random.below(6'000);
        const auto steps = choose_shedding(candidates, wanted);
        std::size_t freed = 0;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            ASSERT_LT(freed, wanted) << "no step too many";
            ASSERT_GT(steps[i].bytes, 0U);
            const ShedCandidate& candidate = by_name[steps[i].symbol];
            ASSERT_EQ(candidate.tracked, steps[i].stage == ShedStage::tracked_history) << "they come last";
            if (i > 0) {
                const ShedCandidate& before = by_name[steps[i - 1].symbol];
                ASSERT_TRUE(steps[i - 1].stage < steps[i].stage ||
                            (steps[i - 1].stage == steps[i].stage &&
                             (before.turnover < candidate.turnover ||
                              (before.turnover == candidate.turnover && before.symbol < candidate.symbol))));
            }
            freed += steps[i].bytes;
        }
        ASSERT_TRUE(freed >= wanted || freed == all) << "all there is, where it does not suffice";
    }
}

// Names are for people: a run that gave up a thousand symbols' histories is as small as any other.
TEST(Shedding, ASummaryNamesTheFirstAndCountsAll) {
    ShedSummary summary;
    for (int i = 0; i < 1'000; ++i) {
        summary.add({.stage = ShedStage::untracked_history, .symbol = fmt::format("S{}", i), .bytes = 1'000});
    }
    EXPECT_EQ(summary.text(), "gave up 1000 histories of untracked symbols (S0, S1, S2, S3, S4 …), 1.0 MB");
    EXPECT_EQ(summary.first[0].size(), ShedSummary::named_max);
    EXPECT_EQ(ShedSummary{}.text(), "");
    EXPECT_TRUE(ShedSummary{}.nothing());
    EXPECT_FALSE(ShedSummary{.is_short = true}.nothing());
}

TEST(Shedding, EveryStageHasItsWords) {
    ShedSummary summary;
    for (const ShedStage stage : shed_stages) {
        summary.add({.stage = stage, .symbol = "AUSDT", .bytes = 100'000});
    }
    EXPECT_EQ(
        summary.text(),
        "gave up 1 history of untracked symbols (AUSDT) and 1 tape of untracked symbols (AUSDT) and 1 "
        "untracked symbol whole (AUSDT) and 1 older half of a tracked symbol's history (AUSDT), 0.4 MB");
    EXPECT_EQ(name_of(ShedStage::untracked_symbol), "untracked_symbol");
    EXPECT_EQ(name_of(ShedStage::tracked_history), "tracked_history");
}

TEST(Shedding, WhatIsHadAgainIsTheMostTradedAndFits) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededRandom random(seed);
        std::vector<ShedStep> given_up;
        for (std::uint64_t i = random.below(40); i > 0; --i) {
            given_up.push_back({.stage = shed_stages[random.below(shed_stages.size())],
                                .symbol = fmt::format("S{}", i),
                                .turnover = static_cast<double>(random.below(8)),
                                .bytes = 1 + random.below(100)});
        }
        const std::size_t room = random.below(2'000);
        const auto chosen = choose_restoring(given_up, room);
        std::size_t taken = 0;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            taken += chosen[i].bytes;
            const auto comes_before = [](const ShedStep& a, const ShedStep& b) {
                return std::tuple(b.stage, b.turnover, std::string_view(a.symbol)) <
                       std::tuple(a.stage, a.turnover, std::string_view(b.symbol));
            };
            ASSERT_TRUE(i == 0 || comes_before(chosen[i - 1], chosen[i])) << "what went last comes first";
        }
        ASSERT_LE(taken, room);
        ASSERT_TRUE(chosen.size() == given_up.size() || taken + 100 > room) << "all that fits";
    }
}

TEST(Shedding, WantsWhatIsOverTheMark) {
    EXPECT_EQ(bytes_to_shed(900, 1'000, 0.8), 100U);
    EXPECT_EQ(bytes_to_shed(800, 1'000, 0.8), 0U);
    EXPECT_EQ(bytes_to_shed(900, 0, 0.8), 0U) << "without a limit nothing";
}

}  // namespace
}  // namespace virtuoso
