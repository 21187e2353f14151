#include "present/market_table.hpp"

#include <fmt/format.h>

#include <cmath>

namespace virtuoso {

std::string price_cell(const std::optional<double>& price) {
    if (!price) {
        return "–";
    }
    const double size = std::abs(*price);
    return fmt::format("{:.{}f}", *price, size >= 1'000 ? 1 : size >= 1 ? 4 : 7);
}

std::string score_cell(const std::optional<double>& score) {
    return score ? fmt::format("{:.1f}", *score) : "–";
}

namespace {

std::string row_text(const MarketRow& row) {
    const Confluence& confluence = row.confluence;
    std::string text = fmt::format(
        "{:<14} {:>12} {:>8}  {:>6} {:<12} {:<7}", row.symbol, price_cell(row.last_price),
        row.change_24h ? fmt::format("{:+.2f}%", *row.change_24h * 100) : "–", score_cell(confluence.score),
        confluence.verdict ? name_of(*confluence.verdict) : "insufficient",
        confluence.raw_verdict ? name_of(*confluence.raw_verdict) : "–");
    for (const auto& component : confluence.components) {
        text += fmt::format(" {:>7}", score_cell(component.score));
    }
    text += fmt::format(" {:>8.2f}", confluence.coverage);
    if (!row.state.empty()) {
        text += "  " + row.state;
    }
    return text + '\n';
}

}  // namespace

std::string market_table(std::span<const MarketRow> rows) {
    std::string text =
        fmt::format("{:<14} {:>12} {:>8}  {:>6} {:<12} {:<7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8}\n",
                    "Symbol", "Price", "24 h", "Score", "Signal", "Raw", "Flow", "Book", "Volume", "Price s",
                    "Techn", "Sentim", "Coverage");
    for (const MarketRow& row : rows) {
        text += row_text(row);
    }
    return text;
}

}  // namespace virtuoso
