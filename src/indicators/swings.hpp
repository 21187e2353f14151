// Swing highs and lows.
#pragma once

#include "base/bounded_ring.hpp"
#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

struct Swing {
    double price = 0;
    bool high = false;
    double volume = 0;            ///< of its bar
    std::uint64_t bar = 0;        ///< running number of its bar
    ExchangeTime confirmed_at{};  ///< end of the fifth bar after it, when it first could be known
};

/// A bar whose high (low) is beyond those of five bars on each side. Known five bars later. O(11) a bar.
class SwingDetector {
  public:
    static constexpr std::size_t confirmation_bars = 5;
    static constexpr std::size_t swings_max = 40;

    SwingDetector() : swings_(swings_max) {}

    void update(const Bar& bar, std::int64_t interval_ms);

    /// The newest of both kinds together, oldest first.
    [[nodiscard]] const BoundedRing<Swing>& swings() const noexcept { return swings_; }
    /// Confirmed by the newest bar.
    [[nodiscard]] bool found_high() const noexcept { return found_high_; }
    [[nodiscard]] bool found_low() const noexcept { return found_low_; }
    [[nodiscard]] const std::optional<Swing>& last_high() const noexcept { return last_high_; }
    [[nodiscard]] const std::optional<Swing>& last_low() const noexcept { return last_low_; }
    /// Bars fed so far; the newest has the number bars() − 1.
    [[nodiscard]] std::uint64_t bars() const noexcept { return bars_; }
    std::size_t shrink() { return swings_.shrink(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return swings_.bytes(); }

  private:
    static constexpr std::size_t window_bars = 2 * confirmation_bars + 1;

    RollingWindow<Bar, window_bars> window_;
    BoundedRing<Swing> swings_;
    std::optional<Swing> last_high_;
    std::optional<Swing> last_low_;
    bool found_high_ = false;
    bool found_low_ = false;
    std::uint64_t bars_ = 0;
};

}  // namespace virtuoso
