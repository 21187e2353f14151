// The exchange's spelling of numbers and identifiers.
#pragma once

#include "sim/symbol_market.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::sim {

/// "16578.50": units of 1e-8 with a fixed number of decimals.
void append_fixed(std::string& out, std::int64_t units, int decimals);
void append_price(std::string& out, const SimInstrument& instrument, std::int64_t tick);
void append_quantity(std::string& out, const SimInstrument& instrument, std::int64_t steps);
[[nodiscard]] std::string price_text(const SimInstrument& instrument, std::int64_t tick);
[[nodiscard]] std::string quantity_text(const SimInstrument& instrument, std::int64_t steps);
/// A computed price (mark, index) with the instrument's decimals.
[[nodiscard]] std::string computed_price_text(const SimInstrument& instrument, double price);
/// `["price","size"],…`: levels of `after` that `before` does not have alike, and zeros for those that went.
/// Both are sorted from the touch outwards.
[[nodiscard]] std::string level_changes(const SimInstrument& instrument, bool bid,
                                        const std::vector<SimBook::Level>& before,
                                        const std::vector<SimBook::Level>& after);
/// Trade id, a UUID that the trade's number determines.
[[nodiscard]] std::string trade_id(const SimInstrument& instrument, std::uint64_t number);

/// Tickers as name and value in the exchange's order.
using TickerFields = std::vector<std::pair<std::string_view, std::string>>;
[[nodiscard]] TickerFields ticker_fields(SymbolMarket& market);

}  // namespace virtuoso::sim
