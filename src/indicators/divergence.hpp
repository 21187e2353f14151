// Regular divergences between price and an oscillator.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// Compares the last two confirmed swing highs (lows): price makes a higher high while the oscillator
/// makes a lower one is bearish, the mirror is bullish. A swing is confirmed by five candles on each
/// side, so nothing is known before five candles later. O(window) a bar, the window being 11.
class DivergenceDetector {
  public:
    static constexpr std::size_t confirmation_bars = 5;
    static constexpr double half_life_bars = 20;

    void update(const Bar& bar, std::optional<double> oscillator);

    /// −1…1: sign is the direction it speaks for, size 2^(−age/20 bars) since its confirmation; 0 without.
    [[nodiscard]] double strength() const;

  private:
    static constexpr std::size_t window_bars = 2 * confirmation_bars + 1;
    struct Point {
        double high;
        double low;
        std::optional<double> oscillator;
    };
    struct Swing {
        double price;
        double oscillator;
    };

    void confirm_high(const Point& point);
    void confirm_low(const Point& point);

    RollingWindow<Point, window_bars> window_;
    std::optional<Swing> high_;
    std::optional<Swing> low_;
    int direction_ = 0;
    std::uint64_t bars_since_ = 0;
};

}  // namespace virtuoso
