#include "exchange/binance/stream_codec.hpp"

#include "exchange/binance/stream_elements.hpp"
#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

namespace virtuoso::binance {

Result<DecodedFrame> BinanceStreamCodec::decode(PaddedFrame frame) {
    fields_ = {};
    kind_ = EventKind::unknown;
    in_list_ = false;
    liquidations_.clear();
    events_.clear();
    DecodedFrame decoded;
    if (!read(frame, decoded)) {
        return std::unexpected(reader_.take_error());
    }
    if (!events_.empty()) {
        decoded.kind = FrameKind::market;
        decoded.events = events_;
    }
    return decoded;
}

RefusedTopic BinanceStreamCodec::refused_topic() const noexcept {
    switch (kind_) {
        case EventKind::unknown:
            return RefusedTopic::unknown;
        case EventKind::depth:
            return RefusedTopic::book;
        case EventKind::trade:
        case EventKind::aggregate_trade:
            return RefusedTopic::trades;
        default:
            return RefusedTopic::other;
    }
}

bool BinanceStreamCodec::read(PaddedFrame frame, DecodedFrame& decoded) {
    JsonDocument document;
    JsonValue root;
    simdjson::ondemand::json_type type{};
    if (!reader_.open_any(frame, document, root)) {
        return false;
    }
    if (const auto code = root.type().get(type)) {
        return reader_.refuse_json(code);
    }
    const bool read =
        type == simdjson::ondemand::json_type::array ? read_list(root, {}) : read_frame(frame, root, decoded);
    return read && reader_.at_end(document);
}

bool BinanceStreamCodec::read_frame(PaddedFrame frame, JsonValue value, DecodedFrame& decoded) {
    JsonObject root;
    std::string_view stream;
    bool has_data = false;
    bool has_event = false;
    bool has_answer = false;
    if (!reader_.object(value, "the frame", root)) {
        return false;
    }
    const bool complete = for_each_field(reader_, root, [&](JsonKey key, JsonValue field) {
        if (is_key(key, "stream")) {
            const bool told = reader_.text(field, "stream", stream);
            decoded.topic = stream;
            return told;
        }
        if (is_key(key, "data")) {
            has_data = true;
            return read_data(field, stream);
        }
        has_event = has_event || is_key(key, "e");
        has_answer = has_answer || is_key(key, "result") || is_key(key, "method");
        if (is_key(key, "id")) {
            return request_id(field, decoded.request_id);
        }
        if (is_key(key, "error") || is_key(key, "code")) {
            decoded.kind = FrameKind::subscription_failed;
            decoded.detail = frame.text();
        }
        return true;
    });
    if (!complete) {
        return false;
    }
    if (!has_data && has_event) {
        if (const auto code = root.reset().error()) {
            return reader_.refuse_json(code);
        }
        return read_event(root, stream);
    }
    if (!has_data && has_answer) {
        decoded.kind = FrameKind::subscribed;
    } else if (!has_data && decoded.kind != FrameKind::subscription_failed) {
        return reader_.refuse(
            ErrorCode::field_missing,
            "the frame has neither an event nor an answer to a request: it is not of this stream");
    }
    return true;
}

bool BinanceStreamCodec::read_data(JsonValue value, std::string_view stream) {
    simdjson::ondemand::json_type type{};
    if (const auto code = value.type().get(type)) {
        return reader_.refuse_json(code);
    }
    if (type == simdjson::ondemand::json_type::array) {
        return read_list(value, stream);
    }
    JsonObject event;
    return reader_.object(value, "data", event) && read_event(event, stream);
}

// The streams of all symbols together send lists of events.
bool BinanceStreamCodec::read_list(JsonValue value, std::string_view stream) {
    return for_each_element(reader_, value, "data", [&](JsonValue element) {
        JsonObject event;
        fields_ = {};
        in_list_ = true;
        return reader_.object(element, "data[]", event) && read_event(event, stream);
    });
}

// Digits, as we send them; an exchange that answers with anything else answers nobody.
bool BinanceStreamCodec::request_id(JsonValue value, std::string_view& out) {
    std::uint64_t id = 0;
    bool is_null = false;
    if (!reader_.null(value, "id", is_null) || is_null) {
        return is_null;
    }
    if (!reader_.identifier(value, "id", id)) {
        return false;
    }
    request_id_ = std::to_string(id);
    out = request_id_;
    return true;
}

bool BinanceStreamCodec::find_kind(JsonObject& event, std::string_view stream) {
    struct Name {
        std::string_view name;
        EventKind kind;
    };
    static constexpr Name names[] = {
        {"bookTicker", EventKind::book_ticker},
        {"trade", EventKind::trade},
        {"depthUpdate", EventKind::depth},
        {"aggTrade", EventKind::aggregate_trade},
        {"kline", EventKind::kline},
        {"markPriceUpdate", EventKind::mark_price},
        {"24hrTicker", EventKind::day_ticker},
        {"forceOrder", EventKind::force_order},
    };
    JsonValue value;
    const auto code = event.find_field_unordered("e").get(value);
    if (code == simdjson::NO_SUCH_FIELD) {
        // Spot's book ticker is the one event that does not name itself.
        if (stream.ends_with("@bookTicker")) {
            kind_ = EventKind::book_ticker;
            return true;
        }
        return reader_.refuse_missing("e", "the event");
    }
    std::string_view name;
    if (code || !reader_.text(value, "e", name)) {
        return code ? reader_.refuse_json(code) : false;
    }
    for (const auto& known : names) {
        if (known.name == name) {
            kind_ = known.kind;
            return check_product(stream);
        }
    }
    return refuse_event(name);
}

bool BinanceStreamCodec::refuse_event(std::string_view name) {
    for (const std::string_view product :
         {"contractInfo", "EquityUpdate", "CommodityUpdate", "ForexUpdate", "tradingSession",
          "compositeIndex", "assetIndexUpdate", "24hrMiniTicker", "continuous_kline", "avgPrice",
          "24hrLevelTicker"}) {
        if (name == product) {
            return reader_.refuse(
                ErrorCode::unsupported_product,
                fmt::format("event {} is of a product that is not decoded: unsubscribe from it", name));
        }
    }
    return reader_.refuse(
        ErrorCode::unknown_topic,
        fmt::format("event {} is not known: expected depthUpdate, trade, aggTrade, bookTicker, "
                    "kline, markPriceUpdate, 24hrTicker or forceOrder",
                    in_quotes(name)));
}

// Books that look like differences of the whole book and are not: their stream's name tells.
bool BinanceStreamCodec::check_product(std::string_view stream) {
    if (kind_ != EventKind::depth) {
        return true;
    }
    constexpr std::string_view depth = "@depth";
    const auto found = stream.find(depth);
    const bool partial = found != std::string_view::npos && found + depth.size() < stream.size() &&
                         stream[found + depth.size()] >= '0' && stream[found + depth.size()] <= '9';
    if (in_list_ || partial || stream.contains("@rpiDepth")) {
        return reader_.refuse(
            ErrorCode::unsupported_product,
            fmt::format("{} is of a book that is not decoded (its first levels only, or with RPI orders): "
                        "subscribe to SYMBOL@depth@100ms",
                        stream.empty() ? std::string("a list of depthUpdate") : in_quotes(stream)));
    }
    return true;
}

bool BinanceStreamCodec::read_event(JsonObject& event, std::string_view stream) {
    if (!find_kind(event, stream)) {
        return false;
    }
    if (const auto code = event.reset().error()) {
        return reader_.refuse_json(code);
    }
    switch (kind_) {
        case EventKind::depth:
            return read_depth(event);
        case EventKind::trade:
            return read_trade(event, TradeFeed::individual);
        case EventKind::aggregate_trade:
            return read_trade(event, TradeFeed::aggregate);
        case EventKind::book_ticker:
            return read_book_ticker(event);
        case EventKind::kline:
            return read_kline(event);
        case EventKind::mark_price:
            return read_mark_price(event);
        case EventKind::day_ticker:
            return read_day_ticker(event);
        case EventKind::force_order:
            return read_force_order(event);
        case EventKind::unknown:
            break;
    }
    return true;
}

bool BinanceStreamCodec::common_field(JsonKey key, JsonValue value) {
    if (is_key(key, "s")) {
        return reader_.symbol(value, "s", fields_.symbol);
    }
    if (is_key(key, "E")) {
        return reader_.time(value, "E", fields_.event_time);
    }
    return true;
}

bool BinanceStreamCodec::need_symbol(std::string_view kind) {
    return !fields_.symbol.empty() || reader_.refuse_missing("s", kind);
}

void BinanceStreamCodec::emit(ExchangeTime time, const MarketPayload& payload) {
    events_.push_back({fields_.symbol, time, payload, reader_.sizes_capped()});
}

bool BinanceStreamCodec::read_depth(JsonObject& event) {
    bids_.clear();
    asks_.clear();
    const bool complete = for_each_field(reader_, event, [this](JsonKey key, JsonValue value) {
        if (is_key(key, "T")) {
            return reader_.time(value, "T", fields_.transaction_time);
        }
        if (is_key(key, "U")) {
            fields_.seen |= 1;
            return reader_.identifier(value, "U", fields_.first_update);
        }
        if (is_key(key, "u")) {
            fields_.seen |= 2;
            return reader_.identifier(value, "u", fields_.last_update);
        }
        if (is_key(key, "pu")) {
            fields_.has_previous = true;
            return reader_.identifier(value, "pu", fields_.previous_update);
        }
        if (is_key(key, "b")) {
            fields_.seen |= 4;
            return reader_.levels(value, "b", bids_);
        }
        if (is_key(key, "a")) {
            fields_.seen |= 8;
            return reader_.levels(value, "a", asks_);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("depthUpdate")) {
        return false;
    }
    if (fields_.seen != 15 || fields_.event_time.ms == 0) {
        return reader_.refuse(ErrorCode::field_missing, "depthUpdate needs E, U, u, b and a");
    }
    if (market_ == Market::usdm && !fields_.has_previous) {
        return reader_.refuse_missing("pu", "a USD-M depthUpdate");
    }
    const auto previous = fields_.has_previous ? fields_.previous_update : fields_.first_update - 1;
    const auto time = fields_.transaction_time.ms != 0 ? fields_.transaction_time : fields_.event_time;
    emit(time, BookDelta{.time = time,
                         .first_update_id = fields_.first_update,
                         .last_update_id = fields_.last_update,
                         .previous_update_id = previous,
                         .depth = 0,
                         .bids = bids_,
                         .asks = asks_});
    return true;
}

}  // namespace virtuoso::binance
