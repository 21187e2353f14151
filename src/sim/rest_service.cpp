#include "sim/rest_service.hpp"

#include "sim/bybit_envelope.hpp"
#include "sim/wire_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

namespace virtuoso::sim {

namespace {

std::unexpected<Error> refused(std::string_view message) {
    return fail(ErrorCode::exchange_refused, fmt::format("params error: {}", message));
}

/// An integer parameter between `low` and `high`, or what it is when it was not given.
Result<std::int64_t> integer(const RestRequest& request, std::string_view name, std::int64_t absent,
                             std::int64_t low, std::int64_t high) {
    const auto text = request.parameter(name);
    if (text.empty()) {
        return absent;
    }
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || value < low) {
        return refused(fmt::format("{} is invalid", name));
    }
    return std::min(value, high);
}

Result<std::int64_t> time_parameter(const RestRequest& request, std::string_view name, std::int64_t absent) {
    return integer(request, name, absent, 0, std::numeric_limits<std::int64_t>::max());
}

struct Period {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::array<Period, 6> periods{{{"5min", 5 * ms_per_minute},
                                         {"15min", 15 * ms_per_minute},
                                         {"30min", 30 * ms_per_minute},
                                         {"1h", ms_per_hour},
                                         {"4h", 4 * ms_per_hour},
                                         {"1d", ms_per_day}}};

Result<std::int64_t> period_of(const RestRequest& request, std::string_view parameter) {
    for (const Period& period : periods) {
        if (period.name == request.parameter(parameter)) {
            return period.ms;
        }
    }
    return refused(fmt::format("{} is invalid", parameter));
}

/// What every list with a time window and pages asks for. Pages go back in time: a cursor holds the time
/// before which the next page ends.
struct Window {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t limit = 0;
};

Result<Window> window_of(const RestRequest& request, std::int64_t now_ms, std::int64_t limit_absent,
                         std::int64_t limit_max) {
    const auto from = time_parameter(request, "startTime", 0);
    const auto to = time_parameter(request, "endTime", now_ms);
    const auto limit = integer(request, "limit", limit_absent, 1, limit_max);
    const auto cursor = time_parameter(request, "cursor", std::numeric_limits<std::int64_t>::max());
    for (const auto* const value : {&from, &to, &limit, &cursor}) {
        if (!*value) {
            return std::unexpected(value->error());
        }
    }
    return Window{*from, std::min({*to, now_ms, *cursor - 1}), *limit};
}

}  // namespace

HttpAnswer RestService::answer(std::string_view target, std::int64_t now_ms) {
    const auto result = result_of(RestRequest(target), now_ms);
    if (!result && result.error().code == ErrorCode::unknown_topic) {
        return page_not_found();
    }
    return result ? bybit_answer(0, "OK", *result, now_ms)
                  : bybit_answer(10001, result.error().message, {}, now_ms);
}

RestService::Body RestService::result_of(const RestRequest& request, std::int64_t now_ms) {
    constexpr std::string_view root = "/v5/market/";
    if (!request.path().starts_with(root)) {
        return fail(ErrorCode::unknown_topic, {});
    }
    const auto name = request.path().substr(root.size());
    if (name == "time") {
        return fmt::format(R"({{"timeSecond":"{}","timeNano":"{}000000"}})", now_ms / 1'000, now_ms);
    }
    if (name == "instruments-info" || name == "tickers") {
        const auto category = request.parameter("category");
        if (category == "spot" || category == "inverse" || category == "option") {
            return fmt::format(R"({{"category":"{}","list":[],"nextPageCursor":""}})", category);
        }
        if (category != "linear") {
            return refused("Category is invalid");
        }
        return name == "tickers" ? tickers(request) : instruments(request);
    }
    if (name == "kline") {
        return kline(request, now_ms);
    }
    if (name == "orderbook") {
        return order_book(request, now_ms);
    }
    if (name == "recent-trade") {
        return recent_trades(request);
    }
    if (name == "open-interest") {
        return open_interest(request, now_ms);
    }
    if (name == "funding/history") {
        return funding_history(request, now_ms);
    }
    if (name == "account-ratio") {
        return account_ratio(request, now_ms);
    }
    return fail(ErrorCode::unknown_topic, {});
}

Result<SymbolMarket*> RestService::market_of(const RestRequest& request) {
    const auto category = request.parameter("category");
    if (!category.empty() && category != "linear") {
        return refused("Category is invalid");
    }
    SymbolMarket* const market = model_.find(request.parameter("symbol"));
    if (market == nullptr || !market->instrument().trading) {
        return refused("Symbol Is Invalid");
    }
    return market;
}

RestService::Body RestService::instruments(const RestRequest& request) {
    const auto limit = integer(request, "limit", 500, 1, 1'000);
    const auto first = time_parameter(request, "cursor", 0);
    if (!limit || !first) {
        return std::unexpected(limit ? first.error() : limit.error());
    }
    const auto wanted = request.parameter("symbol");
    std::string list;
    std::size_t at = static_cast<std::size_t>(*first);
    std::int64_t listed = 0;
    for (; at < model_.size() && listed < *limit; ++at) {
        const SimInstrument& instrument = model_.market(at).instrument();
        if (!instrument.trading || (!wanted.empty() && wanted != instrument.symbol)) {
            continue;
        }
        ++listed;
        fmt::format_to(
            std::back_inserter(list),
            R"({}{{"symbol":"{}","contractType":"LinearPerpetual","status":"Trading","baseCoin":"{}",)"
            R"("quoteCoin":"USDT","launchTime":"{}","deliveryTime":"0","deliveryFeeRate":"","priceScale":"{}",)"
            R"("leverageFilter":{{"minLeverage":"1","maxLeverage":"50.00","leverageStep":"0.01"}},)"
            R"("priceFilter":{{"minPrice":"{}","maxPrice":"{}","tickSize":"{}"}},)"
            R"("lotSizeFilter":{{"maxOrderQty":"{}","minOrderQty":"{}","qtyStep":"{}","postOnlyMaxOrderQty":"{}",)"
            R"("maxMktOrderQty":"{}","minNotionalValue":"5"}},"unifiedMarginTrade":true,"fundingInterval":{},)"
            R"("settleCoin":"USDT","copyTrading":"none","upperFundingRate":"0.005","lowerFundingRate":"-0.005",)"
            R"("isPreListing":false,"preListingInfo":null,"displayName":""}})",
            list.empty() ? "" : ",", instrument.symbol, instrument.base_coin, instrument.launch.ms,
            instrument.price_decimals, price_text(instrument, std::int64_t{1}),
            price_text(instrument, instrument.start_tick * 100), price_text(instrument, std::int64_t{1}),
            quantity_text(instrument, 1'000'000), quantity_text(instrument, 1), quantity_text(instrument, 1),
            quantity_text(instrument, 1'000'000), quantity_text(instrument, 200'000),
            instrument.funding_minutes);
    }
    return fmt::format(R"({{"category":"linear","list":[{}],"nextPageCursor":"{}"}})", list,
                       at < model_.size() ? std::to_string(at) : "");
}

RestService::Body RestService::tickers(const RestRequest& request) {
    const auto wanted = request.parameter("symbol");
    if (!wanted.empty() && model_.find(wanted) == nullptr) {
        return refused("Symbol Is Invalid");
    }
    std::string list;
    for (std::size_t i = 0; i < model_.size(); ++i) {
        SymbolMarket& market = model_.market(i);
        const SimInstrument& instrument = market.instrument();
        if (!instrument.trading || (!wanted.empty() && wanted != instrument.symbol)) {
            continue;
        }
        fmt::format_to(std::back_inserter(list), R"({}{{"symbol":"{}")", list.empty() ? "" : ",",
                       instrument.symbol);
        for (const auto& [name, value] : ticker_fields(market)) {
            fmt::format_to(std::back_inserter(list), R"(,"{}":"{}")", name, value);
        }
        list +=
            R"(,"predictedDeliveryPrice":"","basisRate":"","deliveryFeeRate":"","deliveryTime":"0","basis":"",)"
            R"("preOpenPrice":"","preQty":"","curPreListingPhase":""})";
    }
    return fmt::format(R"({{"category":"linear","list":[{}]}})", list);
}

RestService::Body RestService::kline(const RestRequest& request, std::int64_t now_ms) {
    const auto market = market_of(request);
    if (!market) {
        return std::unexpected(market.error());
    }
    const auto interval =
        std::find_if(sim_intervals.begin(), sim_intervals.end(),
                     [&](const SimInterval& known) { return known.name == request.parameter("interval"); });
    if (interval == sim_intervals.end()) {
        return refused("Invalid period!");
    }
    const auto limit = integer(request, "limit", 200, 1, 1'000);
    const auto from = time_parameter(request, "start", 0);
    const auto to = time_parameter(request, "end", now_ms);
    if (!limit || !from || !to) {
        return std::unexpected(!limit ? limit.error() : !from ? from.error() : to.error());
    }
    const SimInstrument& instrument = (*market)->instrument();
    const auto& candles =
        (*market)->candles().candles(static_cast<std::size_t>(interval - sim_intervals.begin()));
    std::string list;
    std::int64_t listed = 0;
    for (auto candle = candles.rbegin(); candle != candles.rend() && listed < *limit; ++candle) {
        if (candle->start_ms > *to || candle->start_ms < *from) {
            continue;
        }
        ++listed;
        fmt::format_to(std::back_inserter(list), R"({}["{}")", list.empty() ? "" : ",", candle->start_ms);
        for (const std::int64_t tick : {candle->open, candle->high, candle->low, candle->close}) {
            fmt::format_to(std::back_inserter(list), R"(,"{}")", price_text(instrument, tick));
        }
        fmt::format_to(std::back_inserter(list), R"(,"{}","{:.4f}"])",
                       quantity_text(instrument, candle->steps), candle->turnover);
    }
    return fmt::format(R"({{"symbol":"{}","category":"linear","list":[{}]}})", instrument.symbol, list);
}

RestService::Body RestService::order_book(const RestRequest& request, std::int64_t now_ms) {
    const auto market = market_of(request);
    const auto limit = integer(request, "limit", 25, 1, 1'000);
    if (!market || !limit) {
        return std::unexpected(market ? limit.error() : market.error());
    }
    const SimInstrument& instrument = (*market)->instrument();
    std::array<std::string, 2> sides;
    std::vector<SimBook::Level> levels;
    for (const bool bid : {true, false}) {
        (*market)->book().top(bid, static_cast<std::size_t>(*limit), levels);
        std::string& side = sides[bid ? 0 : 1];
        for (const auto& level : levels) {
            fmt::format_to(std::back_inserter(side), R"({}["{}","{}"])", side.empty() ? "" : ",",
                           price_text(instrument, level.tick), quantity_text(instrument, level.steps));
        }
    }
    return fmt::format(R"({{"s":"{}","b":[{}],"a":[{}],"ts":{},"u":{},"seq":{},"cts":{}}})",
                       instrument.symbol, sides[0], sides[1], now_ms, (*market)->sequence(),
                       (*market)->sequence(), std::min(now_ms, (*market)->last_event_ms()));
}

RestService::Body RestService::recent_trades(const RestRequest& request) {
    const auto market = market_of(request);
    const auto limit = integer(request, "limit", 500, 1, 1'000);
    if (!market || !limit) {
        return std::unexpected(market ? limit.error() : market.error());
    }
    const SimInstrument& instrument = (*market)->instrument();
    const auto& trades = (*market)->recent_trades();
    std::string list;
    std::int64_t listed = 0;
    for (auto trade = trades.rbegin(); trade != trades.rend() && listed < *limit; ++trade, ++listed) {
        fmt::format_to(std::back_inserter(list),
                       R"({}{{"execId":"{}","symbol":"{}","price":"{}","size":"{}","side":"{}","time":"{}",)"
                       R"("isBlockTrade":false,"isRPITrade":false,"seq":"{}"}})",
                       list.empty() ? "" : ",", trade_id(instrument, trade->number), instrument.symbol,
                       price_text(instrument, trade->tick), quantity_text(instrument, trade->steps),
                       trade->buy ? "Buy" : "Sell", trade->time_ms, trade->sequence);
    }
    return fmt::format(R"({{"category":"linear","list":[{}]}})", list);
}

RestService::Body RestService::open_interest(const RestRequest& request, std::int64_t now_ms) {
    const auto market = market_of(request);
    const auto step = period_of(request, "intervalTime");
    const auto window = window_of(request, now_ms, 50, 200);
    if (!market || !step || !window) {
        return std::unexpected(!market ? market.error() : !step ? step.error() : window.error());
    }
    const SimInstrument& instrument = (*market)->instrument();
    const std::int64_t from = std::max(window->from, window->to - window->limit * *step + 1);
    const auto points = (*market)->open_interest_history(*step, from, window->to);
    std::string list;
    for (auto point = points.rbegin(); point != points.rend(); ++point) {
        fmt::format_to(std::back_inserter(list),
                       R"({}{{"openInterest":"{:.{}f}","singleOpenInterest":"{:.{}f}","timestamp":"{}"}})",
                       list.empty() ? "" : ",", 2 * point->quantity, instrument.quantity_decimals,
                       point->quantity, instrument.quantity_decimals, point->time_ms);
    }
    const bool more = !points.empty() && from > window->from && from > instrument.launch.ms;
    return fmt::format(R"({{"symbol":"{}","category":"linear","list":[{}],"nextPageCursor":"{}"}})",
                       instrument.symbol, list, more ? std::to_string(points.front().time_ms) : "");
}

RestService::Body RestService::funding_history(const RestRequest& request, std::int64_t now_ms) {
    const auto market = market_of(request);
    const auto window = window_of(request, now_ms, 200, 200);
    if (!market || !window) {
        return std::unexpected(market ? window.error() : market.error());
    }
    if (!request.parameter("startTime").empty() && request.parameter("endTime").empty()) {
        return refused("endTime is required when startTime is given");
    }
    auto points = (*market)->funding_history(window->from, window->to);
    const auto kept = std::min(points.size(), static_cast<std::size_t>(window->limit));
    std::string list;
    for (std::size_t i = 0; i < kept; ++i) {
        const SimFunding& point = points[points.size() - 1 - i];
        fmt::format_to(std::back_inserter(list),
                       R"({}{{"symbol":"{}","fundingRate":"{:.8f}","fundingRateTimestamp":"{}"}})",
                       list.empty() ? "" : ",", (*market)->instrument().symbol, point.rate, point.time_ms);
    }
    return fmt::format(R"({{"category":"linear","list":[{}]}})", list);
}

RestService::Body RestService::account_ratio(const RestRequest& request, std::int64_t now_ms) {
    const auto market = market_of(request);
    const auto step = period_of(request, "period");
    const auto window = window_of(request, now_ms, 50, 500);
    if (!market || !step || !window) {
        return std::unexpected(!market ? market.error() : !step ? step.error() : window.error());
    }
    const SimInstrument& instrument = (*market)->instrument();
    std::string list;
    std::int64_t listed = 0;
    std::int64_t time = candle_start(window->to, *step);
    const std::int64_t first = std::max(window->from, instrument.launch.ms);
    for (; time >= first && listed < window->limit; time -= *step, ++listed) {
        const double buy = (*market)->buy_ratio(time);
        fmt::format_to(std::back_inserter(list),
                       R"({}{{"symbol":"{}","buyRatio":"{:.4f}","sellRatio":"{:.4f}","timestamp":"{}"}})",
                       list.empty() ? "" : ",", instrument.symbol, buy, 1 - buy, time);
    }
    return fmt::format(R"({{"list":[{}],"nextPageCursor":"{}"}})", list,
                       time >= first ? std::to_string(time + *step) : "");
}

}  // namespace virtuoso::sim
