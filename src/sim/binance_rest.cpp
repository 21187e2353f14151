#include "sim/binance_rest.hpp"

#include "sim/binance_topic.hpp"
#include "sim/recorded_protocol.hpp"
#include "sim/wire_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace virtuoso::sim {

namespace {

constexpr std::string_view invalid_symbol = R"({"code":-1121,"msg":"Invalid symbol."})";
constexpr std::string_view invalid_interval = R"({"code":-1120,"msg":"Invalid interval."})";

double weight_of(const RestRequest& request) {
    const auto path = request.path();
    const bool one = !request.parameter("symbol").empty();
    if (path == "/fapi/v1/depth") {
        const std::size_t limit = limit_of(request, 500, 1'000);
        return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
    }
    if (path == "/fapi/v1/klines") {
        const std::size_t limit = limit_of(request, 500, 1'500);
        return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1'000 ? 5 : 10;
    }
    if (path == "/fapi/v1/aggTrades") {
        return 20;
    }
    if (path == "/fapi/v1/ticker/24hr") {
        return one ? 1 : 40;
    }
    if (path == "/fapi/v1/premiumIndex") {
        return one ? 1 : 10;
    }
    return path.starts_with("/futures/data/") || path.starts_with("/fapi/v1/funding") ? 0 : 1;
}

/// `element(item)` of the newest `limit`, oldest first.
template <typename List, typename Element>
std::string newest(const List& list, std::size_t limit, Element&& element) {
    std::string text = "[";
    const auto count = std::min(list.size(), limit);
    for (auto at = list.end() - static_cast<std::ptrdiff_t>(count); at != list.end(); ++at) {
        text += text.size() > 1 ? "," : "";
        text += element(*at);
    }
    return text + "]";
}

std::string klines(const RestRequest& request, SymbolMarket& market) {
    const auto interval = binance_interval(request.parameter("interval"));
    if (!interval) {
        return std::string(invalid_interval);
    }
    const SimInstrument& instrument = market.instrument();
    return newest(
        market.candles().candles(*interval), limit_of(request, 500, 1'500), [&](const SimCandle& candle) {
            return fmt::format(R"([{},"{}","{}","{}","{}","{}",{},"{:.4f}",0,"{}","0","0"])", candle.start_ms,
                               price_text(instrument, candle.open), price_text(instrument, candle.high),
                               price_text(instrument, candle.low), price_text(instrument, candle.close),
                               quantity_text(instrument, candle.steps),
                               candle.start_ms + sim_intervals[*interval].ms - 1, candle.turnover,
                               quantity_text(instrument, candle.buy_steps));
        });
}

std::string aggregate_trades(const RestRequest& request, SymbolMarket& market) {
    const SimInstrument& instrument = market.instrument();
    return newest(market.recent_trades(), limit_of(request, 500, 1'000), [&](const SimTrade& trade) {
        const std::string quantity = quantity_text(instrument, trade.steps);
        return fmt::format(R"({{"a":{},"p":"{}","q":"{}","nq":"{}","f":{},"l":{},"T":{},"m":{}}})",
                           trade.number, price_text(instrument, trade.tick), quantity, quantity, trade.number,
                           trade.number, trade.time_ms, !trade.buy);
    });
}

std::string open_interest_text(const SimInstrument& instrument, double quantity) {
    return fmt::format("{:.{}f}", quantity, instrument.quantity_decimals);
}

}  // namespace

HttpAnswer BinanceRest::told(int status, std::string body) const {
    return {.status = status,
            .headers = {{"Content-Type", "application/json;charset=UTF-8"},
                        {"X-MBX-USED-WEIGHT-1M", fmt::format("{:.0f}", weight_.used())}},
            .body = std::move(body)};
}

bool BinanceRest::within_limits(const RestRequest& request, std::int64_t now_ms) {
    const bool weight = weight_.take(now_ms, weight_of(request));
    if (request.path().starts_with("/futures/data/")) {
        return statistics_.take(now_ms, 1) && weight;
    }
    if (request.path().starts_with("/fapi/v1/funding")) {
        return funding_.take(now_ms, 1) && weight;
    }
    return weight;
}

HttpAnswer BinanceRest::answer(std::string_view target, std::int64_t now_ms, std::int64_t clock_ms) {
    const RestRequest request(target);
    if (!within_limits(request, now_ms)) {
        ++refused_;
        HttpAnswer answer = told(429, R"({"code":-1003,"msg":"Too many requests; current limit is 2400 )"
                                      R"(request weight per 1 MINUTE. Please use WebSocket Streams."})");
        answer.headers.push_back({"Retry-After", fmt::format("{}", weight_.left_ms(now_ms) / 1'000 + 1)});
        return answer;
    }
    if (std::string body = whole_market(request, clock_ms); !body.empty()) {
        return told(200, std::move(body));
    }
    SymbolMarket* const market = model_.find(request.parameter("symbol"));
    if (market == nullptr || !market->instrument().trading) {
        return told(400, std::string(invalid_symbol));
    }
    std::string body = of_symbol(request, *market, clock_ms);
    if (body.empty()) {
        return told(404, "<html><body><h2>404 Not found</h2></body></html>");
    }
    return told(body.starts_with(R"({"code":-)") ? 400 : 200, std::move(body));
}

std::string BinanceRest::whole_market(const RestRequest& request, std::int64_t clock_ms) {
    const auto path = request.path();
    if (path == "/fapi/v1/ping") {
        return "{}";
    }
    if (path == "/fapi/v1/time") {
        return fmt::format(R"({{"serverTime":{}}})", clock_ms);
    }
    if (path == "/fapi/v1/exchangeInfo") {
        return instruments(clock_ms);
    }
    if (path == "/fapi/v1/fundingInfo") {
        return funding_info();
    }
    if (path == "/fapi/v1/ticker/24hr" && request.parameter("symbol").empty()) {
        return day_tickers({}, clock_ms);
    }
    return {};
}

std::string BinanceRest::instruments(std::int64_t clock_ms) {
    std::string list;
    for (std::size_t i = 0; i < model_.size(); ++i) {
        const SimInstrument& instrument = model_.market(i).instrument();
        fmt::format_to(
            std::back_inserter(list),
            R"({}{{"symbol":"{}","pair":"{}","contractType":"PERPETUAL","deliveryDate":4133404800000,)"
            R"("onboardDate":{},"status":"{}","baseAsset":"{}","quoteAsset":"USDT","marginAsset":"USDT",)"
            R"("pricePrecision":{},"quantityPrecision":{},"underlyingType":"COIN","underlyingSubType":[],)"
            R"("filters":[{{"filterType":"PRICE_FILTER","minPrice":"{}","maxPrice":"{}","tickSize":"{}"}},)"
            R"({{"filterType":"LOT_SIZE","minQty":"{}","maxQty":"{}","stepSize":"{}"}},)"
            R"({{"filterType":"MIN_NOTIONAL","notional":"5"}}]}})",
            list.empty() ? "" : ",", instrument.symbol, instrument.symbol, instrument.launch.ms,
            instrument.trading ? "TRADING" : "SETTLING", instrument.base_coin, instrument.price_decimals,
            instrument.quantity_decimals, price_text(instrument, 1),
            price_text(instrument, instrument.start_tick * 100), price_text(instrument, 1),
            quantity_text(instrument, 1), quantity_text(instrument, 1'000'000), quantity_text(instrument, 1));
    }
    return fmt::format(
        R"({{"timezone":"UTC","serverTime":{},"rateLimits":[{{"rateLimitType":"REQUEST_WEIGHT","interval":)"
        R"("MINUTE","intervalNum":1,"limit":2400}}],"symbols":[{}]}})",
        clock_ms, list);
}

std::string BinanceRest::day_tickers(std::string_view wanted, std::int64_t clock_ms) {
    std::string list;
    for (std::size_t i = 0; i < model_.size(); ++i) {
        const SymbolMarket& market = model_.market(i);
        const SimInstrument& instrument = market.instrument();
        if (!instrument.trading || (!wanted.empty() && wanted != instrument.symbol)) {
            continue;
        }
        const SimCandle day = market.day();
        const double open = instrument.price_of(day.open);
        const double change = instrument.price_of(market.last_tick()) - open;
        fmt::format_to(std::back_inserter(list),
                       R"({}{{"symbol":"{}","priceChange":"{:.{}f}","priceChangePercent":"{:.3f}",)"
                       R"("lastPrice":"{}","openPrice":"{}","highPrice":"{}","lowPrice":"{}","volume":"{}",)"
                       R"("quoteVolume":"{:.4f}","openTime":{},"closeTime":{},"firstId":0,"lastId":0,)"
                       R"("count":0}})",
                       list.empty() ? "" : ",", instrument.symbol, change, instrument.price_decimals,
                       100 * change / open, price_text(instrument, market.last_tick()),
                       price_text(instrument, day.open), price_text(instrument, day.high),
                       price_text(instrument, day.low), quantity_text(instrument, day.steps), day.turnover,
                       clock_ms - ms_per_day, clock_ms);
    }
    return wanted.empty() ? "[" + list + "]" : list;
}

// Only contracts whose interval is not the usual eight hours are told of.
std::string BinanceRest::funding_info() {
    constexpr int usual_minutes = 480;
    std::string list;
    for (std::size_t i = 0; i < model_.size(); ++i) {
        const SimInstrument& instrument = model_.market(i).instrument();
        if (instrument.funding_minutes != usual_minutes) {
            fmt::format_to(std::back_inserter(list),
                           R"({}{{"symbol":"{}","adjustedFundingRateCap":"0.02","adjustedFundingRateFloor":)"
                           R"("-0.02","fundingIntervalHours":{},"disclaimer":false}})",
                           list.empty() ? "" : ",", instrument.symbol, instrument.funding_minutes / 60);
        }
    }
    return "[" + list + "]";
}

std::string BinanceRest::depth(const RestRequest& request, SymbolMarket& market, std::int64_t clock_ms) {
    const SimInstrument& instrument = market.instrument();
    const auto limit = limit_of(request, 500, 1'000);
    std::array<std::vector<SimBook::Level>, 2> sides;
    market.book().top(true, limit, sides[0]);
    market.book().top(false, limit, sides[1]);
    std::string body = fmt::format(R"({{"lastUpdateId":{},"E":{},"T":{},"bids":[{}],"asks":[{}]}})",
                                   market.sequence(), clock_ms, std::min(clock_ms, market.last_event_ms()),
                                   level_changes(instrument, true, {}, sides[0]),
                                   level_changes(instrument, false, {}, sides[1]));
    std::string& last = last_depth_[instrument.symbol];
    const bool stale = !last.empty() && faults_.strike(std::array{FaultKind::stale_snapshot},
                                                       instrument.symbol, market.last_event_ms());
    return stale ? last : (last = std::move(body));
}

std::string BinanceRest::of_symbol(const RestRequest& request, SymbolMarket& market, std::int64_t clock_ms) {
    const auto path = request.path();
    const SimInstrument& instrument = market.instrument();
    if (path == "/fapi/v1/depth") {
        return depth(request, market, clock_ms);
    }
    if (path == "/fapi/v1/klines") {
        return klines(request, market);
    }
    if (path == "/fapi/v1/aggTrades") {
        return aggregate_trades(request, market);
    }
    if (path == "/fapi/v1/ticker/24hr") {
        return day_tickers(instrument.symbol, clock_ms);
    }
    if (path == "/fapi/v1/openInterest") {
        return fmt::format(R"({{"openInterest":"{}","symbol":"{}","time":{}}})",
                           open_interest_text(instrument, market.open_interest()), instrument.symbol,
                           clock_ms);
    }
    if (path == "/fapi/v1/premiumIndex") {
        const std::string index = computed_price_text(instrument, market.index_price());
        return fmt::format(
            R"({{"symbol":"{}","markPrice":"{}","indexPrice":"{}","estimatedSettlePrice":"{}",)"
            R"("lastFundingRate":"{:.8f}","interestRate":"0.0001","nextFundingTime":{},)"
            R"("time":{}}})",
            instrument.symbol, computed_price_text(instrument, market.mark_price()), index, index,
            market.funding_rate(), market.next_funding_ms(), clock_ms);
    }
    return history(request, market, clock_ms);
}

std::string BinanceRest::history(const RestRequest& request, const SymbolMarket& market,
                                 std::int64_t clock_ms) const {
    const auto path = request.path();
    const SimInstrument& instrument = market.instrument();
    constexpr std::int64_t step = 5 * ms_per_minute;
    if (path == "/futures/data/openInterestHist") {
        const std::size_t limit = limit_of(request, 30, 500);
        const std::int64_t span = static_cast<std::int64_t>(limit) * step;
        const auto points = market.open_interest_history(step, clock_ms - span, clock_ms);
        return newest(points, limit, [&](const SimOpenInterest& point) {
            return fmt::format(R"({{"symbol":"{}","sumOpenInterest":"{}","sumOpenInterestValue":"{:.2f}",)"
                               R"("timestamp":{}}})",
                               instrument.symbol, open_interest_text(instrument, point.quantity),
                               point.quantity * market.mark_price(), point.time_ms);
        });
    }
    if (path == "/fapi/v1/fundingRate") {
        return newest(market.funding_history(0, clock_ms), limit_of(request, 100, 1'000),
                      [&](const SimFunding& point) {
                          return fmt::format(
                              R"({{"symbol":"{}","fundingTime":{},"fundingRate":"{:.8f}","markPrice":"{}"}})",
                              instrument.symbol, point.time_ms, point.rate,
                              computed_price_text(instrument, market.mark_price()));
                      });
    }
    if (path == "/futures/data/globalLongShortAccountRatio") {
        std::string list;
        const auto before = static_cast<std::int64_t>(limit_of(request, 30, 500)) - 1;
        for (std::int64_t time = candle_start(clock_ms, step) - before * step; time <= clock_ms;
             time += step) {
            const double longs = market.buy_ratio(time);
            fmt::format_to(std::back_inserter(list),
                           R"({}{{"symbol":"{}","longAccount":"{:.4f}","longShortRatio":"{:.4f}",)"
                           R"("shortAccount":"{:.4f}","timestamp":{}}})",
                           list.empty() ? "" : ",", instrument.symbol, longs, longs / (1 - longs), 1 - longs,
                           time);
        }
        return "[" + list + "]";
    }
    return {};
}

}  // namespace virtuoso::sim
