#include "sim/recorded_binance.hpp"

#include "exchange/binance/stream_name.hpp"
#include "exchange/binance/stream_tier.hpp"
#include "sim/binance_request.hpp"
#include "sim/bybit_envelope.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace virtuoso::sim {

namespace {

using Json = nlohmann::ordered_json;

HttpAnswer answered(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json;charset=UTF-8"}, {"X-MBX-USED-WEIGHT-1M", "1"}},
            .body = std::move(body)};
}

/// Elements oldest first, as all of Binance's lists are.
template <typename Ring, typename Element>
std::string oldest_first(const Ring& ring, std::size_t limit, Element&& element) {
    Json list = Json::array();
    for (std::size_t i = ring.size() - std::min(ring.size(), limit); i < ring.size(); ++i) {
        list.push_back(element(ring[i]));
    }
    return list.dump();
}

/// A single trade as the aggregate of itself.
Json aggregate_of(const Json& trade) {
    if (trade.contains("a")) {
        return trade;
    }
    const auto id = trade.value("t", std::uint64_t{0});
    return {{"e", "aggTrade"},
            {"E", trade.value("E", std::int64_t{0})},
            {"s", trade.value("s", "")},
            {"a", id},
            {"p", trade.value("p", "")},
            {"q", trade.value("q", "")},
            {"f", id},
            {"l", id},
            {"T", trade.value("T", std::int64_t{0})},
            {"m", trade.value("m", false)}};
}

}  // namespace

bool RecordedBinance::streams_at(std::string_view path) const noexcept {
    return binance::is_stream_path(path);
}

bool RecordedBinance::delivers(std::string_view target, std::string_view topic) const noexcept {
    return binance::tier_of_path(target) == binance::tier_of_stream(topic);
}

std::string RecordedBinance::instruments(std::int64_t clock_ms) const {
    Json list = Json::array();
    for (const auto& [name, symbol] : market_.symbols()) {
        list.push_back({{"symbol", name},
                        {"pair", name},
                        {"contractType", "PERPETUAL"},
                        {"status", "TRADING"},
                        {"baseAsset", name.substr(0, name.rfind("USDT"))},
                        {"quoteAsset", "USDT"},
                        {"onboardDate", 0},
                        {"filters",
                         {{{"filterType", "PRICE_FILTER"},
                           {"tickSize", units_text(symbol->tick_units, symbol->tick_units)}},
                          {{"filterType", "LOT_SIZE"},
                           {"stepSize", units_text(symbol->step_units, symbol->step_units)}}}}});
    }
    return Json{{"timezone", "UTC"}, {"serverTime", clock_ms}, {"symbols", std::move(list)}}.dump();
}

std::string RecordedBinance::day_tickers() const {
    Json list = Json::array();
    for (const auto& [name, symbol] : market_.symbols()) {
        const Ticker& ticker = symbol->state.ticker();
        const auto price = [&](const std::optional<Price>& value) {
            return units_text(value.value_or(Price{}).units, symbol->tick_units);
        };
        list.push_back({{"symbol", name},
                        {"priceChangePercent", fmt::format("{:.3f}", 100 * ticker.change_24h.value_or(0))},
                        {"lastPrice", price(ticker.last_price)},
                        {"highPrice", price(ticker.high_24h)},
                        {"lowPrice", price(ticker.low_24h)},
                        {"volume", fmt::format("{:.8g}", ticker.volume_24h.value_or(0))},
                        {"quoteVolume", fmt::format("{:.8g}", ticker.turnover_24h.value_or(0))},
                        {"closeTime", symbol->state.as_of().ms + shift_ms_}});
    }
    return list.dump();
}

std::string RecordedBinance::depth(const RecordedSymbol& symbol, std::size_t limit) const {
    const auto book = symbol.state.book().view();
    const std::int64_t time = symbol.state.book().time().ms + shift_ms_;
    return fmt::format(R"({{"lastUpdateId":{},"E":{},"T":{},"bids":{},"asks":{}}})",
                       symbol.state.book().update_id(), time, time,
                       book ? levels_text(symbol, *book, true, limit) : "[]",
                       book ? levels_text(symbol, *book, false, limit) : "[]");
}

