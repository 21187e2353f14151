// How the bytes of the exchange of docs/extending.md are read.
#pragma once

#include "exchange/candle_reading.hpp"
#include "exchange/json_reader.hpp"
#include "exchange/rest_lists.hpp"
#include "exchange/rest_reply.hpp"
#include "exchange/stream_codec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::examples {

/// {"trade":3,"price":"100.5","size":"2","side":"buy"}, whatever else is beside it.
class AcmeTrade {
  public:
    /// Of a field that is not its own it says true.
    [[nodiscard]] bool read(JsonReader& reader, JsonKey key, JsonValue value) {
        if (is_key(key, "trade")) {
            return reader.identifier(value, "trade", print.id);
        }
        if (is_key(key, "price")) {
            return reader.price(value, "price", print.price);
        }
        if (is_key(key, "size")) {
            return reader.size(value, "size", print.size);
        }
        std::string_view side;
        if (!is_key(key, "side")) {
            return true;
        }
        if (!reader.text(value, "side", side) || (side != "buy" && side != "sell")) {
            return reader.refuse(ErrorCode::field_value,
                                 "side = " + in_quotes(side) + " is neither buy nor sell");
        }
        print.taker = side == "buy" ? Side::buy : Side::sell;
        return true;
    }
    [[nodiscard]] bool is_whole(JsonReader& reader) const {
        return (print.id > 0 || reader.refuse_missing("trade", "a trade")) &&
               (print.price.units > 0 || reader.refuse_missing("price", "a trade"));
    }

    TradePrint print;
};

/// [start, open, high, low, close, volume]
[[nodiscard]] inline bool read_acme_candle(JsonReader& reader, JsonValue row, Candle& candle) {
    int column = 0;
    return for_each_element(
               reader, row, "a candle",
               [&](JsonValue value) { return read_kline_column(reader, value, column++, candle); }) &&
           check_candle(reader, candle);
}

class AcmeStreamCodec final : public StreamCodec {
  public:
    Result<DecodedFrame> decode(PaddedFrame frame) override {
        read_ = {};
        bids_.clear();
        asks_.clear();
        JsonDocument document;
        JsonObject root;
        if (!reader_.open(frame, document, root) ||
            !for_each_field(reader_, root,
                            [this](JsonKey key, JsonValue value) { return take(key, value); }) ||
            !reader_.at_end(document) || !finish()) {
            return std::unexpected(reader_.take_error());
        }
        return decoded_;
    }
    std::string_view refused_symbol() const noexcept override { return symbol(); }
    RefusedTopic refused_topic() const noexcept override {
        return is("book.")        ? RefusedTopic::book
               : is("trade.")     ? RefusedTopic::trades
               : symbol().empty() ? RefusedTopic::unknown
                                  : RefusedTopic::other;
    }

  private:
    struct Read {
        std::string_view topic;
        std::string_view id;
        std::string_view answer;
        ExchangeTime time;
        bool is_first = false;
        std::uint64_t update = 0;
        AcmeTrade trade;
        TickerUpdate ticker;
        KlineUpdate candle;
    };

    [[nodiscard]] bool is(std::string_view kind) const noexcept { return read_.topic.starts_with(kind); }
    [[nodiscard]] std::string_view symbol() const noexcept {
        return read_.topic.substr(std::min(read_.topic.find('.'), read_.topic.size() - 1) + 1);
    }

    bool take(JsonKey key, JsonValue value) {
        const auto is_named = [&](std::string_view name) { return is_key(key, name); };
        if (is_named("topic")) {
            return reader_.text(value, "topic", read_.topic) &&
                   reader_.check_symbol_name(symbol(), "the topic's symbol");
        }
        if (is_named("id")) {
            return reader_.text(value, "id", read_.id);
        }
        if (is_named("answer")) {
            return reader_.text(value, "answer", read_.answer);
        }
        if (is_named("time")) {
            return reader_.time(value, "time", read_.time);
        }
        if (is_named("first")) {
            return reader_.boolean(value, "first", read_.is_first);
        }
        if (is_named("update")) {
            return reader_.identifier(value, "update", read_.update);
        }
        if (is_named("bids") || is_named("asks")) {
            return reader_.levels(value, "levels", is_named("bids") ? bids_ : asks_);
        }
        if (is_named("last")) {
            return reader_.optional_price(value, "last", read_.ticker.last_price);
        }
        if (is_named("candle")) {
            return read_acme_candle(reader_, value, read_.candle.candle);
        }
        return read_.trade.read(reader_, key, value);
    }

