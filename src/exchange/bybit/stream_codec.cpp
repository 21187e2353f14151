#include "exchange/bybit/stream_codec.hpp"

#include "exchange/bybit/stream_elements.hpp"
#include "exchange/bybit/ticker_fields.hpp"
#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::bybit {

Result<DecodedFrame> BybitStreamCodec::decode(PaddedFrame frame) {
    envelope_ = {};
    symbol_ = {};
    events_.clear();
    if (!read(frame)) {
        return std::unexpected(reader_.take_error());
    }
    if (!envelope_.topic.empty()) {
        if (!finish_market()) {
            return std::unexpected(reader_.take_error());
        }
        return DecodedFrame{.kind = events_.empty() ? FrameKind::quiet : FrameKind::market,
                            .events = events_,
                            .topic = envelope_.topic};
    }
    return finish_control();
}

RefusedTopic BybitStreamCodec::refused_topic() const noexcept {
    if (symbol_.empty()) {
        return RefusedTopic::unknown;
    }
    switch (topic_.kind) {
        case TopicKind::order_book:
            return RefusedTopic::book;
        case TopicKind::trades:
            return RefusedTopic::trades;
        default:
            return RefusedTopic::other;
    }
}

// The payload's shape depends on the topic. Usually the topic comes first; when it does not, a second
// pass reads the data.
bool BybitStreamCodec::read(PaddedFrame frame) {
    JsonDocument document;
    JsonObject root;
    if (!reader_.open(frame, document, root)) {
        return false;
    }
    const auto visit = [this](JsonKey key, JsonValue value) {
        if (!is_key(key, "data")) {
            return read_envelope_field(key, value);
        }
        envelope_.has_data = true;
        if (envelope_.topic.empty() || envelope_.data_done) {
            return true;
        }
        envelope_.data_done = true;
        return read_data(value);
    };
    if (!for_each_field(reader_, root, visit)) {
        return false;
    }
    if (!envelope_.topic.empty() && envelope_.has_data && !envelope_.data_done) {
        if (const auto code = root.reset().error()) {
            return reader_.refuse_json(code);
        }
        if (!for_each_field(reader_, root, visit)) {
            return false;
        }
    }
    return reader_.at_end(document);
}

bool BybitStreamCodec::read_envelope_field(JsonKey key, JsonValue value) {
    const auto is = [&](std::string_view name) { return is_key(key, name); };
    if (is("topic")) {
        return reader_.text(value, "topic", envelope_.topic) && classify_topic();
    }
    if (is("type")) {
        return reader_.text(value, "type", envelope_.type);
    }
    if (is("ts")) {
        return reader_.time(value, "ts", envelope_.time);
    }
    if (is("cts")) {
        return JsonReader::is_none(value) || reader_.time(value, "cts", envelope_.matched_time);
    }
    if (is("op")) {
        return reader_.text(value, "op", envelope_.operation);
    }
    if (is("success")) {
        envelope_.has_success = true;
        return reader_.boolean(value, "success", envelope_.success);
    }
    if (is("ret_msg") || is("retMsg")) {
        return JsonReader::is_none(value) || reader_.text(value, "ret_msg", envelope_.message);
    }
    if (is("req_id")) {
        return JsonReader::is_none(value) || reader_.text(value, "req_id", envelope_.request_id);
    }
    if (is("conn_id") || is("connId")) {
        return JsonReader::is_none(value) || reader_.text(value, "conn_id", envelope_.connection_id);
    }
    if (is("args")) {
        envelope_.has_arguments = true;
    }
    return true;
}

bool BybitStreamCodec::classify_topic() {
    const auto topic = parse_topic(envelope_.topic);
    if (topic) {
        if (!reader_.check_symbol_name(topic->symbol, "the topic's symbol")) {
            return false;
        }
        topic_ = *topic;
        symbol_ = topic->symbol;
        return true;
    }
    for (const std::string_view product : {"orderbook.rpi.", "orderbook.full.", "adlAlert.", "insurance.",
                                           "priceLimit.", "kline_lt.", "tickers_lt.", "lt."}) {
        if (envelope_.topic.starts_with(product)) {
            return reader_.refuse(
                ErrorCode::unsupported_product,
                fmt::format("topic {} is of a product that is not decoded: unsubscribe from it",
                            in_quotes(envelope_.topic)));
        }
    }
    return reader_.refuse(
        ErrorCode::unknown_topic,
        fmt::format("topic {} is not known: expected orderbook.N, publicTrade, tickers, kline "
                    "or allLiquidation with a symbol",
                    in_quotes(envelope_.topic)));
}

bool BybitStreamCodec::read_data(JsonValue data) {
    const auto read_list = [&](auto& elements, auto&& read_element) {
        JsonArray list;
        elements.clear();
        return reader_.array(data, "data", list) && for_each_element(reader_, list, [&](JsonValue element) {
                   return read_element(element, elements.emplace_back());
               });
    };
    switch (topic_.kind) {
        case TopicKind::order_book:
            return read_book(data);
        case TopicKind::trades:
            return read_list(prints_, [this](JsonValue element, TradePrint& print) {
                return read_trade(reader_, element, topic_.symbol, print);
            });
        case TopicKind::ticker:
            return read_ticker(data);
        case TopicKind::kline:
            return read_list(klines_, [this](JsonValue element, KlineUpdate& update) {
                return read_kline(reader_, element, update);
            });
        case TopicKind::liquidation:
            return read_list(liquidations_, [this](JsonValue element, Liquidation& event) {
                return read_liquidation(reader_, element, topic_.symbol, event);
            });
        case TopicKind::order_liquidation:
            liquidations_.assign(1, {});
            return read_order_liquidation(reader_, data, topic_.symbol, liquidations_.front());
    }
    return true;
}

