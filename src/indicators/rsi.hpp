// Relative strength index.
#pragma once

#include "indicators/moving_average.hpp"

#include <optional>

namespace virtuoso {

/// Wilder 1978: 100 · G/(G+L) of Wilder-smoothed gains and losses, 0…100. Undefined while prices have
/// never moved. First value after period + 1 closes. O(1).
class Rsi {
  public:
    explicit Rsi(int period = 14) noexcept : gains_(period), losses_(period) {}

    void update(double close) noexcept {
        if (previous_) {
            const double change = close - *previous_;
            gains_.update(change > 0 ? change : 0);
            losses_.update(change < 0 ? -change : 0);
        }
        previous_ = close;
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        const auto gain = gains_.value();
        if (!gain) {
            return std::nullopt;
        }
        const double total = *gain + *losses_.value();
        return total > 0 ? std::optional(100.0 * (*gain / total)) : std::nullopt;
    }

  private:
    std::optional<double> previous_;
    WilderAverage gains_;
    WilderAverage losses_;
};

}  // namespace virtuoso
