#include "exchange/binance/stream_codec.hpp"

#include "exchange/binance/stream_elements.hpp"
#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

namespace virtuoso::binance {

Result<DecodedFrame> BinanceStreamCodec::decode(PaddedFrame frame) {
    fields_ = {};
    kind_ = EventKind::unknown;
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
    JsonObject root;
    if (!reader_.open(frame, document, root)) {
        return false;
    }
    std::string_view stream;
    bool has_data = false;
    bool has_event = false;
    bool has_answer = false;
    const bool complete = for_each_field(reader_, root, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "stream")) {
            return reader_.text(value, "stream", stream);
        }
        if (is_key(key, "data")) {
            JsonObject event;
            has_data = true;
            return reader_.object(value, "data", event) && read_event(event, stream);
        }
        has_event = has_event || is_key(key, "e");
        has_answer = has_answer || is_key(key, "result") || is_key(key, "method");
        if (is_key(key, "id")) {
            return request_id(value, decoded.request_id);
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
        if (!read_event(root, stream)) {
            return false;
        }
    } else if (!has_data && has_answer) {
        decoded.kind = FrameKind::subscribed;
    } else if (!has_data && decoded.kind != FrameKind::subscription_failed) {
        return reader_.refuse(
            ErrorCode::field_missing,
            "the frame has neither an event nor an answer to a request: it is not of this stream");
    }
    return reader_.at_end(document);
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
            return true;
        }
    }
    return reader_.refuse(
        ErrorCode::unknown_topic,
        fmt::format("event {} is not known: expected depthUpdate, trade, aggTrade, bookTicker, "
                    "kline, markPriceUpdate, 24hrTicker or forceOrder",
                    in_quotes(name)));
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

// m: the buyer is the maker, so the taker sold.
bool BinanceStreamCodec::read_trade(JsonObject& event, TradeFeed feed) {
    print_ = {};
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "p")) {
            return reader_.price(value, "p", print_.price);
        }
        if (is_key(key, "q")) {
            return reader_.size(value, "q", print_.size);
        }
        if (is_key(key, "T")) {
            return reader_.time(value, "T", print_.time);
        }
        if (is_key(key, "m")) {
            fields_.seen |= 1;
            return reader_.boolean(value, "m", fields_.buyer_is_maker);
        }
        if (is_key(key, feed == TradeFeed::aggregate ? "a" : "t")) {
            return reader_.identifier(value, "t", print_.id);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("trade")) {
        return false;
    }
    if (print_.price.is_zero() || print_.size.is_zero() || print_.time.ms == 0 || print_.id == 0 ||
        fields_.seen != 1) {
        return reader_.refuse(ErrorCode::field_missing, "a trade needs p, q > 0, T, m and its id");
    }
    print_.taker = fields_.buyer_is_maker ? Side::sell : Side::buy;
    emit(print_.time, Trades{.feed = feed, .ids_ascend = true, .prints = {&print_, 1}});
    return true;
}

bool BinanceStreamCodec::read_book_ticker(JsonObject& event) {
    BookLevel bid;
    BookLevel ask;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "b")) {
            fields_.seen |= 1;
            return reader_.decimal(value, "b", bid.price.units);
        }
        if (is_key(key, "B")) {
            fields_.seen |= 2;
            return reader_.size(value, "B", bid.size);
        }
        if (is_key(key, "a")) {
            fields_.seen |= 4;
            return reader_.decimal(value, "a", ask.price.units);
        }
        if (is_key(key, "A")) {
            fields_.seen |= 8;
            return reader_.size(value, "A", ask.size);
        }
        if (is_key(key, "T")) {
            return reader_.time(value, "T", fields_.transaction_time);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("bookTicker")) {
        return false;
    }
    if (fields_.seen != 15 || bid.price.units < 0 || ask.price.units < 0) {
        return reader_.refuse(ErrorCode::field_missing, "bookTicker needs b, B, a and A of zero or more");
    }
    const auto time = fields_.transaction_time.ms != 0 ? fields_.transaction_time : fields_.event_time;
    TickerUpdate update{.time = time};
    if (bid.price.units > 0) {
        update.best_bid = bid;
    }
    if (ask.price.units > 0) {
        update.best_ask = ask;
    }
    emit(time, update);
    return true;
}

bool BinanceStreamCodec::read_kline(JsonObject& event) {
    KlineUpdate update;
    bool has_kline = false;
    bool kept = false;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "k")) {
            has_kline = true;
            return read_kline_object(reader_, value, update, kept);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("kline")) {
        return false;
    }
    if (!has_kline) {
        return reader_.refuse_missing("k", "kline");
    }
    update.time = fields_.event_time;
    if (kept && !check_grid(reader_, update.candle, update.timeframe)) {
        return false;
    }
    if (kept) {
        emit(fields_.event_time, update);
    }
    return true;
}

bool BinanceStreamCodec::read_mark_price(JsonObject& event) {
    TickerUpdate update;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "p")) {
            return reader_.optional_price(value, "p", update.mark_price);
        }
        if (is_key(key, "i")) {
            return reader_.optional_price(value, "i", update.index_price);
        }
        if (is_key(key, "r")) {
            return reader_.optional_real(value, "r", update.funding_rate);
        }
        if (is_key(key, "T")) {
            return reader_.optional_time(value, "T", update.next_funding_time);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("markPriceUpdate")) {
        return false;
    }
    if (!update.mark_price || fields_.event_time.ms == 0) {
        return reader_.refuse(ErrorCode::field_missing, "markPriceUpdate needs E and p");
    }
    update.time = fields_.event_time;
    emit(fields_.event_time, update);
    return true;
}

bool BinanceStreamCodec::read_day_ticker(JsonObject& event) {
    TickerUpdate update;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "c")) {
            return reader_.optional_price(value, "c", update.last_price);
        }
        if (is_key(key, "P")) {
            return reader_.optional_real(value, "P", update.change_24h);
        }
        if (is_key(key, "h")) {
            return reader_.optional_price(value, "h", update.high_24h);
        }
        if (is_key(key, "l")) {
            return reader_.optional_price(value, "l", update.low_24h);
        }
        if (is_key(key, "v")) {
            return reader_.optional_real(value, "v", update.volume_24h);
        }
        if (is_key(key, "q")) {
            return reader_.optional_real(value, "q", update.turnover_24h);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("24hrTicker")) {
        return false;
    }
    if (fields_.event_time.ms == 0) {
        return reader_.refuse_missing("E", "24hrTicker");
    }
    if (update.change_24h) {
        *update.change_24h /= 100;  // percent on the wire
    }
    update.time = fields_.event_time;
    emit(fields_.event_time, update);
    return true;
}

bool BinanceStreamCodec::read_force_order(JsonObject& event) {
    liquidation_ = {};
    bool has_order = false;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "o")) {
            has_order = true;
            return read_order_object(reader_, value, fields_.symbol, liquidation_);
        }
        return !is_key(key, "E") || reader_.time(value, "E", fields_.event_time);
    });
    if (!complete) {
        return false;
    }
    if (!has_order) {
        return reader_.refuse_missing("o", "forceOrder");
    }
    if (!need_symbol("forceOrder")) {
        return false;
    }
    emit(liquidation_.time, Liquidations{{&liquidation_, 1}});
    return true;
}

}  // namespace virtuoso::binance
