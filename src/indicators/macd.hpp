// Moving average convergence/divergence.
#pragma once

#include "indicators/moving_average.hpp"
#include "indicators/rolling_window.hpp"

#include <optional>

namespace virtuoso {

/// MACD(12, 26, 9), in price units: EMA12 − EMA26, its EMA9 (signal) and their difference (histogram).
/// As in TA-Lib the fast average is seeded together with the slow one, from the last 12 of the first 26
/// closes, and nothing is given before the signal exists (34 closes). O(1).
class Macd {
  public:
    static constexpr int fast_period = 12;
    static constexpr int slow_period = 26;
    static constexpr int signal_period = 9;

    struct Value {
        double macd;
        double signal;
        double histogram;
    };

    void update(double close) noexcept {
        if (++count_ > slow_period - fast_period) {
            fast_.update(close);
        }
        slow_.update(close);
        if (const auto slow = slow_.value()) {
            line_ = *fast_.value() - *slow;
            signal_.update(line_);
        }
    }
    [[nodiscard]] std::optional<Value> value() const noexcept {
        const auto signal = signal_.value();
        return signal ? std::optional(Value{line_, *signal, line_ - *signal}) : std::nullopt;
    }

  private:
    int count_ = 0;
    ExponentialMovingAverage fast_{fast_period};
    ExponentialMovingAverage slow_{slow_period};
    ExponentialMovingAverage signal_{signal_period};
    double line_ = 0;
};

}  // namespace virtuoso
