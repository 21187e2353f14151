// Where a record came from, as one line of text.
#pragma once

#include "base/error.hpp"
#include "market/timeframe.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// Spellings: "bybit/ws", "binance-usdm/ws", "binance-spot/ws" for stream frames,
/// "<exchange>/rest/v5/market/time" (path and query follow "rest") for REST bodies, and
/// "archive/candles/<SYMBOL>/<timeframe>" for rows of candle files.
struct Channel {
    enum class Kind : std::uint8_t { stream, rest, candles };

    Kind kind = Kind::stream;
    std::string exchange;
    std::string target;  ///< rest: path and query
    std::string symbol;  ///< candles
    Timeframe timeframe = Timeframe::m1;

    [[nodiscard]] static Result<Channel> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

}  // namespace virtuoso
