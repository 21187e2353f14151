// What the screen shows of one symbol among many.
#pragma once

#include "analysis/confluence.hpp"
#include "present/market_table.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace virtuoso::screen {

/// A MarketRow without what stands behind its scores, which is a hundred times as large.
struct SymbolRow {
    std::string symbol;  ///< as the exchange calls it
    std::string label;   ///< the same as it is shown
    std::optional<double> price;
    std::optional<double> change_24h;  ///< fraction
    std::optional<double> score;
    std::optional<Verdict> verdict;
    std::optional<Verdict> raw_verdict;
    std::array<std::optional<double>, component_count> components{};  ///< in the order of ComponentId
    double coverage = 0;
    std::string state;  ///< why the data is not whole; empty when it is

    [[nodiscard]] static SymbolRow of(const MarketRow& row) {
        const Confluence& confluence = row.confluence;
        SymbolRow result{.symbol = row.symbol,
                         .label = {},
                         .price = row.last_price,
                         .change_24h = row.change_24h,
                         .score = confluence.score,
                         .verdict = confluence.verdict,
                         .raw_verdict = confluence.raw_verdict,
                         .coverage = confluence.coverage,
                         .state = row.state};
        for (std::size_t i = 0; i < component_count; ++i) {
            result.components[i] = confluence.components[i].score;
        }
        return result;
    }
};

}  // namespace virtuoso::screen
