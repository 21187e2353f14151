// Awesome oscillator.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/moving_average.hpp"

#include <optional>

namespace virtuoso {

/// Williams 1998 (New Trading Dimensions): SMA5 − SMA34 of (high + low)/2, in price units. O(1).
class AwesomeOscillator {
  public:
    void update(const Bar& bar) noexcept {
        const double median = (bar.high + bar.low) / 2.0;
        previous_ = value();
        fast_.update(median);
        slow_.update(median);
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        const auto slow = slow_.value();
        return slow ? std::optional(*fast_.value() - *slow) : std::nullopt;
    }
    /// Change against the bar before.
    [[nodiscard]] std::optional<double> change() const noexcept {
        return previous_ ? std::optional(*value() - *previous_) : std::nullopt;
    }

  private:
    SimpleMovingAverage<5> fast_;
    SimpleMovingAverage<34> slow_;
    std::optional<double> previous_;
};

}  // namespace virtuoso
