// What the whole market does, as far as one symbol's sentiment needs it.
#pragma once

#include <cstddef>
#include <optional>

namespace virtuoso {

/// Read-only, made by whoever sees all symbols.
struct MarketBreadth {
    static constexpr std::size_t symbols_min = 10;

    std::size_t advancers = 0;  ///< symbols above their price 24 h ago
    std::size_t decliners = 0;
    std::size_t symbols = 0;           ///< with a known change
    std::optional<double> turnover_z;  ///< of the 24 h turnover of all, against its own history
};

}  // namespace virtuoso
