#include "exchange/binance/rest_codec.hpp"

#include "exchange/binance/rest_elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace virtuoso::binance {

namespace {

// A snapshot as long as it was asked to be was cut there. What is not known is taken from its looks: captures
// seldom tell what was asked for, and spot takes any limit up to 5000. A round number of levels, or as many
// bids as asks, is most likely a cut; taking a whole book for a cut one costs little.
bool probably_cut(std::size_t levels, std::size_t others, std::string_view limit) {
    constexpr std::array<std::size_t, 3> small_limits{5, 10, 20};
    constexpr std::size_t round = 50;
    std::size_t asked = 0;
    const bool told = std::from_chars(limit.data(), limit.data() + limit.size(), asked).ec == std::errc{};
    return (told && levels >= asked) || levels >= 1000 || (levels > 0 && levels % round == 0) ||
           (levels >= small_limits.back() && levels == others) ||
           std::find(small_limits.begin(), small_limits.end(), levels) != small_limits.end();
}

}  // namespace

Result<RestReply> BinanceRestCodec::decode(std::string_view target, PaddedFrame body) {
    static constexpr RestRoute<Endpoint> routes[] = {
        {"/fapi/v1/time", Endpoint::time},
        {"/fapi/v1/exchangeInfo", Endpoint::instruments},
        {"/fapi/v1/ticker/24hr", Endpoint::day_tickers},
        {"/fapi/v1/depth", Endpoint::depth},
        {"/api/v3/depth", Endpoint::depth},
        {"/fapi/v1/klines", Endpoint::klines},
        {"/fapi/v1/aggTrades", Endpoint::aggregate_trades},
        {"/fapi/v1/openInterest", Endpoint::open_interest},
        {"/fapi/v1/fundingRate", Endpoint::funding_history},
        {"/fapi/v1/fundingInfo", Endpoint::funding_info},
        {"/futures/data/openInterestHist", Endpoint::open_interest_history},
        {"/futures/data/globalLongShortAccountRatio", Endpoint::account_ratio},
    };
    const RestRequest request(target);
    const auto endpoint = endpoint_of(request, routes);
    if (!endpoint) {
        return std::unexpected(endpoint.error());
    }
    endpoint_ = *endpoint;
    symbol_ = request.parameter("symbol");
    const bool about_symbol = endpoint_ != Endpoint::time && endpoint_ != Endpoint::instruments &&
                              endpoint_ != Endpoint::day_tickers && endpoint_ != Endpoint::funding_info;
    if (about_symbol && symbol_.empty()) {
        return fail(ErrorCode::field_missing,
                    fmt::format("{} needs the symbol of its request", request.path()));
    }
    if (!symbol_.empty() && !reader_.check_symbol_name(symbol_, "symbol of the request")) {
        return std::unexpected(reader_.take_error());
    }
    if (!read(body) || !finish(request)) {
        return std::unexpected(reader_.take_error());
    }
    switch (endpoint_) {
        case Endpoint::time:
            return ServerTime{{time_.ms * 1'000'000}};
        case Endpoint::instruments:
            return InstrumentPage{lists_.instruments, {}, skipped_};
        default:
            return MarketReply{lists_.events, {}};
    }
}

bool BinanceRestCodec::read(PaddedFrame body) {
    code_ = 0;
    message_ = {};
    seen_ = 0;
    time_ = {};
    update_id_ = 0;
    interest_now_ = {};
    lists_.clear();
    skipped_.clear();
    JsonDocument document;
    JsonValue root;
    if (!reader_.open_any(body, document, root)) {
        return false;
    }
    simdjson::ondemand::json_type type{};
    if (const auto code = root.type().get(type)) {
        return reader_.refuse_json(code);
    }
    if (type == simdjson::ondemand::json_type::array) {
        return read_elements(reader_, root, "the answer", symbol_, skipped_,
                             [this](JsonValue element) { return read_element(element); });
    }
    if (!for_each_field(reader_, root, "the answer",
                        [this](JsonKey key, JsonValue value) { return read_field(key, value); })) {
        return false;
    }
    if (code_ != 0 || !message_.empty()) {  // a restricted place is answered with code 0
        return reader_.refuse(ErrorCode::exchange_refused,
                              fmt::format("the exchange answered code {}: {}", code_, in_quotes(message_)));
    }
    if (endpoint_ == Endpoint::day_tickers) {  // of one symbol: the object is the ticker
        return reader_.open_any(body, document, root) && read_ticker(root);
    }
    return !is_list(endpoint_) ||
           reader_.refuse(ErrorCode::field_value, "the answer is an object where a list belongs");
}

bool BinanceRestCodec::is_list(Endpoint endpoint) noexcept {
    return endpoint != Endpoint::time && endpoint != Endpoint::instruments && endpoint != Endpoint::depth &&
           endpoint != Endpoint::open_interest;
}

bool BinanceRestCodec::read_element(JsonValue element) {
    const auto keep = [&](auto& items, auto&& read) {
        return keep_element(items, element,
                            [&](JsonValue value, auto& item) { return read(reader_, value, item); });
    };
    switch (endpoint_) {
        case Endpoint::day_tickers:
        case Endpoint::funding_info:
            return read_ticker(element);
        case Endpoint::klines:
            return keep(lists_.candles, read_kline_row);
        case Endpoint::aggregate_trades:
            return read_aggregate_trade(reader_, element, lists_.prints);
        case Endpoint::open_interest_history:
            return keep(lists_.interest, read_open_interest);
        case Endpoint::funding_history:
            return read_funding_row(element);
        case Endpoint::account_ratio:
            return keep(lists_.ratios, read_account_ratio);
        default:
            return reader_.refuse(ErrorCode::field_value, "the answer is a list where an object belongs");
    }
}

