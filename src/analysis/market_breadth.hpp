// What the whole market does, as far as one symbol's sentiment needs it.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// Read-only, made by whoever sees all symbols. It is as old as the newest ticker that it counts.
struct MarketBreadth {
    static constexpr std::size_t symbols_min = 10;
    /// Older tickers are not counted, and without newer ones there is no breadth.
    static constexpr std::int64_t age_limit_ms = 60 * ms_per_second;

    std::size_t advancers = 0;  ///< symbols above their price 24 h ago
    std::size_t decliners = 0;
    std::size_t symbols = 0;           ///< with a known change
    std::int64_t age_ms = 0;           ///< of the newest ticker that is counted
    std::optional<double> turnover_z;  ///< of the 24 h turnover of all, against its own history
};

}  // namespace virtuoso
