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
    clean  ///< no sign of manipulation
};

[[nodiscard]] std::string_view name_of(Reading reading) noexcept;

/// bullish, bearish or neutral by the sign of a lean, neutral within ±0.1.
[[nodiscard]] constexpr Reading reading_of_lean(double lean) noexcept {
    return lean > 0.1 ? Reading::bullish : lean < -0.1 ? Reading::bearish : Reading::neutral;
}

}  // namespace virtuoso
