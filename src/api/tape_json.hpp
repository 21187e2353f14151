// Trades of one symbol, and the flow that they make, as documents.
#pragma once

#include "engine/pipeline.hpp"
#include "present/json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// Copies of what a symbol knows.
struct TradesReading {
    std::string symbol;
    ExchangeTime as_of;
    std::vector<TapeTrade> trades;  ///< the newest first
    std::size_t kept = 0;           ///< on the tape
    std::optional<double> large;    ///< notional from which a trade counts as large
};
struct FlowReading {
    struct Bin {
        ExchangeTime start;
        FlowBin flow;
    };
    std::string symbol;
    ExchangeTime as_of;
    int step_s = 1;
    std::vector<Bin> bins;  ///< oldest first, those with trades
    Int128 buy_volume = 0;  ///< since the symbol is followed, units of 1e-8 base
    Int128 sell_volume = 0;
};

/// O(limit).
[[nodiscard]] TradesReading read_trades(const TrackedSymbol& symbol, std::size_t limit);
/// The last `minutes`, at most fifteen, in bins of so many seconds. O(seconds).
[[nodiscard]] FlowReading read_flow(const TrackedSymbol& symbol, int minutes, int step_s);
/// Schema "virtuoso.trades/1".
[[nodiscard]] Json trades_json(const TradesReading& reading);
/// Schema "virtuoso.flow/1".
[[nodiscard]] Json flow_json(const FlowReading& reading);

}  // namespace virtuoso
