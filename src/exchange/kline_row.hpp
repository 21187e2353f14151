// Candles as REST answers write them: a list of columns without names.
#pragma once

#include "exchange/json_reader.hpp"

namespace virtuoso {

/// Reads one of the columns that every exchange's rows begin with: start, open, high, low, close, volume.
/// True for those behind them, which are read by whoever knows the exchange.
[[nodiscard]] bool read_kline_column(JsonReader& reader, JsonValue value, int column, Candle& candle);

}  // namespace virtuoso
