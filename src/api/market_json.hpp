// The market as a whole as JSON.
#pragma once

#include "service/market_overview.hpp"

#include <cstddef>
#include <string>

namespace virtuoso {

/// Schema "virtuoso.overview/1".
[[nodiscard]] std::string overview_json(const MarketOverview& overview);
/// Schema "virtuoso.movers/1": at most `limit` of each side.
[[nodiscard]] std::string movers_json(const MarketOverview& overview, std::size_t limit);

}  // namespace virtuoso
