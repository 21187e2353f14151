// What a shard knows of the market as a whole.
#pragma once

#include "engine/market_tickers.hpp"
#include "service/realised_volatility.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace virtuoso {

/// Of all contracts, followed or not, at one moment.
struct MarketSample {
    std::uint32_t shard = 0;
    ExchangeTime as_of;
    std::vector<TickerSample> tickers;
    std::optional<RealisedVolatility> bitcoin;  ///< of the shard that follows it
};

}  // namespace virtuoso
