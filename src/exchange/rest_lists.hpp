// The lists that a REST answer is decoded into, element by element.
#pragma once

#include "exchange/json_reader.hpp"
#include "exchange/skipped_elements.hpp"
#include "exchange/symbol_name.hpp"
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

/// The value of "symbol" in the object that `text` begins with, wherever in it; empty without one. O(bytes).
[[nodiscard]] std::string_view symbol_in_object(std::string_view text) noexcept;

/// Calls `read(element)` for every element of a list. One that it refuses is noted in `skipped`, under its
/// own symbol or else `symbol`, and left out. The list is refused when it is damaged, and when it has
/// elements of which none can be read: then it is of another product, or the protocol has changed.
template <typename Read>
[[nodiscard]] bool read_elements(JsonReader& reader, JsonValue list, std::string_view name,
                                 std::string_view symbol, SkippedElements& skipped, Read&& read) {
    std::size_t kept = 0;
    const bool whole = for_each_element(reader, list, name, [&](JsonValue element) {
        const std::string_view text = reader.text_from(element);
        if (read(element)) {
            ++kept;
            return true;
        }
        if (reader.error_code() == ErrorCode::json_syntax) {
            return false;
        }
        const auto own = symbol_in_object(text);
        skipped.add(is_symbol_name(own) ? own : symbol, reader.take_error());
        return true;
    });
    if (!whole || kept > 0 || skipped.count() == 0) {
        return whole;
    }
    const Error& first = skipped.kinds().front().first;
    return reader.refuse(first.code, first.message);
}

/// Reads an element with `read(element, item)` and keeps it in `items` when that gives true.
template <typename Item, typename Read>
[[nodiscard]] bool keep_element(std::vector<Item>& items, JsonValue element, Read&& read) {
    if (read(element, items.emplace_back())) {
        return true;
    }
    items.pop_back();
    return false;
}

/// When the last of the points was; `otherwise` without one.
template <typename Point>
[[nodiscard]] ExchangeTime newest_of(const std::vector<Point>& points, ExchangeTime otherwise = {}) noexcept {
    return points.empty() ? otherwise : points.back().time;
}

}  // namespace virtuoso
