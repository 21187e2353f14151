// The columns of the market's table, as many as fit.
#pragma once

#include "screen/symbol_row.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace virtuoso::screen {

/// By importance: where it is narrow, the last are left out first. `state` takes what is left of the width.
enum class Column : std::uint8_t {
    symbol,
    score,
    signal,
    price,
    change,
    orderflow,
    orderbook,
    volume,
    price_structure,
    technical,
    sentiment,
    raw,
    coverage,
    state
};

struct FittedColumn {
    Column column = Column::symbol;
    std::size_t cells = 0;
};

/// From left to right, with one space between them at most `width` cells. `longest_symbol`: cells of the
/// longest name that may be shown; `with_state`: some symbol is not whole. Precondition: width > 0.
[[nodiscard]] std::vector<FittedColumn> fit_columns(std::size_t width, std::size_t longest_symbol,
                                                    bool with_state);

/// The line above the rows.
[[nodiscard]] std::string heading_text(std::span<const FittedColumn> columns);
/// One row. A "!" at the end of the symbol's column: its data is not whole. Precondition: label and
/// state were `shown`.
[[nodiscard]] std::string row_text(std::span<const FittedColumn> columns, const SymbolRow& row);

}  // namespace virtuoso::screen
