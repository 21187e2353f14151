// Spearman's rank correlation with a block-bootstrap interval.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace virtuoso {

/// A statistic with its 95 % interval.
struct Estimate {
    std::size_t samples = 0;
    double value = 0;
    double low = 0;
    double high = 0;
};

/// Ranks from 0, equal values share the mean of theirs. O(n), a radix sort.
[[nodiscard]] std::vector<float> ranks_of(std::span<const float> values);

/// Spearman: 0 when one side does not vary.
/// Information coefficient of `score` against `outcome`: pairs with a NaN are left out. The interval comes
/// from 500 resamples of blocks of consecutive pairs (Künsch 1989), at least `block_min` long and at most
/// 1000 blocks, so that overlapping returns do not count as independent; ranks are those of the whole sample.
/// Below ten blocks the interval is −1…1. The seed repeats it. O(n + 500 · blocks).
[[nodiscard]] Estimate rank_correlation(std::span<const float> score, std::span<const float> outcome,
                                        std::size_t block_min, std::uint64_t seed);

/// Mean with an interval of the same kind.
[[nodiscard]] Estimate bootstrap_mean(std::span<const double> values, std::size_t block_min,
                                      std::uint64_t seed);

struct Interval {
    double low = 0;
    double high = 1;
};

/// Wilson 1927 score interval of a share, 95 %. `trials` may be fractional: the effective number.
[[nodiscard]] Interval wilson_interval(double share, double trials) noexcept;

}  // namespace virtuoso
