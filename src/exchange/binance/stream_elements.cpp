#include "exchange/binance/stream_elements.hpp"

#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

namespace virtuoso::binance {

bool read_kline_object(JsonReader& reader, JsonValue value, KlineUpdate& update, bool& kept) {
    Candle& candle = update.candle;
    SeenFields seen;
    const bool complete = for_each_field(reader, value, "k", [&](JsonKey key, JsonValue field) {
        std::string_view interval;
        if (is_key(key, "t")) {
            return seen.mark(1, reader.time(field, "k.t", candle.open_time));
        }
        if (is_key(key, "i")) {
            const bool read = seen.mark(2, reader.text(field, "k.i", interval));
            const auto timeframe = timeframe_named(interval);
            kept = timeframe.has_value();
            update.timeframe = timeframe.value_or(Timeframe::m1);
            return read;
        }
        if (is_key(key, "o")) {
            return seen.mark(4, reader.price(field, "k.o", candle.open));
        }
        if (is_key(key, "h")) {
            return seen.mark(8, reader.price(field, "k.h", candle.high));
        }
        if (is_key(key, "l")) {
            return seen.mark(16, reader.price(field, "k.l", candle.low));
        }
        if (is_key(key, "c")) {
            return seen.mark(32, reader.price(field, "k.c", candle.close));
        }
        if (is_key(key, "v")) {
            return seen.mark(64, reader.real(field, "k.v", candle.volume));
        }
        if (is_key(key, "q")) {
            return reader.real(field, "k.q", candle.turnover);
        }
        if (is_key(key, "V")) {
            return reader.real(field, "k.V", candle.taker_buy);
        }
        if (is_key(key, "x")) {
            return seen.mark(128, reader.boolean(field, "k.x", update.confirmed));
        }
        return true;
    });
    if (complete && seen.bits() != 255) {
        return reader.refuse(ErrorCode::field_missing, "a kline needs k.t, i, o, h, l, c, v and x");
    }
    candle.taker_sell = candle.volume - candle.taker_buy;
    return complete && check_candle(reader, candle);
}

bool read_order_object(JsonReader& reader, JsonValue value, std::string_view& symbol,
                       Liquidation& liquidation) {
    std::string_view side;
    std::optional<Price> average;
    const bool complete = for_each_field(reader, value, "o", [&](JsonKey key, JsonValue field) {
        if (is_key(key, "s")) {
            return reader.symbol(field, "o.s", symbol);
        }
        if (is_key(key, "S")) {
            return reader.text(field, "o.S", side);
        }
        if (is_key(key, "q")) {
            return reader.size(field, "o.q", liquidation.size);
        }
        if (is_key(key, "p")) {
            return reader.price(field, "o.p", liquidation.price);
        }
        if (is_key(key, "ap")) {
            return reader.optional_price(field, "o.ap", average);
        }
        return !is_key(key, "T") || reader.time(field, "o.T", liquidation.time);
    });
    if (!complete) {
        return false;
    }
    if (side != "SELL" && side != "BUY") {
        return reader.refuse(ErrorCode::field_value,
                             fmt::format("o.S = {} is neither SELL nor BUY", in_quotes(side)));
    }
    if (liquidation.price.is_zero() || liquidation.time.ms == 0) {
        return reader.refuse(ErrorCode::field_missing, "forceOrder needs o.p and o.T");
    }
    liquidation.position = side == "SELL" ? PositionSide::long_position : PositionSide::short_position;
    liquidation.price = average.value_or(liquidation.price);
    return true;
}

}  // namespace virtuoso::binance
