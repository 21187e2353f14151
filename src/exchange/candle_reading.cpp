#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

namespace virtuoso {

bool read_kline_column(JsonReader& reader, JsonValue value, int column, Candle& candle) {
    switch (column) {
        case 0:
            return reader.row_time(value, "start", candle.open_time);
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

bool check_candle(JsonReader& reader, const Candle& candle) {
    const bool encloses = candle.low <= candle.open && candle.low <= candle.close &&
                          candle.high >= candle.open && candle.high >= candle.close;
    if (encloses && candle.volume >= 0 && candle.turnover >= 0) {
        return true;
    }
    return reader.refuse(ErrorCode::field_value,
                         fmt::format("candle at {} is not one: open {}, high {}, low {}, close {}, volume {}",
                                     candle.open_time.ms, to_text(candle.open), to_text(candle.high),
                                     to_text(candle.low), to_text(candle.close), candle.volume));
}

bool check_grid(JsonReader& reader, const Candle& candle, Timeframe timeframe) {
    if (on_grid(candle.open_time, timeframe)) {
        return true;
    }
    return reader.refuse(ErrorCode::field_value, fmt::format("start = {} does not begin a {} candle",
                                                             candle.open_time.ms, name_of(timeframe)));
}

}  // namespace virtuoso
