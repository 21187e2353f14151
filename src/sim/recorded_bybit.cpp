#include "sim/recorded_bybit.hpp"

#include "exchange/bybit/topic.hpp"
#include "sim/bybit_envelope.hpp"
#include "sim/bybit_request.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace virtuoso::sim {

namespace {

using Json = nlohmann::ordered_json;

/// Elements newest first, as all of Bybit's lists are.
template <typename Ring, typename Element>
Json newest_first(const Ring& ring, std::size_t limit, Element&& element) {
    Json list = Json::array();
    for (std::size_t age = 0; age < std::min(ring.size(), limit); ++age) {
        list.push_back(element(ring[ring.size() - 1 - age]));
    }
    return list;
}

/// One side, and both.
void add_interest(Json& fields, double one_side, std::int64_t step_units) {
    fields["openInterest"] = amount_text(2 * one_side, step_units);
    fields["singleOpenInterest"] = amount_text(one_side, step_units);
}

Json ticker_of(const RecordedSymbol& symbol, std::int64_t shift_ms) {
    const Ticker& ticker = symbol.state.ticker();
    Json fields = {{"symbol", symbol.state.symbol()}};
    const auto price = [&](const char* name, const std::optional<Price>& value) {
        if (value) {
            fields[name] = units_text(value->units, symbol.tick_units);
        }
    };
    const auto real = [&](const char* name, const std::optional<double>& value, const char* format) {
        if (value) {
            fields[name] = fmt::format(fmt::runtime(format), *value);
        }
    };
    price("lastPrice", ticker.last_price);
    price("indexPrice", ticker.index_price);
    price("markPrice", ticker.mark_price);
    real("price24hPcnt", ticker.change_24h, "{:.6f}");
    price("highPrice24h", ticker.high_24h);
    price("lowPrice24h", ticker.low_24h);
    if (ticker.open_interest) {
        add_interest(fields, *ticker.open_interest, symbol.step_units);
    }
    real("singleOpenInterestValue", ticker.open_interest_value, "{:.2f}");
    real("turnover24h", ticker.turnover_24h, "{:.4f}");
    real("volume24h", ticker.volume_24h, "{:.4f}");
    real("fundingRate", ticker.funding_rate, "{:.8f}");
    if (ticker.funding_interval_minutes) {
        fields["fundingIntervalHour"] = fmt::format("{:g}", *ticker.funding_interval_minutes / 60.0);
    }
    if (ticker.next_funding_time) {
        fields["nextFundingTime"] = std::to_string(ticker.next_funding_time->ms + shift_ms);
    }
    if (const auto book = symbol.state.book().view(); book && book->two_sided()) {
        fields["bid1Price"] = units_text(book->best_bid()->price.units, symbol.tick_units);
        fields["bid1Size"] = units_text(book->best_bid()->size.units, symbol.step_units);
        fields["ask1Price"] = units_text(book->best_ask()->price.units, symbol.tick_units);
        fields["ask1Size"] = units_text(book->best_ask()->size.units, symbol.step_units);
    }
    return fields;
}

Json klines(const RecordedSymbol& symbol, Timeframe timeframe, std::size_t limit, std::int64_t shift_ms) {
    return newest_first(newest_candles(symbol, timeframe, limit), limit, [&](const Candle& candle) {
        Json row = {std::to_string(candle.open_time.ms + shift_ms)};
        for (const Price price : {candle.open, candle.high, candle.low, candle.close}) {
            row.push_back(units_text(price.units, symbol.tick_units));
        }
        row.push_back(fmt::format("{:.8g}", candle.volume));
        row.push_back(fmt::format("{:.8g}", candle.turnover));
        return row;
    });
}

}  // namespace

