#include "analysis/reading.hpp"

#include <array>

namespace virtuoso {

std::string_view name_of(Reading reading) noexcept {
    constexpr std::array<std::string_view, 46> names{"neutral",
                                                     "bullish",
                                                     "bearish",
                                                     "overbought",
                                                     "oversold",
                                                     "bullish_confirmation",
                                                     "bearish_confirmation",
                                                     "bullish_divergence",
                                                     "bearish_divergence",
                                                     "large_buy_small_sell",
                                                     "large_sell_small_buy",
                                                     "longs_building",
                                                     "shorts_building",
                                                     "short_covering",
                                                     "long_liquidation",
                                                     "easier_up",
                                                     "easier_down",
                                                     "bid_absorption",
                                                     "ask_absorption",
                                                     "buying_exhausted",
                                                     "selling_exhausted",
                                                     "fake_bids",
                                                     "fake_asks",
                                                     "clean",
                                                     "weak_volume",
                                                     "significant_volume",
                                                     "strong_volume",
                                                     "extreme_volume",
                                                     "accepted_above_value",
                                                     "accepted_below_value",
                                                     "inside_value",
                                                     "stretched_up",
                                                     "stretched_down",
                                                     "break_up",
                                                     "break_down",
                                                     "reversal_up",
                                                     "reversal_down",
                                                     "rejected_up",
                                                     "rejected_down",
                                                     "premium",
                                                     "discount",
                                                     "funding_elevated",
                                                     "funding_high",
                                                     "funding_extreme",
                                                     "cascade",
                                                     "risk_off"};
    return names[static_cast<std::size_t>(reading)];
}

}  // namespace virtuoso
