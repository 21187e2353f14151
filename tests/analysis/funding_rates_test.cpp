// Funding intervals that change.
#include "analysis/funding_rates.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'700'006'400'000;

BoundedRing<FundingPoint> points_after(const std::vector<int>& gaps_hours, std::int64_t jitter_ms = 0) {
    BoundedRing<FundingPoint> points(300);
    std::int64_t time = start_ms;
    points.push({{time}, 0.0001});
    for (std::size_t i = 0; i < gaps_hours.size(); ++i) {
        time += gaps_hours[i] * ms_per_hour;
        points.push({{time + (i % 2 == 0 ? jitter_ms : -jitter_ms)}, 0.0001});
    }
    return points;
}

TEST(FundingRates, EveryRateHasTheIntervalOfItsOwnTime) {
    EXPECT_EQ(funding_intervals(points_after({8, 8, 4, 4, 1, 1})),
              (std::vector<int>{480, 480, 480, 240, 240, 60, 60}));
    EXPECT_EQ(funding_intervals(points_after({1, 1, 8, 8}, 900)), (std::vector<int>{60, 60, 60, 480, 480}));
}

TEST(FundingRates, AHoleIsNoChange) {
    EXPECT_EQ(funding_intervals(points_after({4, 4, 8, 4, 4})),
              (std::vector<int>{240, 240, 240, 240, 240, 240}));
    EXPECT_EQ(funding_intervals(points_after({8, 8, 24, 8})), (std::vector<int>{480, 480, 480, 480, 480}));
}

TEST(FundingRates, TheExchangesOwnWordCounts) {
    auto points = points_after({8, 8, 8});
    points[2].interval_minutes = 60;
    EXPECT_EQ(funding_intervals(points), (std::vector<int>{480, 480, 60, 480}));
}

TEST(FundingRates, BehindAHoleOfDaysTheNeighboursTell) {
    EXPECT_EQ(funding_intervals(points_after({4, 4, 73})), (std::vector<int>{240, 240, 240, 240}));
    EXPECT_EQ(funding_intervals(points_after({4, 4, 73, 1})), (std::vector<int>{240, 240, 240, 60, 60}));
    EXPECT_EQ(funding_intervals(points_after({73, 73})), (std::vector<int>{480, 480, 480}));
}

TEST(FundingRates, WithoutNeighboursTheUsualIntervalIsTaken) {
    EXPECT_EQ(funding_intervals(points_after({})), std::vector<int>{usual_funding_minutes});
    EXPECT_TRUE(funding_intervals(BoundedRing<FundingPoint>(4)).empty());
}

// Runs of equal intervals, of any length from three: each point is read with the interval it was paid for.
TEST(FundingRates, AnyRunsOfIntervalsAreToldApart) {
    constexpr std::array hours{1, 2, 4, 8};
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededRandom random(seed);
        std::vector<int> gaps;
        for (std::uint64_t run = 0; run < 1 + random.below(5); ++run) {
            const int length = hours[random.below(hours.size())];
            gaps.insert(gaps.end(), 3 + random.below(20), length);
        }
        const auto intervals = funding_intervals(points_after(gaps, 40));
        for (std::size_t i = 0; i < gaps.size(); ++i) {
            EXPECT_EQ(intervals[i + 1], gaps[i] * 60) << seed << " at " << i;
        }
    }
}

TEST(FundingRates, EightHoursOfAnHourlyRateAreEightTimesIt) {
    EXPECT_DOUBLE_EQ(eight_hour_rate(-0.0006, 60), -0.0048);
    EXPECT_DOUBLE_EQ(eight_hour_rate(0.0001, 480), 0.0001);
}

}  // namespace
}  // namespace virtuoso