std::string RecordedBinance::about_symbol(const RestRequest& request, const RecordedSymbol& symbol) const {
    const auto path = request.path();
    if (path == "/fapi/v1/depth") {
        return depth(symbol, limit_of(request, 500, 1'000));
    }
    if (path == "/fapi/v1/klines") {
        const auto timeframe = timeframe_named(request.parameter("interval"));
        const std::size_t limit = limit_of(request, 500, 1'500);
        return oldest_first(
            timeframe ? newest_candles(symbol, *timeframe, limit) : std::vector<Candle>{}, limit,
            [&](const Candle& candle) {
                Json row = {candle.open_time.ms + shift_ms_};
                for (const Price price : {candle.open, candle.high, candle.low, candle.close}) {
                    row.push_back(units_text(price.units, symbol.tick_units));
                }
                row.push_back(fmt::format("{:.8g}", candle.volume));
                row.push_back(candle.open_time.ms + shift_ms_ + interval_ms(*timeframe) - 1);
                row.push_back(fmt::format("{:.8g}", candle.turnover));
                row.push_back(0);
                row.push_back(fmt::format("{:.8g}", candle.taker_buy));
                row.push_back("0");
                row.push_back("0");
                return row;
            });
    }
    if (path == "/fapi/v1/aggTrades") {
        return oldest_first(symbol.recent_trades, limit_of(request, 500, 1'000),
                            [&](const std::string& text) {
                                Json element = aggregate_of(Json::parse(text));
                                element["T"] = element["T"].get<std::int64_t>() + shift_ms_;
                                element.erase("e");
                                element.erase("E");
                                element.erase("s");
                                return element;
                            });
    }
    if (path == "/fapi/v1/openInterest") {
        const auto interest = symbol.state.ticker().open_interest;
        return Json{{"openInterest", amount_text(interest.value_or(0), symbol.step_units)},
                    {"symbol", symbol.state.symbol()},
                    {"time", symbol.state.as_of().ms + shift_ms_}}
            .dump();
    }
    return histories(request, symbol);
}

std::string RecordedBinance::histories(const RestRequest& request, const RecordedSymbol& symbol) const {
    const auto path = request.path();
    if (path == "/futures/data/openInterestHist") {
        return oldest_first(
            symbol.state.open_interest(), limit_of(request, 30, 500), [&](const OpenInterestPoint& point) {
                return Json{{"symbol", symbol.state.symbol()},
                            {"sumOpenInterest", amount_text(point.open_interest, symbol.step_units)},
                            {"timestamp", point.time.ms + shift_ms_}};
            });
    }
    if (path == "/fapi/v1/fundingRate") {
        return oldest_first(symbol.state.funding(), limit_of(request, 100, 1'000),
                            [&](const FundingPoint& point) {
                                return Json{{"symbol", symbol.state.symbol()},
                                            {"fundingRate", fmt::format("{:.8f}", point.rate)},
                                            {"fundingTime", point.time.ms + shift_ms_}};
                            });
    }
    if (path == "/futures/data/globalLongShortAccountRatio") {
        return oldest_first(symbol.state.account_ratio(), limit_of(request, 30, 500),
                            [&](const AccountRatioPoint& point) {
                                return Json{{"symbol", symbol.state.symbol()},
                                            {"longAccount", fmt::format("{:.4f}", point.buy_ratio)},
                                            {"shortAccount", fmt::format("{:.4f}", 1 - point.buy_ratio)},
                                            {"timestamp", point.time.ms + shift_ms_}};
                            });
    }
    return {};
}

HttpAnswer RecordedBinance::answer(std::string_view target, std::int64_t clock_ms) const {
    const RestRequest request(target);
    if (request.path() == "/fapi/v1/time") {
        return answered(200, fmt::format(R"({{"serverTime":{}}})", clock_ms));
    }
    if (request.path() == "/fapi/v1/exchangeInfo") {
        return answered(200, instruments(clock_ms));
    }
    if (request.path() == "/fapi/v1/ticker/24hr") {
        return answered(200, day_tickers());
    }
    const RecordedSymbol* const symbol = market_.find(request.parameter("symbol"));
    if (symbol == nullptr) {
        return answered(400, R"({"code":-1121,"msg":"Invalid symbol."})");
    }
    if (request.path() == "/fapi/v1/depth" && !symbol->state.book().view()) {
        // The recording itself has no whole book yet.
        return answered(503, R"({"code":-1001,"msg":"Internal error; unable to process your request."})");
    }
    std::string body = about_symbol(request, *symbol);
    return body.empty() ? page_not_found() : answered(200, std::move(body));
}

RecordedProtocol::Request RecordedBinance::read(std::string_view text, const StreamHub::Client&) const {
    const BinanceRequest asked = BinanceRequest::read(text);
    Request request;
    if (!asked.readable) {
        request.reply = asked.refused(3, "Invalid JSON: expected value at line 1 column 1");
    } else if (asked.method == "SUBSCRIBE" || asked.method == "UNSUBSCRIBE") {
        request.kind = asked.method == "SUBSCRIBE" ? Request::Kind::subscribe : Request::Kind::unsubscribe;
        request.topics = asked.streams;
        request.reply = asked.accepted();
    } else if (asked.method == "GET_PROPERTY") {
        request.reply = asked.accepted();
    } else {
        request.reply = asked.refused(2, "Invalid request: unknown variant");
    }
    return request;
}

std::string RecordedBinance::recorded_as(std::string_view topic) const {
    const auto at = topic.find('@');
    const auto symbol = topic.substr(0, at);
    const auto kind = at == std::string_view::npos ? std::string_view{} : topic.substr(at);
    if (kind.starts_with("@depth")) {
        const auto recorded = market_.topics().lower_bound(fmt::format("{}@depth", symbol));
        if (recorded != market_.topics().end() && recorded->starts_with(fmt::format("{}@depth", symbol))) {
            return *recorded;
        }
    }
    const RecordedSymbol* const known = market_.find(binance::symbol_of_stream(topic));
    if (kind == "@aggTrade" && known != nullptr && !known->aggregate_trades) {
        return fmt::format("{}@trade", symbol);
    }
    return std::string(topic);
}

std::string RecordedBinance::frame_for(std::string_view topic, const RecordedMarket::Frame& frame) const {
    if (topic == frame.topic) {
        return std::string(frame.text);
    }
    auto parsed = Json::parse(frame.text, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("data")) {
        return std::string(frame.text);
    }
    parsed["stream"] = topic;
    if (topic.ends_with("@aggTrade")) {
        parsed["data"] = aggregate_of(parsed["data"]);
    }
    return parsed.dump();
}

}  // namespace virtuoso::sim
