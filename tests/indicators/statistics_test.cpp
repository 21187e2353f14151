#include "indicators/rolling_median.hpp"
#include "indicators/running_statistics.hpp"
#include "indicators/trailing_quantile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

namespace virtuoso {
namespace {

TEST(RunningStatistics, SpeaksAfterTwentySamplesWithSpread) {
    RunningStatistics same(100);
    RunningStatistics mixed(100);
    for (int i = 0; i < 19; ++i) {
        same.update(3);
        mixed.update(i % 2);
    }
    EXPECT_FALSE(mixed.z(1));
    same.update(3);
    mixed.update(1);
    EXPECT_FALSE(same.z(4)) << "no spread, no judgement";
    ASSERT_TRUE(mixed.z(1));
    EXPECT_GT(*mixed.z(1), 0);
    EXPECT_LT(*mixed.z(0), 0);
}

TEST(RunningStatistics, ApproachesMeanAndDeviationOfItsInput) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal(10, 2);
    RunningStatistics statistics(2'000);
    for (int i = 0; i < 50'000; ++i) {
        statistics.update(normal(random));
    }
    EXPECT_NEAR(statistics.mean(), 10, 0.3);
    EXPECT_NEAR(*statistics.z(14), 2, 0.3);
}

TEST(P2Quantile, IsNearTheExactQuantile) {
    std::mt19937_64 random(2);
    std::exponential_distribution<double> exponential(1);
    P2Quantile estimate(0.95);
    std::vector<double> values;
    for (int i = 0; i < 20'000; ++i) {
        values.push_back(exponential(random));
        estimate.update(values.back());
    }
    std::sort(values.begin(), values.end());
    EXPECT_NEAR(*estimate.value(), values[19'000], 0.1 * values[19'000]);
}

TEST(P2Quantile, OfEqualValuesIsThatValue) {
    P2Quantile estimate(0.5);
    EXPECT_FALSE(estimate.value());
    for (int i = 0; i < 100; ++i) {
        estimate.update(7);
    }
    EXPECT_DOUBLE_EQ(*estimate.value(), 7);
}

TEST(TrailingQuantile, ForgetsWhatIsOlderThanItsWindow) {
    TrailingQuantile quantile(0.5, 1'000);
    for (int i = 0; i < 99; ++i) {
        quantile.update(1'000);
    }
    EXPECT_FALSE(quantile.value()) << "too few values";
    for (int i = 0; i < 5'000; ++i) {
        quantile.update(1'000);
    }
    EXPECT_NEAR(*quantile.value(), 1'000, 1e-9);
    for (int i = 0; i < 2'000; ++i) {
        quantile.update(1 + i % 3);
    }
    EXPECT_LE(*quantile.value(), 3);
}

TEST(RollingMedian, IsTheMedianOfTheLastValuesWhateverComes) {
    std::mt19937_64 random(7);
    for (const int distinct : {1, 3, 1'000'000}) {  // with every number of equal values
        RollingMedian<50> rolling;
        std::deque<double> window;
        for (int i = 0; i < 5'000; ++i) {
            const double value =
                static_cast<double>(random() % static_cast<unsigned>(distinct)) - distinct / 2.0;
            rolling.push(value);
            window.push_back(value);
            if (window.size() > 50) {
                window.pop_front();
            }
            std::vector<double> sorted(window.begin(), window.end());
            std::sort(sorted.begin(), sorted.end());
            ASSERT_EQ(rolling.size(), window.size());
            ASSERT_EQ(rolling.median(), sorted[sorted.size() / 2]) << "after " << i << " of " << distinct;
        }
    }
}

}  // namespace
}  // namespace virtuoso
