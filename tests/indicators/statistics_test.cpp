#include "indicators/held_average.hpp"
#include "indicators/robust_scale.hpp"
#include "indicators/rolling_median.hpp"
#include "indicators/running_statistics.hpp"
#include "indicators/trailing_quantile.hpp"
#include "indicators/trailing_scale.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <random>
#include <span>
#include <string>
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

// With α alone the first value would weigh half of everything for hours.
TEST(RunningStatistics, AYoungHistoryWeighsItsValuesAlike) {
    RunningStatistics statistics(2'160);
    double sum = 0;
    double square = 0;
    for (int i = 0; i < 200; ++i) {
        const double value = i == 0 ? 1'000 : 10 + i % 7;
        statistics.update(value);
        sum += value;
        square += value * value;
    }
    EXPECT_NEAR(statistics.mean(), sum / 200, 1e-9);
    EXPECT_NEAR(statistics.deviation(), std::sqrt(square / 200 - sum * sum / 40'000), 1e-6);
}

/// The value of rank ⌈p·n⌉ of the last `window` values.
double exact_quantile(std::span<const double> values, double probability, std::size_t window) {
    const auto last = values.last(std::min(window, values.size()));
    std::vector<double> sorted(last.begin(), last.end());
    std::sort(sorted.begin(), sorted.end());
    const auto rank = static_cast<std::size_t>(std::ceil(probability * static_cast<double>(sorted.size())));
    return sorted[rank - 1];
}

/// Feeds all values and holds the estimate against the exact quantile every `step`.
void expect_near_exact(std::span<const double> values, std::size_t window, std::size_t step,
                       const std::string& what) {
    TrailingQuantile quantile(0.95, window);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        quantile.update(values[i]);
        if (i % step == step - 1 && quantile.value()) {
            const double exact = exact_quantile(values.first(i + 1), 0.95, window);
            ASSERT_NEAR(*quantile.value(), exact, 0.02 * exact) << what << " after " << i + 1;
            ASSERT_GE(*quantile.value(), exact) << what << ": equal values are not above their own quantile";
            ++compared;
        }
    }
    EXPECT_GT(compared, 10U) << what;
}

TEST(TrailingQuantile, IsWithinTwoPercentOfTheExactOneWhateverTheTails) {
    std::mt19937_64 random(2);
    std::exponential_distribution<double> exponential(1);
    std::cauchy_distribution<double> cauchy(0, 1);
    std::lognormal_distribution<double> lognormal(4, 2.5);
    std::vector<double> thin;
    std::vector<double> pareto;
    std::vector<double> infinite;
    std::vector<double> broad;
    std::vector<double> regimes;
    std::vector<double> lots;
    for (int i = 0; i < 30'000; ++i) {
        thin.push_back(exponential(random));
        pareto.push_back(std::pow(1 - std::generate_canonical<double, 53>(random), -1 / 1.1));
        infinite.push_back(std::fabs(cauchy(random)) + 1e-3);
        broad.push_back(lognormal(random));
        regimes.push_back(exponential(random) * (i / 3'000 % 2 == 0 ? 1 : 5'000));
        lots.push_back(100.0 * static_cast<double>(1 + random() % 3));
    }
    for (const std::size_t window : {std::size_t{500}, std::size_t{10'000}}) {
        expect_near_exact(thin, window, 97, "exponential");
        expect_near_exact(pareto, window, 97, "Pareto");
        expect_near_exact(infinite, window, 97, "Cauchy");
        expect_near_exact(broad, window, 97, "lognormal");
        expect_near_exact(regimes, window, 97, "sizes that jump");
        expect_near_exact(lots, window, 97, "few distinct sizes");
    }
}

TEST(TrailingQuantile, TakesAnyNumber) {
    TrailingQuantile quantile(0.95, 200);
    for (const double value : {0.0, -1.0, 5e-324, 1e-9, 1e300, std::numeric_limits<double>::infinity()}) {
        for (int i = 0; i < 150; ++i) {
            quantile.update(value);
        }
        ASSERT_TRUE(quantile.value());
        EXPECT_TRUE(std::isfinite(*quantile.value())) << value;
    }
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
    EXPECT_NEAR(*quantile.value(), 1'000, 16);
    for (int i = 0; i < 1'000; ++i) {
        quantile.update(1 + i % 3);
    }
    EXPECT_NEAR(*quantile.value(), 2, 0.04) << "exactly the window";
}

TEST(Median, OfAnEvenNumberIsTheMeanOfTheMiddleTwo) {
    std::vector<double> four{4, 1, 3, 2};
    EXPECT_EQ(median_of<double>(four), 2.5);
    std::vector<double> three{9, 1, 5};
    EXPECT_EQ(median_of<double>(three), 5);
    std::vector<double> one{7};
    EXPECT_EQ(median_of<double>(one), 7);
    std::vector<double> values;
    for (int i = 0; i < 20; ++i) {
        values.push_back(i < 10 ? 0 : 10);
    }
    const auto scale = RobustScale::of(values);
    ASSERT_TRUE(scale);
    EXPECT_EQ(scale->median, 5);
}

TEST(TrailingScale, IsTheRootMeanSquareOfTheLastDay) {
    TrailingScale scale;
    const std::int64_t begin = 1'717'588'800'000;
    for (int i = 0; i < 19; ++i) {
        scale.add({begin + i * 30'000}, i % 2 == 0 ? 3 : -4);
        EXPECT_FALSE(scale.value()) << "one block is no scale";
    }
    scale.add({begin + 600'000}, -4);
    EXPECT_NEAR(*scale.value(), std::sqrt(12.5), 1e-12) << "around zero: the sign does not matter";
    for (int i = 0; i < 20; ++i) {
        scale.add({begin + ms_per_day + ms_per_hour + i * 30'000}, 1);
    }
    EXPECT_NEAR(*scale.value(), 1, 1e-12) << "a day later the first ones are forgotten";
}

TEST(HeldAverage, WeighsEachSecondByWhatHeldInIt) {
    HeldAverage<1> average;
    average.add({0}, {10});
    EXPECT_FALSE(average.mean({15'000})) << "10 s of stillness, then silence";
    average.add({10'000}, {40});
    average.add({10'500}, {900});  // not the first of its second
    average.add({19'000}, {10});
    ASSERT_TRUE(average.mean({19'900}));
    EXPECT_NEAR(average.mean({19'900})->values[0], (10 * 10 + 9 * 40 + 10) / 20.0, 1e-12);
    average.release();
    EXPECT_NEAR(average.mean({22'000})->values[0], (10 * 10 + 9 * 40 + 10) / 20.0, 1e-12) << "nothing holds";
    EXPECT_FALSE(average.mean({40'000}));
    EXPECT_EQ(average.mean({22'000})->seconds, 20) << "as many as are known";
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
            const std::size_t middle = sorted.size() / 2;
            const double median =
                sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            ASSERT_EQ(rolling.median(), median) << "after " << i << " of " << distinct;
        }
    }
}

}  // namespace
}  // namespace virtuoso
