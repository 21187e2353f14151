#include "exchange/bybit/rest_codec.hpp"

#include "exchange/bybit/rest_elements.hpp"
#include "exchange/bybit/ticker_fields.hpp"
#include "exchange/bybit/topic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace virtuoso::bybit {

Result<RestReply> BybitRestCodec::decode(std::string_view target, PaddedFrame body) {
    static constexpr RestRoute<Endpoint> routes[] = {
        {"/v5/market/time", Endpoint::time},
        {"/v5/market/instruments-info", Endpoint::instruments},
        {"/v5/market/tickers", Endpoint::tickers},
        {"/v5/market/kline", Endpoint::kline},
        {"/v5/market/orderbook", Endpoint::order_book},
        {"/v5/market/recent-trade", Endpoint::recent_trade},
        {"/v5/market/open-interest", Endpoint::open_interest},
        {"/v5/market/funding/history", Endpoint::funding_history},
        {"/v5/market/account-ratio", Endpoint::account_ratio},
    };
    const RestRequest request(target);
    const auto endpoint = endpoint_of(request, routes);
    if (!endpoint) {
        return std::unexpected(endpoint.error());
    }
    endpoint_ = *endpoint;
    if (!read(request, body) || !finish(request)) {
        return std::unexpected(reader_.take_error());
    }
    switch (endpoint_) {
        case Endpoint::time:
            return ServerTime{{time_ns_}};
        case Endpoint::instruments:
            return InstrumentPage{lists_.instruments, std::string(cursor_), skipped_};
        default:
            return MarketReply{lists_.events, cursor_};
    }
}

bool BybitRestCodec::read(const RestRequest& request, PaddedFrame body) {
    category_ = cursor_ = {};
    asked_symbol_ = request.parameter("symbol");
    symbol_ = asked_symbol_;
    if (!symbol_.empty() && !reader_.check_symbol_name(symbol_, "symbol of the request")) {
        return false;
    }
    book_time_ = {};
    time_ns_ = 0;
    update_id_ = 0;
    lists_.clear();
    skipped_.clear();
    if (!read_answer(reader_, body, answer_, [this](JsonValue result) { return read_result(result); })) {
        return false;
    }
    return answer_.code == 0 ||
           reader_.refuse(ErrorCode::exchange_refused, fmt::format("the exchange answered retCode {}: {}",
                                                                   answer_.code, in_quotes(answer_.message)));
}

// All elements of an answer are of one symbol: the request's, or else that of the first.
bool BybitRestCodec::is_of(std::string_view symbol) {
    if (symbol_.empty()) {
        symbol_ = symbol;
    }
    return symbol.empty() || symbol == symbol_ ||
           reader_.refuse(ErrorCode::field_value, fmt::format("symbol = {} where {} was asked for",
                                                              in_quotes(symbol), in_quotes(symbol_)));
}

bool BybitRestCodec::read_result(JsonValue result) {
    return for_each_field(reader_, result, "result",
                          [this](JsonKey key, JsonValue value) { return read_result_field(key, value); });
}

bool BybitRestCodec::read_result_field(JsonKey key, JsonValue value) {
    if (is_key(key, "category")) {
        if (!reader_.text(value, "category", category_)) {
            return false;
        }
        const bool decoded = category_ == "linear" || category_ == "inverse" || category_ == "spot";
        return decoded ||
               reader_.refuse(ErrorCode::unsupported_product,
                              fmt::format("category {} is not decoded: use linear", in_quotes(category_)));
    }
    if (is_key(key, "list")) {
        return read_list(value);
    }
    if (is_key(key, "symbol") || is_key(key, "s")) {
        std::string_view symbol;
        return reader_.symbol(value, "symbol", symbol) && is_of(symbol);
    }
    if (is_key(key, "nextPageCursor")) {
        return reader_.optional_text(value, "nextPageCursor", cursor_);
    }
    if (is_key(key, "timeNano")) {
        return reader_.integer(value, "timeNano", time_ns_);
    }
    if (endpoint_ != Endpoint::order_book) {
        return true;
    }
    if (is_key(key, "b")) {
        return reader_.levels(value, "b", lists_.bids);
    }
    if (is_key(key, "a")) {
        return reader_.levels(value, "a", lists_.asks);
    }
    if (is_key(key, "u")) {
        return reader_.identifier(value, "u", update_id_);
    }
    return !is_key(key, "ts") || reader_.time(value, "ts", book_time_);
}

bool BybitRestCodec::read_list(JsonValue list) {
    return read_elements(reader_, list, "result.list", symbol_, skipped_,
                         [this](JsonValue element) { return read_element(element); });
}

