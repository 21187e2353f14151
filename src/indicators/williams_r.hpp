// Williams %R.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <algorithm>
#include <optional>

namespace virtuoso {

/// Williams 1979, %R(14): −100 · (highest − close) / (highest − lowest), −100…0. Undefined for a flat
/// window. O(period).
class WilliamsR {
  public:
    static constexpr std::size_t period = 14;

    void update(const Bar& bar) noexcept { window_.push({bar.high, bar.low, bar.close}); }

    [[nodiscard]] std::optional<double> value() const noexcept {
        if (!window_.full()) {
            return std::nullopt;
        }
        double highest = window_.newest(0).high;
        double lowest = window_.newest(0).low;
        for (std::size_t age = 1; age < period; ++age) {
            highest = std::max(highest, window_.newest(age).high);
            lowest = std::min(lowest, window_.newest(age).low);
        }
        if (highest <= lowest) {
            return std::nullopt;
        }
        return -100.0 * ((highest - window_.newest(0).close) / (highest - lowest));
    }

  private:
    struct Range {
        double high;
        double low;
        double close;
    };
    RollingWindow<Range, period> window_;
};

}  // namespace virtuoso
