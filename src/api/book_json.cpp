#include "api/book_json.hpp"

#include "analysis/orderbook_component.hpp"
#include "present/json_values.hpp"

#include <cmath>

namespace virtuoso {

namespace {

Json levels_json(const std::vector<BookLevel>& levels) {
    Json list = Json::array();
    for (const auto& level : levels) {
        list.push_back({to_text(level.price), to_text(level.size)});
    }
    return list;
}

/// Halves keep prices of eight decimals exact: they have nine.
std::string mid_text(Price bid, Price ask) {
    return decimal_text((Int128{bid.units} + ask.units) * 5, decimal_places + 1);
}

/// Sizes of the past are kept to 0.05 %: more digits would say nothing.
double four_digits(double size) {
    if (!(size > 0)) {
        return 0;
    }
    const double scale = std::pow(10.0, 3 - std::floor(std::log10(size)));
    return std::round(size * scale) / scale;
}

}  // namespace

BookReading read_book(const TrackedSymbol& symbol, std::size_t levels) {
    const SymbolState& state = symbol.state;
    BookReading reading{.symbol = state.symbol(),
                        .as_of = state.as_of(),
                        .fault = {},
                        .time = state.book().time(),
                        .update_id = state.book().update_id(),
                        .bids = {},
                        .asks = {}};
    const auto book = state.book().view(state.as_of(), OrderbookComponent::stale_after_ms);
    if (!book) {
        reading.fault = book.error();
        return reading;
    }
    reading.bid_count = book->bid_count();
    reading.ask_count = book->ask_count();
    reading.bids.resize(levels);
    reading.asks.resize(levels);
    reading.bids.resize(book->top_bids(reading.bids));
    reading.asks.resize(book->top_asks(reading.asks));
    return reading;
}

Json book_json(const BookReading& reading) {
    const bool two_sided = !reading.bids.empty() && !reading.asks.empty();
    return {{"schema", "virtuoso.book/1"},
            {"symbol", reading.symbol},
            {"as_of_ms", reading.as_of.ms},
            {"valid", !reading.fault},
            {"reason", reading.fault ? Json(name_of(*reading.fault)) : Json(nullptr)},
            {"time_ms", reading.time.ms},
            {"update_id", reading.update_id},
            {"mid", two_sided ? Json(mid_text(reading.bids.front().price, reading.asks.front().price))
                              : Json(nullptr)},
            {"spread", two_sided ? Json(to_text(reading.asks.front().price - reading.bids.front().price))
                                 : Json(nullptr)},
            {"bid_levels", reading.bid_count},
            {"ask_levels", reading.ask_count},
            {"bids", levels_json(reading.bids)},
            {"asks", levels_json(reading.asks)}};
}

Json book_history_json(const BookHistoryReading& reading) {
    Json columns = Json::array();
    for (const auto& column : reading.columns) {
        Json sizes = Json::array();
        for (const double size : column.sizes) {
            sizes.push_back(four_digits(size));
        }
        columns.push_back({{"time_ms", column.time.ms},
                           {"bid", to_text(column.bid)},
                           {"ask", to_text(column.ask)},
                           {"first", to_text(Price{column.first_bin * reading.step.units})},
                           {"sizes", std::move(sizes)}});
    }
    return {{"schema", "virtuoso.book_history/1"},
            {"symbol", reading.symbol},
            {"step", to_text(reading.step)},
            {"bins", BookHistory::bins},
            {"columns", std::move(columns)}};
}

}  // namespace virtuoso
