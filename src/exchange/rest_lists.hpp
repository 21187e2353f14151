// The lists that a REST answer is decoded into.
#pragma once

#include "market/event.hpp"
#include "market/instrument.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso {

/// A codec fills those that its endpoint brings and keeps all for the next answer: no allocation once warm.
struct RestLists {
    std::vector<BookLevel> bids;
    std::vector<BookLevel> asks;
    std::vector<Instrument> instruments;
    std::vector<std::pair<std::string_view, TickerUpdate>> tickers;  ///< by symbol
    std::vector<Candle> candles;
    std::vector<TradePrint> prints;
    std::vector<OpenInterestPoint> interest;
    std::vector<FundingPoint> funding;
    std::vector<AccountRatioPoint> ratios;
    std::vector<MarketEvent> events;

    void clear() noexcept {
        bids.clear();
        asks.clear();
        instruments.clear();
        tickers.clear();
        candles.clear();
        prints.clear();
        interest.clear();
        funding.clear();
        ratios.clear();
        events.clear();
    }
    /// Rows of histories by time, whatever order they came in. O(rows) when they are in order.
    void put_in_order() {
        const auto order = [](auto& rows, auto time) {
            if (!std::ranges::is_sorted(rows, {}, time)) {
                std::ranges::stable_sort(rows, {}, time);
            }
        };
        order(candles, &Candle::open_time);
        order(prints, &TradePrint::time);
        order(interest, &OpenInterestPoint::time);
        order(funding, &FundingPoint::time);
        order(ratios, &AccountRatioPoint::time);
    }
};

/// When the last of the points was; `otherwise` without one.
template <typename Point>
[[nodiscard]] ExchangeTime newest_of(const std::vector<Point>& points, ExchangeTime otherwise = {}) noexcept {
    return points.empty() ? otherwise : points.back().time;
}

}  // namespace virtuoso
