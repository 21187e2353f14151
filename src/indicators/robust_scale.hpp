// Median and median absolute deviation of a history.
#pragma once

#include "indicators/median.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace virtuoso {

/// Robust z = (v − median) / (1.4826 · MAD), clamped to ±6 (Hampel 1974).
struct RobustScale {
    static constexpr std::size_t samples_min = 20;

    double median = 0;
    double deviation = 0;  ///< 1.4826 · MAD, above zero

    /// nullopt below 20 values and when more than half of them are equal. O(n); reorders `values`.
    [[nodiscard]] static std::optional<RobustScale> of(std::vector<double>& values) {
        if (values.size() < samples_min) {
            return std::nullopt;
        }
        const double median = median_of<double>(values);
        for (double& value : values) {
            value = std::fabs(value - median);
        }
        const double deviation = 1.4826 * median_of<double>(values);
        return deviation > 0 ? std::optional(RobustScale{median, deviation}) : std::nullopt;
    }
    [[nodiscard]] double z(double value) const noexcept {
        return std::clamp((value - median) / deviation, -6.0, 6.0);
    }
};

}  // namespace virtuoso
