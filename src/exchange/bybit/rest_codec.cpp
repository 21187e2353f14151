#include "exchange/bybit/rest_codec.hpp"

#include "exchange/bybit/rest_elements.hpp"
#include "exchange/bybit/ticker_fields.hpp"
#include "exchange/bybit/topic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace virtuoso::bybit {

Result<RestReply> BybitRestCodec::decode(std::string_view target, PaddedFrame body) {
    struct Route {
        std::string_view path;
        Endpoint endpoint;
    };
    static constexpr Route routes[] = {
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
    const auto* const route = std::find_if(std::begin(routes), std::end(routes),
                                           [&](const Route& r) { return r.path == request.path(); });
    if (route == std::end(routes)) {
        return fail(
            ErrorCode::unsupported_product,
            fmt::format("endpoint {} is of a product that is not decoded", in_quotes(request.path())));
    }
    endpoint_ = route->endpoint;
    if (!read(body) || !finish(request)) {
        return std::unexpected(reader_.take_error());
    }
    switch (endpoint_) {
        case Endpoint::time:
            return ServerTime{{time_ns_}};
        case Endpoint::instruments:
            return InstrumentPage{instruments_, std::string(cursor_)};
        default:
            return MarketReply{events_, cursor_};
    }
}

bool BybitRestCodec::read(PaddedFrame body) {
    return_code_ = 0;
    return_message_ = symbol_ = category_ = cursor_ = {};
    has_result_ = false;
    time_ = book_time_ = {};
    time_ns_ = 0;
    update_id_ = 0;
    bids_.clear();
    asks_.clear();
    instruments_.clear();
    tickers_.clear();
    candles_.clear();
    prints_.clear();
    interest_.clear();
    funding_.clear();
    ratios_.clear();
    events_.clear();
    JsonDocument document;
    JsonObject root;
    bool has_code = false;
    if (!reader_.open(body, document, root)) {
        return false;
    }
    const bool complete = for_each_field(reader_, root, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "retCode")) {
            has_code = true;
            return reader_.integer(value, "retCode", return_code_);
        }
        if (is_key(key, "retMsg")) {
            return reader_.text(value, "retMsg", return_message_);
        }
        if (is_key(key, "result") && return_code_ == 0) {
            has_result_ = true;
            return read_result(value);
        }
        return !is_key(key, "time") || reader_.time(value, "time", time_);
    });
    if (!complete) {
        return false;
    }
    if (!has_code) {
        return reader_.refuse_missing("retCode", "the answer");
    }
    if (return_code_ != 0) {
        return reader_.refuse(
            ErrorCode::exchange_refused,
            fmt::format("the exchange answered retCode {}: {}", return_code_, in_quotes(return_message_)));
    }
    return has_result_ || reader_.refuse_missing("result", "the answer");
}

bool BybitRestCodec::read_result(JsonValue result) {
    JsonObject object;
    return reader_.object(result, "result", object) &&
           for_each_field(reader_, object,
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
        return reader_.text(value, "symbol", symbol_);
    }
    if (is_key(key, "nextPageCursor")) {
        return value.is_null() || reader_.text(value, "nextPageCursor", cursor_);
    }
    if (is_key(key, "timeNano")) {
        return reader_.integer(value, "timeNano", time_ns_);
    }
    if (endpoint_ != Endpoint::order_book) {
        return true;
    }
    if (is_key(key, "b")) {
        return reader_.levels(value, "b", bids_);
    }
    if (is_key(key, "a")) {
        return reader_.levels(value, "a", asks_);
    }
    if (is_key(key, "u")) {
        return reader_.identifier(value, "u", update_id_);
    }
    return !is_key(key, "ts") || reader_.time(value, "ts", book_time_);
}

bool BybitRestCodec::read_list(JsonValue list) {
    JsonArray elements;
    if (!reader_.array(list, "result.list", elements)) {
        return false;
    }
    return for_each_element(reader_, elements, [this](JsonValue element) {
        switch (endpoint_) {
            case Endpoint::instruments:
                return read_instrument(reader_, element, instruments_.emplace_back());
            case Endpoint::tickers:
                return read_ticker(element);
            case Endpoint::kline:
                return read_kline_row(reader_, element, candles_.emplace_back());
            case Endpoint::recent_trade:
                return read_recent_trade(reader_, element, symbol_, prints_.emplace_back());
            case Endpoint::open_interest:
                return read_open_interest(reader_, element, interest_.emplace_back());
            case Endpoint::funding_history:
                return read_funding(reader_, element, symbol_, funding_.emplace_back());
            case Endpoint::account_ratio:
                return read_account_ratio(reader_, element, symbol_, ratios_.emplace_back());
            case Endpoint::time:
            case Endpoint::order_book:
                break;
        }
        return reader_.refuse(ErrorCode::field_value, "result has a list where none belongs");
    });
}

bool BybitRestCodec::read_ticker(JsonValue element) {
    JsonObject object;
    TickerFields fields;
    if (!reader_.object(element, "list[]", object) ||
        !for_each_field(reader_, object,
                        [&](JsonKey key, JsonValue value) { return fields.read(reader_, key, value); })) {
        return false;
    }
    if (fields.symbol.empty()) {
        return reader_.refuse_missing("symbol", "a ticker");
    }
    fields.finish();
    tickers_.emplace_back(fields.symbol, fields.update);
    return true;
}

void BybitRestCodec::emit(ExchangeTime time, const MarketPayload& payload) {
    events_.push_back({symbol_, time, payload});
}

bool BybitRestCodec::finish_kline(const RestRequest& request) {
    std::optional<Timeframe> timeframe = timeframe_of(request.parameter("interval"));
    if (!timeframe && candles_.size() > 1) {
        timeframe = timeframe_of_interval(candles_[1].open_time - candles_[0].open_time);
    }
    if (!timeframe) {
        return reader_.refuse(ErrorCode::field_value,
                              fmt::format("interval = {} is not kept: use 1, 5, 15, 30, 60, 240 or D",
                                          in_quotes(request.parameter("interval"))));
    }
    emit(time_, KlineHistory{*timeframe, time_, candles_});
    return true;
}

bool BybitRestCodec::finish(const RestRequest& request) {
    if (symbol_.empty()) {
        symbol_ = request.parameter("symbol");
    }
    std::reverse(candles_.begin(), candles_.end());
    std::reverse(prints_.begin(), prints_.end());
    std::reverse(interest_.begin(), interest_.end());
    std::reverse(funding_.begin(), funding_.end());
    std::reverse(ratios_.begin(), ratios_.end());
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
            for (auto& [symbol, update] : tickers_) {
                update.time = time_;
                update.snapshot = true;
                events_.push_back({symbol, time_, update});
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
                                          .bids = bids_,
                                          .asks = asks_});
            return true;
        case Endpoint::recent_trade:
            emit(prints_.empty() ? time_ : prints_.back().time, Trades{.prints = prints_});
            return true;
        case Endpoint::open_interest:
            emit(interest_.empty() ? time_ : interest_.back().time, OpenInterestHistory{interest_});
            return true;
        case Endpoint::funding_history:
            emit(funding_.empty() ? time_ : funding_.back().time, FundingHistory{funding_});
            return true;
        case Endpoint::account_ratio:
            emit(ratios_.empty() ? time_ : ratios_.back().time, AccountRatioHistory{ratios_});
            return true;
    }
    return true;
}

}  // namespace virtuoso::bybit
