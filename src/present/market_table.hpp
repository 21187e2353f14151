// Many symbols at a glance.
#pragma once

#include "analysis/confluence.hpp"

#include <optional>
#include <span>
#include <string>

namespace virtuoso {

struct MarketRow {
    std::string symbol;
    std::optional<double> last_price;
    std::optional<double> change_24h;  ///< fraction
    Confluence confluence;
    std::string state;  ///< why the data is not whole; empty when it is
};

/// Cells of such a list: what is not known is "–".
[[nodiscard]] std::string price_cell(const std::optional<double>& price);
[[nodiscard]] std::string score_cell(const std::optional<double>& score);

/// One line a symbol: price, change, confluence, verdict, the six components, coverage, what is amiss.
[[nodiscard]] std::string market_table(std::span<const MarketRow> rows);

}  // namespace virtuoso
