// Commodity channel index.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <cmath>
#include <optional>

namespace virtuoso {

/// Lambert 1980, CCI(20) with the constant 0.015: (typical − mean) / (0.015 · mean absolute deviation).
/// Zero for a flat window. O(period).
class Cci {
  public:
    static constexpr std::size_t period = 20;

    void update(const Bar& bar) noexcept { window_.push(bar.typical()); }

    [[nodiscard]] std::optional<double> value() const noexcept {
        if (!window_.full()) {
            return std::nullopt;
        }
        double sum = 0;
        for (std::size_t age = period; age-- > 0;) {
            sum += window_.newest(age);
        }
        const double mean = sum / static_cast<double>(period);
        double deviation = 0;
        for (std::size_t age = period; age-- > 0;) {
            deviation += std::fabs(window_.newest(age) - mean);
        }
        deviation /= static_cast<double>(period);
        const double distance = window_.newest(0) - mean;
        return deviation > 0 ? distance / (0.015 * deviation) : 0.0;
    }

  private:
    RollingWindow<double, period> window_;
};

}  // namespace virtuoso