bool BybitStreamCodec::read_book(JsonValue data) {
    JsonObject object;
    book_ = {};
    bids_.clear();
    asks_.clear();
    if (!reader_.object(data, "data", object)) {
        return false;
    }
    return for_each_field(reader_, object, [this](JsonKey key, JsonValue value) {
        if (is_key(key, "b")) {
            book_.has_bids = true;
            return reader_.levels(value, "b", bids_);
        }
        if (is_key(key, "a")) {
            book_.has_asks = true;
            return reader_.levels(value, "a", asks_);
        }
        if (is_key(key, "u")) {
            book_.has_update_id = true;
            return reader_.identifier(value, "u", book_.update_id);
        }
        if (is_key(key, "s")) {
            return reader_.text(value, "s", book_.symbol) &&
                   check_symbol(reader_, book_.symbol, topic_.symbol);
        }
        return true;
    });
}

bool BybitStreamCodec::read_ticker(JsonValue data) {
    JsonObject object;
    TickerFields fields;
    if (!reader_.object(data, "data", object) ||
        !for_each_field(reader_, object,
                        [&](JsonKey key, JsonValue value) { return fields.read(reader_, key, value); }) ||
        !check_symbol(reader_, fields.symbol, topic_.symbol)) {
        return false;
    }
    fields.finish();
    ticker_ = fields.update;
    return true;
}

void BybitStreamCodec::emit(ExchangeTime time, const MarketPayload& payload) {
    events_.push_back({topic_.symbol, time, payload, reader_.sizes_capped()});
}

bool BybitStreamCodec::finish_market() {
    if (!envelope_.data_done) {
        return reader_.refuse_missing("data", envelope_.topic);
    }
    if (envelope_.time.ms == 0) {
        return reader_.refuse_missing("ts", envelope_.topic);
    }
    const bool snapshot = envelope_.type == "snapshot";
    const bool typed = topic_.kind == TopicKind::order_book || topic_.kind == TopicKind::ticker;
    if (typed && !snapshot && envelope_.type != "delta") {
        return reader_.refuse(ErrorCode::field_value, fmt::format("type = {} is neither snapshot nor delta",
                                                                  in_quotes(envelope_.type)));
    }
    switch (topic_.kind) {
        case TopicKind::order_book:
            return finish_book(snapshot);
        case TopicKind::trades: {
            ExchangeTime newest;
            for (const auto& print : prints_) {
                newest = std::max(newest, print.time);
            }
            emit(newest, Trades{.prints = prints_});
            return true;
        }
        case TopicKind::ticker:
            ticker_.time = envelope_.time;
            ticker_.snapshot = snapshot;
            emit(envelope_.time, ticker_);
            return true;
        case TopicKind::kline:
            for (auto& update : klines_) {
                if (topic_.timeframe) {
                    update.timeframe = *topic_.timeframe;
                    if (!check_grid(reader_, update.candle, update.timeframe)) {
                        return false;
                    }
                    update.time = envelope_.time;
                    emit(envelope_.time, update);
                }
            }
            return true;
        case TopicKind::liquidation:
        case TopicKind::order_liquidation:
            emit(envelope_.time, Liquidations{liquidations_});
            return true;
    }
    return true;
}

bool BybitStreamCodec::finish_book(bool snapshot) {
    if (!book_.has_update_id || !book_.has_bids || !book_.has_asks || book_.symbol.empty()) {
        return reader_.refuse(ErrorCode::field_missing, "an order book frame needs data.s, b, a and u");
    }
    const ExchangeTime time = envelope_.matched_time.ms != 0 ? envelope_.matched_time : envelope_.time;
    if (snapshot) {
        emit(time, BookSnapshot{.time = time,
                                .update_id = book_.update_id,
                                .depth = topic_.depth,
                                .bids = bids_,
                                .asks = asks_});
    } else {
        emit(time, BookDelta{.time = time,
                             .first_update_id = book_.update_id,
                             .last_update_id = book_.update_id,
                             .previous_update_id = book_.update_id - 1,
                             .depth = topic_.depth,
                             .bids = bids_,
                             .asks = asks_});
    }
    return true;
}

Result<DecodedFrame> BybitStreamCodec::finish_control() {
    DecodedFrame decoded{.kind = FrameKind::quiet,
                         .events = {},
                         .topic = {},
                         .request_id = envelope_.request_id,
                         .connection_id = envelope_.connection_id,
                         .detail = envelope_.message};
    const auto operation = envelope_.operation;
    if (operation.empty() && !envelope_.has_success) {
        return fail(ErrorCode::field_missing,
                    "the frame has neither a topic nor an op: it is not of this stream");
    }
    if (operation == "pong" || envelope_.message == "pong") {
        decoded.kind = FrameKind::pong;
    } else if (!envelope_.has_success && (envelope_.has_arguments || operation == "ping")) {
        decoded.kind = FrameKind::request;
    } else if (operation == "auth") {
        decoded.kind = envelope_.success ? FrameKind::authenticated : FrameKind::authentication_failed;
    } else if (operation == "subscribe") {
        decoded.kind = envelope_.success ? FrameKind::subscribed : FrameKind::subscription_failed;
    } else if (operation == "unsubscribe") {
        decoded.kind = FrameKind::unsubscribed;
    } else if (operation != "ping") {
        return fail(ErrorCode::field_value,
                    fmt::format("op = {} is not known: expected subscribe, unsubscribe, ping, pong or auth",
                                in_quotes(operation)));
    }
    return decoded;
}

}  // namespace virtuoso::bybit