std::string RecordedBybit::instruments() const {
    Json list = Json::array();
    for (const auto& [name, symbol] : market_.symbols()) {
        list.push_back({{"symbol", name},
                        {"contractType", "LinearPerpetual"},
                        {"status", "Trading"},
                        {"baseCoin", name.substr(0, name.rfind("USDT"))},
                        {"quoteCoin", "USDT"},
                        {"launchTime", "0"},
                        {"priceFilter", {{"tickSize", units_text(symbol->tick_units, symbol->tick_units)}}},
                        {"lotSizeFilter", {{"qtyStep", units_text(symbol->step_units, symbol->step_units)}}},
                        {"fundingInterval", 480},
                        {"settleCoin", "USDT"}});
    }
    return Json{{"category", "linear"}, {"list", std::move(list)}, {"nextPageCursor", ""}}.dump();
}

std::string RecordedBybit::tickers(std::string_view wanted) const {
    Json list = Json::array();
    for (const auto& [name, symbol] : market_.symbols()) {
        if (wanted.empty() || wanted == name) {
            list.push_back(ticker_of(*symbol, shift_ms_));
        }
    }
    return Json{{"category", "linear"}, {"list", std::move(list)}}.dump();
}

std::optional<std::string> RecordedBybit::about_symbol(const RestRequest& request,
                                                       const RecordedSymbol& symbol) const {
    const std::string& name = symbol.state.symbol();
    const auto path = request.path();
    Json result = {{"symbol", name}, {"category", "linear"}, {"nextPageCursor", ""}};
    if (path == "/v5/market/kline") {
        const auto timeframe = bybit::timeframe_of(request.parameter("interval"));
        result["list"] =
            timeframe ? klines(symbol, *timeframe, limit_of(request, 200, 1'000), shift_ms_) : Json::array();
    } else if (path == "/v5/market/recent-trade") {
        result["list"] =
            newest_first(symbol.recent_trades, limit_of(request, 500, 1'000), [&](const std::string& text) {
                const auto trade = Json::parse(text);
                return Json{{"execId", trade.value("i", "")},
                            {"symbol", name},
                            {"price", trade.value("p", "")},
                            {"size", trade.value("v", "")},
                            {"side", trade.value("S", "")},
                            {"time", std::to_string(trade.value("T", std::int64_t{0}) + shift_ms_)},
                            {"isBlockTrade", trade.value("BT", false)},
                            {"isRPITrade", trade.value("RPI", false)}};
            });
    } else if (path == "/v5/market/open-interest") {
        result["list"] = newest_first(
            symbol.state.open_interest(), limit_of(request, 50, 200), [&](const OpenInterestPoint& point) {
                Json row = {{"timestamp", std::to_string(point.time.ms + shift_ms_)}};
                add_interest(row, point.open_interest, symbol.step_units);
                return row;
            });
    } else if (path == "/v5/market/funding/history") {
        result["list"] =
            newest_first(symbol.state.funding(), limit_of(request, 200, 200), [&](const FundingPoint& point) {
                return Json{{"symbol", name},
                            {"fundingRate", fmt::format("{:.8f}", point.rate)},
                            {"fundingRateTimestamp", std::to_string(point.time.ms + shift_ms_)}};
            });
    } else if (path == "/v5/market/account-ratio") {
        result["list"] = newest_first(
            symbol.state.account_ratio(), limit_of(request, 50, 500), [&](const AccountRatioPoint& point) {
                return Json{{"symbol", name},
                            {"buyRatio", fmt::format("{:.4f}", point.buy_ratio)},
                            {"sellRatio", fmt::format("{:.4f}", 1 - point.buy_ratio)},
                            {"timestamp", std::to_string(point.time.ms + shift_ms_)}};
            });
    } else if (path == "/v5/market/orderbook") {
        const auto book = symbol.state.book().view();
        const std::size_t limit = limit_of(request, 25, 1'000);
        return fmt::format(R"({{"s":"{}","b":{},"a":{},"ts":{},"u":{},"seq":{},"cts":{}}})", name,
                           book ? levels_text(symbol, *book, true, limit) : "[]",
                           book ? levels_text(symbol, *book, false, limit) : "[]",
                           symbol.state.as_of().ms + shift_ms_, book ? book->update_id() : 0,
                           book ? book->update_id() : 0, symbol.state.book().time().ms + shift_ms_);
    } else {
        return std::nullopt;
    }
    return result.dump();
}

HttpAnswer RecordedBybit::answer(std::string_view target, std::int64_t clock_ms) const {
    const RestRequest request(target);
    if (request.path() == "/v5/market/time") {
        return bybit_answer(
            0, "OK",
            fmt::format(R"({{"timeSecond":"{}","timeNano":"{}000000"}})", clock_ms / 1'000, clock_ms),
            clock_ms);
    }
    if (request.path() == "/v5/market/instruments-info") {
        return bybit_answer(0, "OK", instruments(), clock_ms);
    }
    if (request.path() == "/v5/market/tickers") {
        return bybit_answer(0, "OK", tickers(request.parameter("symbol")), clock_ms);
    }
    const RecordedSymbol* const symbol = market_.find(request.parameter("symbol"));
    if (!request.path().starts_with("/v5/market/")) {
        return page_not_found();
    }
    if (symbol == nullptr) {
        return bybit_answer(10001, "params error: Symbol Is Invalid", {}, clock_ms);
    }
    const auto result = about_symbol(request, *symbol);
    return result ? bybit_answer(0, "OK", *result, clock_ms) : page_not_found();
}

std::string RecordedBybit::refusal_of(const std::vector<std::string>& topics,
                                      const StreamHub::Client& client) const {
    if (topics.empty()) {
        return "error:args is empty";
    }
    for (const auto& name : topics) {
        const auto topic = bybit::parse_topic(name);
        const bool known = topic && market_.find(topic->symbol) != nullptr &&
                           (topic->kind != bybit::TopicKind::order_book || market_.topics().contains(name));
        if (!known) {
            return fmt::format("error:handler not found,topic:{}", name);
        }
        if (StreamHub::hears(client, name)) {
            return fmt::format("error:already subscribed,topic:{}", name);
        }
    }
    return {};
}

RecordedProtocol::Request RecordedBybit::read(std::string_view text, const StreamHub::Client& client) const {
    BybitRequest frame = BybitRequest::read(text);
    const std::string& operation = frame.operation;
    Request request;
    request.topics = std::move(frame.topics);
    std::string refusal;
    if (operation == "subscribe") {
        refusal = refusal_of(request.topics, client);
        request.kind = refusal.empty() ? Request::Kind::subscribe : Request::Kind::other;
    } else if (operation == "unsubscribe") {
        request.kind = Request::Kind::unsubscribe;
    } else if (operation == "ping") {
        refusal = "pong";
    } else {
        refusal = "error:Invalid op";
    }
    const BybitReply reply{.success = refusal.empty() || operation == "ping",
                           .message = refusal,
                           .connection = client.number,
                           .request_id = frame.id,
                           .operation = operation};
    request.reply = reply.text();
    return request;
}

std::string RecordedBybit::snapshot(std::string_view name, std::int64_t clock_ms) const {
    const auto topic = bybit::parse_topic(name);
    const RecordedSymbol* const symbol = topic ? market_.find(topic->symbol) : nullptr;
    if (symbol == nullptr) {
        return {};
    }
    if (topic->kind == bybit::TopicKind::ticker && symbol->state.ticker().time.ms > 0) {
        return Json{{"topic", name},
                    {"type", "snapshot"},
                    {"data", ticker_of(*symbol, shift_ms_)},
                    {"cs", 0},
                    {"ts", clock_ms}}
            .dump();
    }
    const auto book = symbol->state.book().view();
    if (topic->kind != bybit::TopicKind::order_book || !book) {
        return {};
    }
    const auto depth = static_cast<std::size_t>(topic->depth);
    return fmt::format(R"({{"topic":"{}","type":"snapshot","ts":{},"data":{{"s":"{}","b":{},"a":{},"u":{},)"
                       R"("seq":{}}},"cts":{}}})",
                       name, clock_ms, topic->symbol, levels_text(*symbol, *book, true, depth),
                       levels_text(*symbol, *book, false, depth), book->update_id(), book->update_id(),
                       book->time().ms + shift_ms_);
}

}  // namespace virtuoso::sim
