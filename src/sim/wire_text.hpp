// The exchange's spelling of numbers and identifiers.
#pragma once

#include "sim/symbol_market.hpp"

#include <cstdint>
#include <map>
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
/// Calls `visit(tick, steps)` for the levels of `after` that `before` does not have alike, and with zero for
/// those that went. Both are sorted from the touch outwards. O(levels).
template <typename Visitor>
void visit_changes(bool bid, const std::vector<SimBook::Level>& before,
                   const std::vector<SimBook::Level>& after, Visitor&& visit) {
    auto old_level = before.begin();
    auto new_level = after.begin();
    const auto nearer = [bid](std::int64_t a, std::int64_t b) { return bid ? a > b : a < b; };
    while (old_level != before.end() || new_level != after.end()) {
        if (new_level == after.end() ||
            (old_level != before.end() && nearer(old_level->tick, new_level->tick))) {
            visit(old_level->tick, std::int64_t{0});
            ++old_level;
        } else if (old_level == before.end() || nearer(new_level->tick, old_level->tick)) {
            visit(new_level->tick, new_level->steps);
            ++new_level;
        } else {
            if (old_level->steps != new_level->steps) {
                visit(new_level->tick, new_level->steps);
            }
            ++old_level;
            ++new_level;
        }
    }
}

/// `["price","size"],…`: levels of `after` that `before` does not have alike, and zeros for those that went.
/// Both are sorted from the touch outwards.
[[nodiscard]] std::string level_changes(const SimInstrument& instrument, bool bid,
                                        const std::vector<SimBook::Level>& before,
                                        const std::vector<SimBook::Level>& after);
/// The same of levels as they are: size by tick.
[[nodiscard]] std::string levels_text(const SimInstrument& instrument,
                                      const std::map<std::int64_t, std::int64_t>& levels);
/// Trade id, a UUID that the trade's number determines.
[[nodiscard]] std::string trade_id(const SimInstrument& instrument, std::uint64_t number);

/// Tickers as name and value in the exchange's order.
using TickerFields = std::vector<std::pair<std::string_view, std::string>>;
[[nodiscard]] TickerFields ticker_fields(SymbolMarket& market);

}  // namespace virtuoso::sim
