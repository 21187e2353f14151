#include "service/evaluation_schedule.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <map>

namespace virtuoso {

namespace {

constexpr std::int64_t ms = 1'000'000;

TEST(EvaluationSchedule, WhatChangesIsDueOnceItsIntervalIsOver) {
    EvaluationSchedule schedule;
    schedule.add(3, 250 * ms, {1'000 * ms});
    EXPECT_TRUE(schedule.changed(3, {1'000 * ms}, {1'001 * ms}));
    EXPECT_EQ(schedule.evaluated(3, {1'001 * ms}), LocalTime{1'000 * ms});
    EXPECT_FALSE(schedule.changed(3, {1'100 * ms}, {1'100 * ms}));
    EXPECT_FALSE(schedule.changed(3, {1'200 * ms}, {1'200 * ms}));
    EXPECT_EQ(schedule.next_waiting({1'250 * ms}), std::nullopt);
    EXPECT_EQ(schedule.next_waiting({1'251 * ms}), 3U);
    EXPECT_EQ(schedule.evaluated(3, {1'251 * ms}), LocalTime{1'100 * ms});
    EXPECT_EQ(schedule.evaluated(3, {1'252 * ms}), std::nullopt);
}

TEST(EvaluationSchedule, SilenceIsEvaluatedTooButSeldom) {
    EvaluationSchedule schedule;
    schedule.add(0, 250 * ms, {0});
    static_cast<void>(schedule.evaluated(0, {0}));
    EXPECT_EQ(schedule.next_waiting({4'999 * ms}), std::nullopt);
    EXPECT_EQ(schedule.next_waiting({5'000 * ms}), 0U);
}

TEST(EvaluationSchedule, WhatIsNotFollowedIsNeverDue) {
    EvaluationSchedule schedule;
    schedule.add(1, 250 * ms, {0});
    EXPECT_FALSE(schedule.changed(0, {0}, {10'000 * ms}));
    EXPECT_FALSE(schedule.changed(9, {0}, {10'000 * ms}));
    schedule.remove(1);
    EXPECT_FALSE(schedule.changed(1, {0}, {10'000 * ms}));
    EXPECT_EQ(schedule.next_waiting({20'000 * ms}), std::nullopt);
}

// Whatever traffic does: nobody more often than its interval, everybody who changed within it and one sweep,
// and never more at once than the one who asks takes.
TEST(EvaluationSchedule, ForAnyTrafficIntervalsHoldAndNobodyIsForgotten) {
    constexpr std::size_t symbols = 40;
    constexpr std::int64_t interval = 200 * ms;
    constexpr int taken_at_once = 5;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SeededRandom random(seed);
        EvaluationSchedule schedule;
        for (std::size_t symbol = 0; symbol < symbols; ++symbol) {
            schedule.add(symbol, interval, {0});
        }
        std::map<std::size_t, LocalTime> last;
        std::map<std::size_t, LocalTime> changed;
        const auto evaluate = [&](std::size_t symbol, LocalTime now) {
            if (last.contains(symbol)) {
                EXPECT_GE(now - last[symbol], interval);
            }
            EXPECT_EQ(schedule.evaluated(symbol, now), changed[symbol]);
            last[symbol] = now;
            changed.erase(symbol);
        };
        for (std::int64_t tick = 0; tick < 1'000; ++tick) {
            const LocalTime now{tick * 5 * ms};
            for (std::uint64_t i = random.below(12); i > 0; --i) {
                const std::size_t symbol = random.below(symbols);
                changed.try_emplace(symbol, now);
                if (schedule.changed(symbol, now, now)) {
                    evaluate(symbol, now);
                }
            }
            for (int i = 0; i < taken_at_once; ++i) {
                if (const auto symbol = schedule.next_waiting(now)) {
                    evaluate(*symbol, now);
                }
            }
            for (const auto& [symbol, since] : changed) {
                // An interval, and a sweep over all of them at five each 5 ms.
                EXPECT_LE(now - since, interval + 40 * ms) << "seed " << seed;
            }
        }
    }
}

}  // namespace

}  // namespace virtuoso
