// Where a record came from, as one line of text.
#pragma once

#include "base/error.hpp"
#include "exchange/archive/archive_row.hpp"
#include "market/candle_interval.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// Spellings: "bybit/ws", "binance-usdm/ws", "binance-spot/ws" for stream frames,
/// "<exchange>/rest/v5/market/time" (path and query follow "rest") for REST bodies, and for rows of tables
/// "<exchange>/candles/<SYMBOL>/<interval>" and "<exchange>/<kind of row>/<SYMBOL>" (see
/// archive/archive_row.hpp), where the exchange is "archive" when it is not known.
struct Channel {
    enum class Kind : std::uint8_t { stream, rest, rows };

    Kind kind = Kind::stream;
    std::string exchange = {};
    std::string target = {};  ///< rest: path and query
    archive::RowKind row = archive::RowKind::candles;
    std::string symbol = {};       ///< rows
    CandleInterval interval = {};  ///< of candles

    [[nodiscard]] static Result<Channel> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

}  // namespace virtuoso
