// Average true range.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/moving_average.hpp"

#include <algorithm>
#include <optional>

namespace virtuoso {

[[nodiscard]] inline double true_range(const Bar& bar, double previous_close) noexcept {
    return std::max(bar.high, previous_close) - std::min(bar.low, previous_close);
}

/// Wilder 1978, in price units. First value after period + 1 bars. O(1).
class Atr {
  public:
    explicit Atr(int period = 14) noexcept : average_(period) {}

    void update(const Bar& bar) noexcept {
        if (previous_close_) {
            average_.update(true_range(bar, *previous_close_));
        }
        previous_close_ = bar.close;
    }
    [[nodiscard]] std::optional<double> value() const noexcept { return average_.value(); }

  private:
    std::optional<double> previous_close_;
    WilderAverage average_;
};

}  // namespace virtuoso
