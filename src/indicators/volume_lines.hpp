// On-balance volume, accumulation/distribution and Chaikin money flow.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <optional>

namespace virtuoso {

/// Granville 1963: volume added on rising closes, subtracted on falling ones, starting with the first
/// bar's volume (TA-Lib). Base currency. O(1).
class OnBalanceVolume {
  public:
    void update(const Bar& bar) noexcept {
        if (!previous_close_ || bar.close > *previous_close_) {
            line_ += bar.volume;
        } else if (bar.close < *previous_close_) {
            line_ -= bar.volume;
        }
        previous_close_ = bar.close;
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return previous_close_ ? std::optional(line_) : std::nullopt;
    }

  private:
    std::optional<double> previous_close_;
    double line_ = 0;
};

/// Chaikin's money-flow volume of one bar: ((C−L) − (H−C)) / (H−L) · V, zero for a bar without range.
[[nodiscard]] inline double money_flow_volume(const Bar& bar) noexcept {
    const double range = bar.high - bar.low;
    return range > 0 ? ((bar.close - bar.low) - (bar.high - bar.close)) / range * bar.volume : 0.0;
}

/// Running sum of money-flow volume. Base currency. O(1).
class AccumulationDistribution {
  public:
    void update(const Bar& bar) noexcept {
        line_ += money_flow_volume(bar);
        started_ = true;
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return started_ ? std::optional(line_) : std::nullopt;
    }

  private:
    bool started_ = false;
    double line_ = 0;
};

/// CMF(20): money-flow volume over volume of the last 20 bars, −1…1. Undefined without volume.
/// O(period), so that no error accumulates.
class ChaikinMoneyFlow {
  public:
    static constexpr std::size_t period = 20;

    void update(const Bar& bar) noexcept { window_.push({money_flow_volume(bar), bar.volume}); }

    [[nodiscard]] std::optional<double> value() const noexcept {
        if (!window_.full()) {
            return std::nullopt;
        }
        double flow = 0;
        double volume = 0;
        for (std::size_t age = period; age-- > 0;) {
            flow += window_.newest(age).flow;
            volume += window_.newest(age).volume;
        }
        return volume > 0 ? std::optional(flow / volume) : std::nullopt;
    }

  private:
    struct Part {
        double flow;
        double volume;
    };
    RollingWindow<Part, period> window_;
};

}  // namespace virtuoso