    bool finish() {
        events_.clear();
        if (read_.topic.empty()) {
            return finish_answer();
        }
        if (read_.time.ms == 0) {
            return reader_.refuse_missing("time", read_.topic);
        }
        if (is("trade.")) {
            if (!read_.trade.is_whole(reader_)) {
                return false;
            }
            read_.trade.print.time = read_.time;
            emit(Trades{.ids_ascend = true, .prints = {&read_.trade.print, 1}});
        } else if (is("book.")) {
            if (read_.update == 0) {
                return reader_.refuse_missing("update", read_.topic);
            }
            emit_book();
        } else if (is("ticker.")) {
            read_.ticker.time = read_.time;
            emit(read_.ticker);
        } else if (is("candle.")) {
            read_.candle.time = read_.time;
            emit(read_.candle);
        } else {
            return reader_.refuse(ErrorCode::unknown_topic,
                                  "topic " + in_quotes(read_.topic) + " is not known");
        }
        decoded_ = {.kind = FrameKind::market, .events = events_, .topic = read_.topic};
        return true;
    }
    bool finish_answer() {
        decoded_ = {.kind = read_.answer == "pong"           ? FrameKind::pong
                            : read_.answer == "subscribed"   ? FrameKind::subscribed
                            : read_.answer == "unsubscribed" ? FrameKind::unsubscribed
                                                             : FrameKind::subscription_failed,
                    .request_id = read_.id,
                    .detail = read_.answer};
        return !read_.id.empty() || reader_.refuse_missing("topic or id", "a frame");
    }
    void emit_book() {
        if (read_.is_first) {
            emit(BookSnapshot{.time = read_.time, .update_id = read_.update, .bids = bids_, .asks = asks_});
        } else {
            emit(BookDelta{.time = read_.time,
                           .first_update_id = read_.update,
                           .last_update_id = read_.update,
                           .previous_update_id = read_.update - 1,
                           .bids = bids_,
                           .asks = asks_});
        }
    }
    void emit(const MarketPayload& payload) {
        events_.push_back({symbol(), read_.time, payload, reader_.sizes_capped()});
    }

    JsonReader reader_;
    Read read_;
    std::vector<BookLevel> bids_;
    std::vector<BookLevel> asks_;
    std::vector<MarketEvent> events_;
    DecodedFrame decoded_;
};

/// {"time":1717200000000,"list":[…]}
class AcmeRestCodec final : public RestCodec {
  public:
    Result<RestReply> decode(std::string_view target, PaddedFrame body) override {
        static constexpr RestRoute<Endpoint> routes[] = {{"/time", Endpoint::time},
                                                         {"/contracts", Endpoint::contracts},
                                                         {"/tickers", Endpoint::tickers},
                                                         {"/trades", Endpoint::trades},
                                                         {"/candles", Endpoint::candles}};
        const RestRequest request(target);
        const auto endpoint = endpoint_of(request, routes);
        if (!endpoint) {
            return std::unexpected(endpoint.error());
        }
        endpoint_ = *endpoint;
        symbol_ = request.parameter("symbol");
        time_ = {};
        lists_.clear();
        skipped_.clear();
        JsonDocument document;
        JsonObject root;
        if (!reader_.open(body, document, root) ||
            !for_each_field(reader_, root,
                            [this](JsonKey key, JsonValue value) { return take(key, value); }) ||
            !reader_.at_end(document)) {
            return std::unexpected(reader_.take_error());
        }
        return reply(timeframe_named(request.parameter("interval")).value_or(Timeframe::m1));
    }

