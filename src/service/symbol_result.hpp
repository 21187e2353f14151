// What is known of one symbol at one moment, as it leaves its shard.
#pragma once

#include "analysis/confluence.hpp"
#include "base/decimal.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// One evaluation. Never changed once it is made, so that any number of readers see it whole.
struct SymbolResult {
    std::string exchange;
    std::string symbol;
    std::uint32_t shard = 0;
    std::uint64_t number = 0;  ///< of the symbol's evaluations since its state began
    bool deep = false;         ///< one of the most traded, which are evaluated more often
    LocalTime evaluated = {};
    std::int64_t evaluation_ns = 0;  ///< how long it took
    Confluence confluence;
    std::optional<Price> last_price;
    std::optional<double> change_24h;               ///< fraction
    std::optional<double> turnover_24h;             ///< quote currency
    std::optional<double> funding_rate;             ///< fraction per funding interval
    std::optional<double> open_interest;            ///< base currency
    std::optional<double> open_interest_change_1h;  ///< fraction
    ExchangeTime newest;                            ///< of any event of the symbol
    std::size_t bytes = 0;                          ///< held for it, as last measured
    bool history_given_up = false;                  ///< for want of memory
    std::vector<std::string> concerns = {};         ///< why its data is not whole; empty when it is
};

using ResultPointer = std::shared_ptr<const SymbolResult>;

}  // namespace virtuoso
