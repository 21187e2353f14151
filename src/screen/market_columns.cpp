#include "screen/market_columns.hpp"

#include "present/market_table.hpp"
#include "screen/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

namespace virtuoso::screen {

namespace {

constexpr std::size_t symbol_cells = 12;
constexpr std::size_t symbol_cells_max = 24;
constexpr std::size_t state_cells_min = 12;

struct ColumnSpec {
    Column column = Column::symbol;
    std::string_view title;
    std::size_t cells = 0;
    Align align = Align::right;
    std::uint8_t place = 0;  ///< from left to right
};

// In the order of Column; symbol and state have the width that is left.
constexpr std::array columns_by_importance{
    ColumnSpec{Column::symbol, "Symbol", symbol_cells, Align::left, 0},
    ColumnSpec{Column::score, "Score", 5, Align::right, 3},
    ColumnSpec{Column::signal, "Signal", 7, Align::left, 4},
    ColumnSpec{Column::price, "Price", 10, Align::right, 1},
    ColumnSpec{Column::change, "24 h", 6, Align::right, 2},
    ColumnSpec{Column::orderflow, "Flow", 5, Align::right, 5},
    ColumnSpec{Column::orderbook, "Book", 5, Align::right, 6},
    ColumnSpec{Column::volume, "Vol", 5, Align::right, 7},
    ColumnSpec{Column::price_structure, "Struc", 5, Align::right, 8},
    ColumnSpec{Column::technical, "Tech", 5, Align::right, 9},
    ColumnSpec{Column::sentiment, "Senti", 5, Align::right, 10},
    ColumnSpec{Column::raw, "Raw", 7, Align::left, 11},
    ColumnSpec{Column::coverage, "Cover", 5, Align::right, 12},
    ColumnSpec{Column::state, "Not whole", state_cells_min, Align::left, 13},
};

const ColumnSpec& spec_of(Column column) noexcept {
    return columns_by_importance[static_cast<std::size_t>(column)];
}

std::string change_text(const std::optional<double>& change) {
    if (!change) {
        return "–";
    }
    const double percent = *change * 100;
    const double size = std::abs(percent);
    return fmt::format("{:+.{}f}%", percent, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

std::string verdict_text(const std::optional<Verdict>& verdict) {
    return verdict ? std::string(name_of(*verdict)) : "–";
}

std::string cell_text(Column column, const SymbolRow& row) {
    switch (column) {
        case Column::symbol:
            return row.label;
        case Column::score:
            return score_cell(row.score);
        case Column::signal:
            return verdict_text(row.verdict);
        case Column::price:
            return price_cell(row.price);
        case Column::change:
            return change_text(row.change_24h);
        case Column::raw:
            return verdict_text(row.raw_verdict);
        case Column::coverage:
            return fmt::format("{:.2f}", row.coverage);
        case Column::state:
            return row.state;
        case Column::orderflow:
            return score_cell(row.components[static_cast<std::size_t>(ComponentId::orderflow)]);
        case Column::orderbook:
            return score_cell(row.components[static_cast<std::size_t>(ComponentId::orderbook)]);
        case Column::volume:
            return score_cell(row.components[static_cast<std::size_t>(ComponentId::volume)]);
        case Column::price_structure:
            return score_cell(row.components[static_cast<std::size_t>(ComponentId::price_structure)]);
        case Column::technical:
            return score_cell(row.components[static_cast<std::size_t>(ComponentId::technical)]);
        case Column::sentiment:
            return score_cell(row.components[static_cast<std::size_t>(ComponentId::sentiment)]);
    }
    return {};
}

/// Of all columns; `text` gives each its cell.
template <typename Text>
std::string line_of(std::span<const FittedColumn> columns, const Text& text) {
    std::string line;
    for (const FittedColumn& fitted_column : columns) {
        line += line.empty() ? "" : " ";
        line += text(fitted_column);
    }
    return line;
}

}  // namespace

std::vector<FittedColumn> fit_columns(std::size_t width, std::size_t longest_symbol, bool with_state) {
    std::vector<FittedColumn> columns{{Column::symbol, std::min(width, symbol_cells)}};
    std::size_t left = width - columns.front().cells;
    for (const ColumnSpec& spec : columns_by_importance) {
        if (spec.column == Column::symbol || spec.column == Column::state) {
            continue;
        }
        if (left < spec.cells + 1) {
            break;
        }
        left -= spec.cells + 1;
        columns.push_back({spec.column, spec.cells});
    }
    std::size_t& symbol = columns.front().cells;
    const std::size_t wanted = std::min(longest_symbol + 1, symbol_cells_max);
    const std::size_t more = std::min(left, wanted > symbol ? wanted - symbol : 0);
    symbol += more;
    left -= more;
    if (with_state && left > state_cells_min) {
        columns.push_back({Column::state, left - 1});
    }
    std::ranges::sort(columns, {},
                      [](const FittedColumn& fitted_column) { return spec_of(fitted_column.column).place; });
    return columns;
}

std::string heading_text(std::span<const FittedColumn> columns) {
    return line_of(columns, [](const FittedColumn& fitted_column) {
        const ColumnSpec& spec = spec_of(fitted_column.column);
        return fitted(spec.title, fitted_column.cells, spec.align);
    });
}

std::string row_text(std::span<const FittedColumn> columns, const SymbolRow& row) {
    return line_of(columns, [&](const FittedColumn& fitted_column) {
        const std::size_t cells = fitted_column.cells;
        const std::string text = cell_text(fitted_column.column, row);
        if (fitted_column.column == Column::symbol && cells > 1) {
            return fitted(text, cells - 1).append(row.state.empty() ? " " : "!");
        }
        return fitted(text, cells, spec_of(fitted_column.column).align);
    });
}

}  // namespace virtuoso::screen
