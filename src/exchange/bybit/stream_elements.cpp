#include "exchange/bybit/stream_elements.hpp"

#include "base/text_hash.hpp"
#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

namespace virtuoso::bybit {

namespace {

/// What both liquidation products give, by the names each has for it.
struct LiquidationNames {
    std::string_view time;
    std::string_view symbol;
    std::string_view side;
    std::string_view size;
    std::string_view price;
};

bool read_liquidation_fields(JsonReader& reader, JsonValue data, const LiquidationNames& names,
                             std::string_view topic_symbol, Liquidation& event, Side& side) {
    SeenFields seen;
    const bool complete = for_each_field(reader, data, "data", [&](JsonKey key, JsonValue value) {
        std::string_view text;
        if (is_key(key, names.time)) {
            return seen.mark(1, reader.time(value, names.time, event.time));
        }
        if (is_key(key, names.symbol)) {
            return seen.mark(
                2, reader.text(value, names.symbol, text) && check_symbol(reader, text, topic_symbol));
        }
        if (is_key(key, names.side)) {
            return seen.mark(4, read_side(reader, value, names.side, side));
        }
        if (is_key(key, names.size)) {
            return seen.mark(8, reader.size(value, names.size, event.size));
        }
        if (is_key(key, names.price)) {
            return seen.mark(16, reader.price(value, names.price, event.price));
        }
        return true;
    });
    if (complete && seen.bits() != 31) {
        return reader.refuse(ErrorCode::field_missing,
                             fmt::format("a liquidation needs {}, {}, {}, {} and {}", names.time,
                                         names.symbol, names.side, names.size, names.price));
    }
    return complete;
}

}  // namespace

bool read_side(JsonReader& reader, JsonValue value, std::string_view field, Side& side) {
    std::string_view text;
    if (!reader.text(value, field, text)) {
        return false;
    }
    if (text != "Buy" && text != "Sell") {
        return reader.refuse(ErrorCode::field_value,
                             fmt::format("{} = {} is neither Buy nor Sell", field, in_quotes(text)));
    }
    side = text == "Buy" ? Side::buy : Side::sell;
    return true;
}

bool check_symbol(JsonReader& reader, std::string_view symbol, std::string_view topic_symbol) {
    if (symbol != topic_symbol) {
        return reader.refuse(ErrorCode::field_value,
                             fmt::format("data speaks of symbol {} but the topic of {}", in_quotes(symbol),
                                         in_quotes(topic_symbol)));
    }
    return true;
}

bool read_trade(JsonReader& reader, JsonValue element, std::string_view topic_symbol, TradePrint& print) {
    SeenFields seen;
    const bool complete = for_each_field(reader, element, "data[]", [&](JsonKey key, JsonValue value) {
        std::string_view text;
        if (is_key(key, "T")) {
            return seen.mark(1, reader.time(value, "T", print.time));
        }
        if (is_key(key, "s")) {
            return seen.mark(2, reader.text(value, "s", text) && check_symbol(reader, text, topic_symbol));
        }
        if (is_key(key, "S")) {
            return seen.mark(4, read_side(reader, value, "S", print.taker));
        }
        if (is_key(key, "v")) {
            return reader.size(value, "v", print.size);
        }
        if (is_key(key, "p")) {
            return reader.price(value, "p", print.price);
        }
        if (is_key(key, "i")) {
            if (JsonReader::is_none(value)) {
                return true;
            }
            const bool read = reader.text(value, "i", text);
            print.id = text_hash(text);
            return read;
        }
        if (is_key(key, "RPI")) {
            return reader.optional_flag(value, "RPI", print.retail);
        }
        return !is_key(key, "BT") || reader.optional_flag(value, "BT", print.block);
    });
    if (complete && (seen.bits() != 7 || print.price.is_zero() || print.size.is_zero())) {
        return reader.refuse(ErrorCode::field_missing, "a trade needs T, s, S, v > 0 and p");
    }
    return complete;
}

bool read_kline(JsonReader& reader, JsonValue element, KlineUpdate& update) {
    SeenFields seen;
    Candle& candle = update.candle;
    const bool complete = for_each_field(reader, element, "data[]", [&](JsonKey key, JsonValue value) {
        const auto is = [&](std::string_view name) { return is_key(key, name); };
        if (is("start")) {
            return seen.mark(1, reader.time(value, "start", candle.open_time));
        }
        if (is("open")) {
            return seen.mark(2, reader.price(value, "open", candle.open));
        }
        if (is("high")) {
            return seen.mark(4, reader.price(value, "high", candle.high));
        }
        if (is("low")) {
            return seen.mark(8, reader.price(value, "low", candle.low));
        }
        if (is("close")) {
            return seen.mark(16, reader.price(value, "close", candle.close));
        }
        if (is("volume")) {
            return seen.mark(32, reader.real(value, "volume", candle.volume));
        }
        if (is("turnover")) {
            return JsonReader::is_none(value) || reader.real(value, "turnover", candle.turnover);
        }
        if (is("confirm")) {
            return seen.mark(64, reader.boolean(value, "confirm", update.confirmed));
        }
        return !is("timestamp") || JsonReader::is_none(value) || reader.time(value, "timestamp", update.time);
    });
    if (complete && seen.bits() != 127) {
        return reader.refuse(ErrorCode::field_missing,
                             "a kline needs start, open, high, low, close, volume and confirm");
    }
    return complete && check_candle(reader, candle);
}

bool read_liquidation(JsonReader& reader, JsonValue element, std::string_view topic_symbol,
                      Liquidation& event) {
    Side side = Side::buy;
    const bool read =
        read_liquidation_fields(reader, element, {"T", "s", "S", "v", "p"}, topic_symbol, event, side);
    event.position = side == Side::buy ? PositionSide::long_position : PositionSide::short_position;
    return read;
}

bool read_order_liquidation(JsonReader& reader, JsonValue data, std::string_view topic_symbol,
                            Liquidation& event) {
    Side side = Side::buy;
    const bool read = read_liquidation_fields(
        reader, data, {"updatedTime", "symbol", "side", "size", "price"}, topic_symbol, event, side);
    event.position = side == Side::sell ? PositionSide::long_position : PositionSide::short_position;
    return read;
}

}  // namespace virtuoso::bybit