bool BybitRestCodec::read_element(JsonValue element) {
    std::string_view symbol;
    const auto keep = [&](auto& items, auto&& read) { return keep_element(items, element, read); };
    switch (endpoint_) {
        case Endpoint::instruments:
            return keep(lists_.instruments, [this](JsonValue value, Instrument& instrument) {
                return read_instrument(reader_, value, instrument);
            });
        case Endpoint::tickers:
            return read_ticker(element);
        case Endpoint::kline:
            return keep(lists_.candles, [this](JsonValue value, Candle& candle) {
                return read_kline_row(reader_, value, candle);
            });
        case Endpoint::recent_trade:
            return keep(lists_.prints, [&](JsonValue value, TradePrint& print) {
                return read_recent_trade(reader_, value, symbol, print) && is_of(symbol);
            });
        case Endpoint::open_interest:
            return keep(lists_.interest, [this](JsonValue value, OpenInterestPoint& point) {
                return read_open_interest(reader_, value, point);
            });
        case Endpoint::funding_history:
            return keep(lists_.funding, [&](JsonValue value, FundingPoint& point) {
                return read_funding(reader_, value, symbol, point) && is_of(symbol);
            });
        case Endpoint::account_ratio:
            return keep(lists_.ratios, [&](JsonValue value, AccountRatioPoint& point) {
                return read_account_ratio(reader_, value, symbol, point) && is_of(symbol);
            });
        case Endpoint::time:
        case Endpoint::order_book:
            break;
    }
    return reader_.refuse(ErrorCode::field_value, "result has a list where none belongs");
}

bool BybitRestCodec::read_ticker(JsonValue element) {
    TickerFields fields;
    if (!for_each_field(reader_, element, "list[]",
                        [&](JsonKey key, JsonValue value) { return fields.read(reader_, key, value); })) {
        return false;
    }
    if (fields.symbol.empty()) {
        return reader_.refuse_missing("symbol", "a ticker");
    }
    fields.finish();
    lists_.tickers.emplace_back(fields.symbol, fields.update);
    return true;
}

void BybitRestCodec::emit(ExchangeTime time, const MarketPayload& payload) {
    lists_.events.push_back({symbol_, time, payload, reader_.sizes_capped()});
}

bool BybitRestCodec::finish_kline(const RestRequest& request) {
    std::optional<Timeframe> timeframe = timeframe_of(request.parameter("interval"));
    if (!timeframe && lists_.candles.size() > 1) {
        timeframe = timeframe_of_interval(lists_.candles[1].open_time - lists_.candles[0].open_time);
    }
    if (!timeframe) {
        return reader_.refuse(ErrorCode::field_value,
                              fmt::format("interval = {} is not kept: use 1, 5, 15, 30, 60, 240 or D",
                                          in_quotes(request.parameter("interval"))));
    }
    emit(answer_.time, KlineHistory{*timeframe, answer_.time, lists_.candles});
    return true;
}

bool BybitRestCodec::finish(const RestRequest& request) {
    std::reverse(lists_.candles.begin(), lists_.candles.end());
    std::reverse(lists_.prints.begin(), lists_.prints.end());
    std::reverse(lists_.interest.begin(), lists_.interest.end());
    std::reverse(lists_.funding.begin(), lists_.funding.end());
    std::reverse(lists_.ratios.begin(), lists_.ratios.end());
    lists_.put_in_order();
    const bool about_symbol =
        endpoint_ != Endpoint::time && endpoint_ != Endpoint::instruments && endpoint_ != Endpoint::tickers;
    if (about_symbol && symbol_.empty()) {
        return reader_.refuse_missing("symbol", "the answer");
    }
    switch (endpoint_) {
        case Endpoint::time:
            return time_ns_ > 0 || reader_.refuse_missing("timeNano", "server time");
        case Endpoint::instruments:
            return true;
        case Endpoint::tickers:
            for (auto& [symbol, update] : lists_.tickers) {
                update.time = answer_.time;
                update.snapshot = true;
                update.market_wide = request.parameter("symbol").empty();
                lists_.events.push_back({symbol, answer_.time, update});
            }
            return true;
        case Endpoint::kline:
            return finish_kline(request);
        case Endpoint::order_book:
            if (update_id_ == 0 || book_time_.ms == 0) {
                return reader_.refuse_missing(update_id_ == 0 ? "u" : "ts", "the order book");
            }
            emit(book_time_, BookSnapshot{.time = book_time_,
                                          .update_id = update_id_,
                                          .depth = 1000,
                                          .origin = SnapshotOrigin::rest,
                                          .truncated = true,
                                          .bids = lists_.bids,
                                          .asks = lists_.asks});
            return true;
        case Endpoint::recent_trade:
            emit(newest_of(lists_.prints, answer_.time), Trades{.prints = lists_.prints});
            return true;
        case Endpoint::open_interest:
            emit(newest_of(lists_.interest, answer_.time), OpenInterestHistory{lists_.interest});
            return true;
        case Endpoint::funding_history:
            emit(newest_of(lists_.funding, answer_.time), FundingHistory{lists_.funding});
            return true;
        case Endpoint::account_ratio:
            emit(newest_of(lists_.ratios, answer_.time), AccountRatioHistory{lists_.ratios});
            return true;
    }
    return true;
}

}  // namespace virtuoso::bybit
