// Volume against its recent norm.
#pragma once

#include "indicators/rolling_window.hpp"

#include <optional>

namespace virtuoso {

/// Volume of the newest bar over the mean of the 30 before it. nullopt before 31 bars and without
/// volume. O(30).
class RelativeVolume {
  public:
    static constexpr std::size_t period = 30;

    void update(double volume) noexcept { window_.push(volume); }

    [[nodiscard]] std::optional<double> mean_before() const noexcept {
        if (!window_.full()) {
            return std::nullopt;
        }
        double sum = 0;
        for (std::size_t age = period; age > 0; --age) {
            sum += window_.newest(age);
        }
        return sum / static_cast<double>(period);
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        const auto mean = mean_before();
        return mean && *mean > 0 ? std::optional(window_.newest(0) / *mean) : std::nullopt;
    }

  private:
    RollingWindow<double, period + 1> window_;
};

}  // namespace virtuoso