  private:
    enum class Endpoint : std::uint8_t { time, contracts, tickers, trades, candles };

    bool take(JsonKey key, JsonValue value) {
        if (is_key(key, "time")) {
            return reader_.time(value, "time", time_);
        }
        return !is_key(key, "list") ||
               read_elements(reader_, value, "list", symbol_, skipped_,
                             [this](JsonValue element) { return take_element(element); });
    }
    bool take_element(JsonValue element) {
        switch (endpoint_) {
            case Endpoint::contracts:
                return keep_element(lists_.instruments, element, [this](JsonValue value, Instrument& kept) {
                    return read_contract(value, kept);
                });
            case Endpoint::tickers:
                return read_ticker(element);
            case Endpoint::trades:
                return read_trade(element);
            case Endpoint::candles:
                return keep_element(lists_.candles, element, [this](JsonValue value, Candle& kept) {
                    return read_acme_candle(reader_, value, kept);
                });
            case Endpoint::time:
                break;
        }
        return reader_.refuse(ErrorCode::field_value, "a list where none belongs");
    }
    bool read_contract(JsonValue element, Instrument& contract) {
        contract.status = "trading";  // what is listed is traded
        return for_each_field(reader_, element, "a contract", [&](JsonKey key, JsonValue value) {
            return is_key(key, "symbol")  ? reader_.symbol(value, "symbol", contract.symbol)
                   : is_key(key, "quote") ? reader_.text(value, "quote", contract.quote_coin)
                   : is_key(key, "tick")  ? reader_.price(value, "tick", contract.tick_size)
                   : is_key(key, "step")  ? reader_.size(value, "step", contract.quantity_step)
                                          : true;
        });
    }
    bool read_ticker(JsonValue element) {
        std::string_view symbol;
        TickerUpdate ticker{.snapshot = true, .market_wide = true};
        const bool read = for_each_field(reader_, element, "a ticker", [&](JsonKey key, JsonValue value) {
            return is_key(key, "symbol")     ? reader_.symbol(value, "symbol", symbol)
                   : is_key(key, "last")     ? reader_.optional_price(value, "last", ticker.last_price)
                   : is_key(key, "turnover") ? reader_.optional_real(value, "turnover", ticker.turnover_24h)
                                             : true;
        });
        if (read) {
            lists_.tickers.emplace_back(symbol, ticker);
        }
        return read;
    }
    bool read_trade(JsonValue element) {
        AcmeTrade trade;
        const bool read = for_each_field(reader_, element, "a trade", [&](JsonKey key, JsonValue value) {
            return is_key(key, "time") ? reader_.row_time(value, "time", trade.print.time)
                                       : trade.read(reader_, key, value);
        });
        if (!read || !trade.is_whole(reader_)) {
            return false;
        }
        lists_.prints.push_back(trade.print);
        return true;
    }

    Result<RestReply> reply(Timeframe timeframe) {
        if (endpoint_ == Endpoint::time) {
            return ServerTime{{time_.ms * 1'000'000}};
        }
        if (endpoint_ == Endpoint::contracts) {
            return InstrumentPage{lists_.instruments, {}, skipped_};
        }
        lists_.put_in_order();
        for (auto& [symbol, ticker] : lists_.tickers) {
            ticker.time = time_;
            lists_.events.push_back({symbol, time_, ticker});
        }
        if (endpoint_ == Endpoint::trades) {
            lists_.events.push_back({symbol_, newest_of(lists_.prints, time_),
                                     Trades{.ids_ascend = true, .prints = lists_.prints},
                                     reader_.sizes_capped()});
        }
        if (endpoint_ == Endpoint::candles) {
            lists_.events.push_back({symbol_, time_, KlineHistory{timeframe, time_, lists_.candles}});
        }
        return MarketReply{lists_.events, {}};
    }

    JsonReader reader_;
    RestLists lists_;
    Endpoint endpoint_ = Endpoint::time;
    std::string symbol_;
    ExchangeTime time_;
};

}  // namespace virtuoso::examples
