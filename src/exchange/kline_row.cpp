#include "exchange/kline_row.hpp"

namespace virtuoso {

bool read_kline_column(JsonReader& reader, JsonValue value, int column, Candle& candle) {
    switch (column) {
        case 0:
            return reader.time(value, "start", candle.open_time);
        case 1:
            return reader.price(value, "open", candle.open);
        case 2:
            return reader.price(value, "high", candle.high);
        case 3:
            return reader.price(value, "low", candle.low);
        case 4:
            return reader.price(value, "close", candle.close);
        case 5:
            return reader.real(value, "volume", candle.volume);
        default:
            return true;
    }
}

}  // namespace virtuoso
