// Candles of one symbol as a document, schema "virtuoso.candles/1".
#pragma once

#include "engine/pipeline.hpp"
#include "present/json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// A copy of what a symbol knows.
struct CandlesReading {
    std::string symbol;
    Timeframe timeframe = Timeframe::m1;
    ExchangeTime as_of;
    std::vector<Candle> closed = {};  ///< oldest first
    std::optional<Candle> open = {};  ///< not closed yet, where the newest were asked for
    bool more = false;                ///< older ones are kept
};

/// At most `limit` closed candles that begin before `to`, the newest of them. O(limit).
[[nodiscard]] CandlesReading read_candles(const TrackedSymbol& symbol, Timeframe timeframe, std::size_t limit,
                                          std::optional<ExchangeTime> to);
/// One candle; `closed` tells whether it is over.
[[nodiscard]] Json candle_json(const Candle& candle, bool closed);
[[nodiscard]] Json candles_json(const CandlesReading& reading);

}  // namespace virtuoso
