// The requests that fill a symbol's histories.
#pragma once

#include "market/symbol_state.hpp"
#include "market/timeframe.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace virtuoso::bybit {

/// Bybit's name of an interval: minutes, or "D".
[[nodiscard]] inline std::string interval_name(Timeframe timeframe) {
    return timeframe == Timeframe::d1 ? "D" : std::to_string(interval_ms(timeframe) / ms_per_minute);
}

[[nodiscard]] inline std::string kline_target(const std::string& symbol, Timeframe timeframe,
                                              std::size_t limit) {
    return "/v5/market/kline?category=linear&symbol=" + symbol + "&interval=" + interval_name(timeframe) +
           "&limit=" + std::to_string(std::clamp<std::size_t>(limit, 2, 1'000));
}

[[nodiscard]] inline std::string recent_trades_target(const std::string& symbol) {
    return "/v5/market/recent-trade?category=linear&symbol=" + symbol + "&limit=1000";
}

/// Everything a symbol's analysis looks back on, most needed first. Open interest comes in pages of 200.
[[nodiscard]] inline std::vector<std::string> history_targets(const std::string& symbol) {
    const std::string query = "?category=linear&symbol=" + symbol;
    std::vector<std::string> targets;
    targets.reserve(timeframe_count + 3);
    for (const Timeframe timeframe : all_timeframes) {
        targets.push_back(kline_target(symbol, timeframe, candle_retention(timeframe)));
    }
    targets.push_back("/v5/market/open-interest" + query + "&intervalTime=5min&limit=200");
    targets.push_back("/v5/market/funding/history" + query + "&limit=200");
    targets.push_back("/v5/market/account-ratio" + query +
                      "&period=5min&limit=" + std::to_string(SymbolState::account_ratio_max));
    return targets;
}

}  // namespace virtuoso::bybit
