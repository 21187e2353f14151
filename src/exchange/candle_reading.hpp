// What every exchange's candles have in common.
#pragma once

#include "exchange/json_reader.hpp"

namespace virtuoso {

/// In REST answers candles are rows of columns without names. Reads one of the columns that every exchange
/// begins with: start, open, high, low, close, volume. True for those behind them, which whoever knows the
/// exchange reads.
[[nodiscard]] bool read_kline_column(JsonReader& reader, JsonValue value, int column, Candle& candle);

/// Refuses candles whose high or low does not enclose open and close, or with a negative volume.
[[nodiscard]] bool check_candle(JsonReader& reader, const Candle& candle);
/// A candle begins on its timeframe's grid, or is refused: kept off it, it would never close.
[[nodiscard]] bool check_grid(JsonReader& reader, const Candle& candle, Timeframe timeframe);

}  // namespace virtuoso
