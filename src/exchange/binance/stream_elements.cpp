#include "exchange/binance/stream_elements.hpp"

#include <fmt/format.h>

namespace virtuoso::binance {

bool read_kline_object(JsonReader& reader, JsonValue value, KlineUpdate& update, bool& kept) {
    JsonObject kline;
    Candle& candle = update.candle;
    unsigned seen = 0;
    const auto mark = [&seen](unsigned bit, bool read) {
        seen |= bit;
        return read;
    };
    if (!reader.object(value, "k", kline)) {
        return false;
    }
    const bool complete = for_each_field(reader, kline, [&](JsonKey key, JsonValue field) {
        std::string_view interval;
        if (is_key(key, "t")) {
            return mark(1, reader.time(field, "k.t", candle.open_time));
        }
        if (is_key(key, "i")) {
            seen |= 2;
            const bool read = reader.text(field, "k.i", interval);
            const auto timeframe = timeframe_named(interval);
            kept = timeframe.has_value();
            update.timeframe = timeframe.value_or(Timeframe::m1);
            return read;
        }
        if (is_key(key, "o")) {
            return mark(4, reader.price(field, "k.o", candle.open));
        }
        if (is_key(key, "h")) {
            return mark(8, reader.price(field, "k.h", candle.high));
        }
        if (is_key(key, "l")) {
            return mark(16, reader.price(field, "k.l", candle.low));
        }
        if (is_key(key, "c")) {
            return mark(32, reader.price(field, "k.c", candle.close));
        }
        if (is_key(key, "v")) {
            return mark(64, reader.real(field, "k.v", candle.volume));
        }
        if (is_key(key, "q")) {
            return reader.real(field, "k.q", candle.turnover);
        }
        if (is_key(key, "V")) {
            return reader.real(field, "k.V", candle.taker_buy);
        }
        if (is_key(key, "x")) {
            return mark(128, reader.boolean(field, "k.x", update.confirmed));
        }
        return true;
    });
    if (complete && seen != 255) {
        return reader.refuse(ErrorCode::field_missing, "a kline needs k.t, i, o, h, l, c, v and x");
    }
    candle.taker_sell = candle.volume - candle.taker_buy;
    return complete && check_candle(reader, candle);
}

bool read_order_object(JsonReader& reader, JsonValue value, std::string_view& symbol,
                       Liquidation& liquidation) {
    JsonObject order;
    std::string_view side;
    std::optional<Price> average;
    if (!reader.object(value, "o", order)) {
        return false;
    }
    const bool complete = for_each_field(reader, order, [&](JsonKey key, JsonValue field) {
        if (is_key(key, "s")) {
            return reader.text(field, "o.s", symbol);
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
