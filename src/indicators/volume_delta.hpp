// Net taker volume of the last bars.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"
#include "indicators/volume_lines.hpp"

#include <optional>

namespace virtuoso {

/// (buy − sell) / (buy + sell) over 20 bars, −1…1. A bar of whose volume the tape saw less than half is
/// estimated by its close location (Chaikin's money-flow multiplier). O(20).
class VolumeDelta {
  public:
    static constexpr std::size_t period = 20;
    struct Value {
        double ratio;
        int estimated_bars;
    };

    void update(const Bar& bar) noexcept {
        const double seen = bar.taker_buy + bar.taker_sell;
        const bool estimated = !(seen > 0.5 * bar.volume);
        const double delta =
            estimated ? money_flow_volume(bar) : (bar.taker_buy - bar.taker_sell) / seen * bar.volume;
        window_.push({delta, bar.volume, estimated});
    }
    /// nullopt before 20 bars and without volume.
    [[nodiscard]] std::optional<Value> value() const noexcept {
        if (!window_.full()) {
            return std::nullopt;
        }
        double delta = 0;
        double volume = 0;
        int estimated = 0;
        for (std::size_t age = period; age-- > 0;) {
            const Part& part = window_.newest(age);
            delta += part.delta;
            volume += part.volume;
            estimated += part.estimated ? 1 : 0;
        }
        return volume > 0 ? std::optional(Value{delta / volume, estimated}) : std::nullopt;
    }

  private:
    struct Part {
        double delta;
        double volume;
        bool estimated;
    };
    RollingWindow<Part, period> window_;
};

}  // namespace virtuoso
