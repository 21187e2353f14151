#include "service/latency_histogram.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace virtuoso {

namespace {

TEST(LatencyHistogram, BoundsRiseFromTenMicrosecondsToTenSeconds) {
    EXPECT_EQ(LatencyHistogram::bounds_ns.front(), 10'000);
    EXPECT_EQ(LatencyHistogram::bounds_ns.back(), 10'000'000'000);
    EXPECT_TRUE(std::ranges::is_sorted(LatencyHistogram::bounds_ns, std::less_equal{}));
}

TEST(LatencyHistogram, QuantilesLieInTheBucketOfTheTrueOne) {
    SeededRandom random(7);
    LatencyHistogram histogram;
    std::vector<std::int64_t> values;
    for (int i = 0; i < 5'000; ++i) {
        const auto value = static_cast<std::int64_t>(random.below(20'000'000'000) >> random.below(20));
        values.push_back(value);
        histogram.add(value);
    }
    std::ranges::sort(values);
    for (const double share : {0.01, 0.5, 0.9, 0.99}) {
        const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
        const std::int64_t truth = std::min(values[at], LatencyHistogram::bounds_ns.back());
        const auto above = std::ranges::lower_bound(LatencyHistogram::bounds_ns, truth);
        const double low =
            above == LatencyHistogram::bounds_ns.begin() ? 0 : static_cast<double>(*(above - 1));
        EXPECT_GE(histogram.quantile_ns(share), low) << share;
        EXPECT_LE(histogram.quantile_ns(share), static_cast<double>(*above)) << share;
    }
    EXPECT_EQ(histogram.count(), values.size());
}

TEST(LatencyHistogram, SumsAddUpAndNegativesCountAsNothing) {
    LatencyHistogram a;
    LatencyHistogram b;
    a.add(5'000);
    b.add(-3);
    b.add(100'000'000'000);
    a.add(b);
    EXPECT_EQ(a.count(), 3U);
    EXPECT_EQ(a.sum_ns(), 100'000'005'000);
    EXPECT_EQ(a.counts().front(), 2U);
    EXPECT_EQ(a.counts().back(), 1U);
    EXPECT_EQ(LatencyHistogram{}.quantile_ns(0.5), 0);
}

}  // namespace

}  // namespace virtuoso
