// What a perpetual has beyond its trades, as a document, schema "virtuoso.derivatives/1".
#pragma once

#include "engine/pipeline.hpp"
#include "present/json.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace virtuoso {

/// A copy of what a symbol knows; lists oldest first.
struct DerivativesReading {
    std::string symbol;
    ExchangeTime as_of;
    Ticker ticker;
    std::vector<OpenInterestPoint> open_interest;
    std::vector<FundingPoint> funding;
    std::vector<AccountRatioPoint> account_ratio;
    std::vector<KeptLiquidation> liquidations;
    std::size_t liquidations_kept = 0;
};

/// At most `liquidations` of these, the newest. O(points).
[[nodiscard]] DerivativesReading read_derivatives(const TrackedSymbol& symbol, std::size_t liquidations);
[[nodiscard]] Json derivatives_json(const DerivativesReading& reading);

}  // namespace virtuoso
