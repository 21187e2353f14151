// Where price stands: the mid, its usual range, the swings and levels around it.
#pragma once

#include "analysis/candle_tracks.hpp"
#include "market/symbol_state.hpp"

#include <array>
#include <optional>
#include <span>

namespace virtuoso {

/// A strong support or resistance.
struct KeyLevel {
    double price = 0;
    double strength = 0;  ///< share of its timeframe's strongest
    Timeframe timeframe = Timeframe::m1;
};

/// Everything that a plan needs besides the scores. All from the book now or from closed candles.
struct PriceContext {
    static constexpr double strength_min = 0.5;

    std::optional<double> mid;  ///< of a valid book; else the last trade; else the last close
    bool from_book = false;
    std::optional<double>
        atr;  ///< usual range of 30 min: ATR(14) of 30m, or of a shorter one scaled by √time
    Timeframe atr_timeframe = Timeframe::m30;
    std::optional<double> swing_low;   ///< nearest confirmed swing below the mid, 30m or else 5m
    std::optional<double> swing_high;  ///< nearest above
    Timeframe swing_timeframe = Timeframe::m30;

    [[nodiscard]] std::span<const KeyLevel> levels() const noexcept { return {levels_.data(), count_}; }
    /// The strong level nearest to the mid on one side.
    [[nodiscard]] const KeyLevel* nearest(bool above) const noexcept;

    [[nodiscard]] static PriceContext of(const SymbolState& state, const CandleTracks& tracks,
                                         ExchangeTime as_of);

  private:
    std::array<KeyLevel, 24> levels_{};
    std::size_t count_ = 0;
};

}  // namespace virtuoso
