// What a sub-indicator has to say, as a code that a sentence can be made from.
#pragma once

#include <cstdint>
#include <string_view>

namespace virtuoso {

enum class Reading : std::uint8_t {
    neutral,
    bullish,
    bearish,
    overbought,
    oversold,
    bullish_confirmation,  ///< flow and price rise together
    bearish_confirmation,
    bullish_divergence,  ///< flow rises, price does not; or a regular divergence at swing lows
    bearish_divergence,
    large_buy_small_sell,
    large_sell_small_buy,
    longs_building,
    shorts_building,
    short_covering,
    long_liquidation,
    easier_up,  ///< buying moves the price more than selling
    easier_down,
    bid_absorption,
    ask_absorption,
    buying_exhausted,
    selling_exhausted,
    fake_bids,
    fake_asks,
    clean,  ///< no sign of manipulation
    weak_volume,
    significant_volume,    ///< twice the mean
    strong_volume,         ///< three times
    extreme_volume,        ///< four times
    accepted_above_value,  ///< two closes above the value area
    accepted_below_value,
    inside_value,
    stretched_up,  ///< more than two deviations above the session's average price
    stretched_down,
    break_up,  ///< continuation beyond a swing or a level
    break_down,
    reversal_up,  ///< change of character
    reversal_down,
    rejected_up,  ///< pushed back from above: went beyond resistance and closed below
    rejected_down,
    premium,           ///< in the upper half of the range
    discount,          ///< in the lower half
    funding_elevated,  ///< beyond 0.05 % in 8 h
    funding_high,      ///< beyond 0.10 %
    funding_extreme,   ///< beyond 0.15 %
    cascade,           ///< many liquidations at once
    risk_off           ///< volatility beyond its 95th percentile
};

[[nodiscard]] std::string_view name_of(Reading reading) noexcept;

/// bullish, bearish or neutral by the sign of a lean, neutral within ±0.1.
[[nodiscard]] constexpr Reading reading_of_lean(double lean) noexcept {
    return lean > 0.1 ? Reading::bullish : lean < -0.1 ? Reading::bearish : Reading::neutral;
}

}  // namespace virtuoso
