#include "command.hpp"
#include "screen/cells.hpp"
#include "screen/market_list.hpp"
#include "screen/symbol_row.hpp"
#include "signals.hpp"
#include "terminal.hpp"
#include "watch.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace virtuoso::app {

std::string lines_of(const std::vector<MarketRow>& rows, const std::string& below) {
    const screen::Glyphs glyphs = terminal_glyphs();
    const auto size = terminal_size();
    if (!size) {
        return screen::shown_lines(fmt::format("{}{}\n", market_table(rows), below), glyphs);
    }
    std::vector<screen::SymbolRow> fitted_rows;
    fitted_rows.reserve(rows.size());
    for (const auto& row : rows) {
        fitted_rows.push_back(screen::SymbolRow::of(row));
    }
    screen::MarketList list(glyphs);
    list.show(std::move(fitted_rows));
    std::string text;
    for (const auto& line : list.lines({.columns = size->columns, .rows = rows.size() + 2})) {
        text += line.text + "\n";
    }
    for (const auto& line : screen::wrapped(screen::shown(below, glyphs), size->columns)) {
        text += line + "\n";
    }
    return screen::shown_lines(text, glyphs);
}

int exit_code_of_watching(bool shown) {
    return interrupted() && !shown ? interrupted_exit_code() : exit_ok;
}

}  // namespace virtuoso::app