bool BinanceRestCodec::read_ticker(JsonValue element) {
    std::string_view symbol;
    TickerUpdate update;
    const bool read = endpoint_ == Endpoint::funding_info
                          ? read_funding_info(reader_, element, symbol, update)
                          : read_day_ticker(reader_, element, symbol, update);
    if (!read) {
        return false;
    }
    lists_.tickers.emplace_back(symbol, update);
    return true;
}

bool BinanceRestCodec::read_funding_row(JsonValue element) {
    FundingPoint point;
    bool regular = true;
    if (!read_funding(reader_, element, point, regular)) {
        return false;
    }
    if (regular) {
        lists_.funding.push_back(point);
    }
    return true;
}

bool BinanceRestCodec::read_field(JsonKey key, JsonValue value) {
    if (is_key(key, "code")) {
        return reader_.integer(value, "code", code_);
    }
    if (is_key(key, "msg")) {
        return reader_.text(value, "msg", message_);
    }
    if (endpoint_ == Endpoint::time) {
        return !is_key(key, "serverTime") || reader_.time(value, "serverTime", time_);
    }
    if (endpoint_ == Endpoint::instruments) {
        return !is_key(key, "symbols") ||
               read_elements(reader_, value, "symbols", {}, skipped_, [this](JsonValue symbol) {
                   return keep_element(lists_.instruments, symbol,
                                       [this](JsonValue element, Instrument& instrument) {
                                           return read_instrument(reader_, element, instrument);
                                       });
               });
    }
    if (endpoint_ == Endpoint::open_interest) {
        if (is_key(key, "time")) {
            return reader_.time(value, "time", time_);
        }
        return !is_key(key, "openInterest") ||
               reader_.optional_quantity(value, "openInterest", interest_now_.open_interest);
    }
    if (is_key(key, "lastUpdateId")) {
        seen_ |= 1;
        return reader_.identifier(value, "lastUpdateId", update_id_);
    }
    if (is_key(key, "bids")) {
        seen_ |= 2;
        return reader_.levels(value, "bids", lists_.bids);
    }
    if (is_key(key, "asks")) {
        seen_ |= 4;
        return reader_.levels(value, "asks", lists_.asks);
    }
    if (is_key(key, "T") || (is_key(key, "E") && time_.ms == 0)) {
        return reader_.time(value, "T", time_);
    }
    return true;
}

void BinanceRestCodec::emit(ExchangeTime time, const MarketPayload& payload) {
    lists_.events.push_back({symbol_, time, payload, reader_.sizes_capped()});
}

bool BinanceRestCodec::finish_depth(const RestRequest& request) {
    if (seen_ != 7) {
        return reader_.refuse(ErrorCode::field_missing, "a depth snapshot needs lastUpdateId, bids and asks");
    }
    const std::size_t bids = lists_.bids.size();
    const std::size_t asks = lists_.asks.size();
    const auto limit = request.parameter("limit");
    emit(time_, BookSnapshot{.time = time_,
                             .update_id = update_id_,
                             .origin = SnapshotOrigin::rest,
                             .truncated = probably_cut(bids, asks, limit) || probably_cut(asks, bids, limit),
                             .bids = lists_.bids,
                             .asks = lists_.asks});
    return true;
}

bool BinanceRestCodec::finish_klines(const RestRequest& request) {
    const auto timeframe = timeframe_named(request.parameter("interval"));
    if (!timeframe) {
        return reader_.refuse(ErrorCode::field_value,
                              fmt::format("interval = {} is not kept: use 1m, 5m, 15m, 30m, 1h, 4h or 1d",
                                          in_quotes(request.parameter("interval"))));
    }
    const ExchangeTime time = lists_.candles.empty() ? ExchangeTime{} : lists_.candles.back().open_time;
    emit(time, KlineHistory{*timeframe, time, lists_.candles});
    return true;
}

bool BinanceRestCodec::finish(const RestRequest& request) {
    lists_.put_in_order();
    switch (endpoint_) {
        case Endpoint::time:
            return time_.ms > 0 || reader_.refuse_missing("serverTime", "server time");
        case Endpoint::instruments:
            return true;
        case Endpoint::depth:
            return finish_depth(request);
        case Endpoint::klines:
            return finish_klines(request);
        case Endpoint::day_tickers:
        case Endpoint::funding_info:
            for (auto& [symbol, update] : lists_.tickers) {
                update.market_wide = request.parameter("symbol").empty();
                lists_.events.push_back({symbol, update.time, update});
            }
            return true;
        case Endpoint::aggregate_trades:
            emit(newest_of(lists_.prints),
                 Trades{.feed = TradeFeed::aggregate, .ids_ascend = true, .prints = lists_.prints});
            return true;
        case Endpoint::open_interest:
            if (time_.ms == 0 || !interest_now_.open_interest) {
                return reader_.refuse(ErrorCode::field_missing, "open interest needs openInterest and time");
            }
            interest_now_.time = time_;
            emit(time_, interest_now_);
            return true;
        case Endpoint::open_interest_history:
            emit(newest_of(lists_.interest), OpenInterestHistory{lists_.interest});
            return true;
        case Endpoint::funding_history:
            emit(newest_of(lists_.funding), FundingHistory{lists_.funding});
            return true;
        case Endpoint::account_ratio:
            emit(newest_of(lists_.ratios), AccountRatioHistory{lists_.ratios});
            return true;
    }
    return true;
}

}  // namespace virtuoso::binance
