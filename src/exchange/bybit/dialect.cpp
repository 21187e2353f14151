#include "exchange/bybit/dialect.hpp"

#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "exchange/symbol_name.hpp"
#include "market/symbol_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace virtuoso::bybit {

namespace {

/// Bybit closes a connection whose subscribed topics exceed 21 000 characters together: this leaves room for
/// topics that are added while it lives. Source: https://bybit-exchange.github.io/docs/v5/ws/connect
constexpr std::size_t arguments_length_planned = 19'000;
constexpr std::size_t arguments_per_request = 100;
/// 288 points of open interest in pages of 200.
constexpr int open_interest_pages = 2;
constexpr std::int64_t account_ratio_every_ms = 5 * ms_per_minute;
constexpr std::int64_t funding_every_ms = ms_per_hour;  ///< the shortest interval there is

std::string market_query(std::string_view path, const std::string& symbol) {
    return fmt::format("/v5/market/{}?category=linear&symbol={}", path, percent_encoded(symbol));
}

constexpr std::size_t page_max = 200;  ///< of open interest and funding

std::string open_interest_target(const std::string& symbol, std::size_t points) {
    return fmt::format("{}&intervalTime=5min&limit={}", market_query("open-interest", symbol), points);
}
std::string funding_target(const std::string& symbol, std::size_t points) {
    return fmt::format("{}&limit={}", market_query("funding/history", symbol), points);
}
std::string account_ratio_target(const std::string& symbol, std::size_t points) {
    return fmt::format("{}&period=5min&limit={}", market_query("account-ratio", symbol), points);
}

/// Bybit's name of an interval: minutes, or "D".
std::string interval_name(Timeframe timeframe) {
    return timeframe == Timeframe::d1 ? "D" : std::to_string(interval_ms(timeframe) / ms_per_minute);
}

}  // namespace

std::unique_ptr<StreamCodec> BybitDialect::stream_codec() const {
    return std::make_unique<BybitStreamCodec>();
}

std::unique_ptr<RestCodec> BybitDialect::rest_codec() const {
    return std::make_unique<BybitRestCodec>();
}

StreamLimits BybitDialect::stream_limits() const noexcept {
    return {.room = arguments_length_planned, .topics_per_request = arguments_per_request};
}

// One address for all topics of linear contracts: its path belongs to the address.
std::span<const StreamRoute> BybitDialect::stream_routes() const noexcept {
    static constexpr std::array<StreamRoute, 1> routes{{{.name = "linear", .path = ""}}};
    return routes;
}

std::size_t BybitDialect::topic_cost(std::string_view topic) const noexcept {
    return topic.size() + 3;  // quotes and a comma
}

// Topics are names of the exchange: they need no escapes.
std::string BybitDialect::request_text(bool subscribes, std::string_view id,
                                       std::span<const std::string> topics) const {
    return fmt::format(R"({{"op":"{}","req_id":"{}","args":["{}"]}})",
                       subscribes ? "subscribe" : "unsubscribe", id, fmt::join(topics, "\",\""));
}

std::string BybitDialect::ping_text(std::string_view id) const {
    return fmt::format(R"({{"req_id":"{}","op":"ping"}})", id);
}

SymbolTopics BybitDialect::topics_of(const std::string& symbol, int book_depth) const {
    return {.book = fmt::format("orderbook.{}.{}", book_depth, symbol),
            .trades = "publicTrade." + symbol,
            .ticker = "tickers." + symbol,
            .klines = "kline.1." + symbol,
            .rare = {"allLiquidation." + symbol}};
}

std::string BybitDialect::symbol_of(std::string_view topic) const {
    return std::string(topic.substr(topic.rfind('.') + 1));
}

std::string BybitDialect::instruments_target(std::string_view cursor) const {
    return fmt::format("/v5/market/instruments-info?category=linear&limit=1000{}{}",
                       cursor.empty() ? "" : "&cursor=", query_safe(cursor));
}

bool BybitDialect::wants(const Instrument& instrument) const noexcept {
    return instrument.contract_type == "LinearPerpetual" && instrument.quote_coin == "USDT" &&
           instrument.status == "Trading";
}

std::string BybitDialect::tickers_target() const {
    return "/v5/market/tickers?category=linear";
}

std::string BybitDialect::kline_target(const std::string& symbol, Timeframe timeframe,
                                       std::size_t limit) const {
    return fmt::format("{}&interval={}&limit={}", market_query("kline", symbol), interval_name(timeframe),
                       std::clamp<std::size_t>(limit, 2, 1'000));
}

std::string BybitDialect::recent_trades_target(const std::string& symbol) const {
    return market_query("recent-trade", symbol) + "&limit=1000";
}

std::vector<HistoryRequest> BybitDialect::history_of(const std::string& symbol) const {
    std::vector<HistoryRequest> requests;
    requests.reserve(timeframe_count + 3);
    for (const Timeframe timeframe : all_timeframes) {
        requests.push_back({kline_target(symbol, timeframe, candle_retention(timeframe))});
    }
    requests.push_back({open_interest_target(symbol, page_max), open_interest_pages});
    requests.push_back({funding_target(symbol, page_max)});
    requests.push_back({account_ratio_target(symbol, SymbolState::account_ratio_max)});
    return requests;
}

std::vector<HistoryRequest> BybitDialect::history_since(const std::string& symbol,
                                                        const MissedTime& missed) const {
    std::vector<HistoryRequest> requests{
        {kline_target(symbol, Timeframe::m1, missed.points(interval_ms(Timeframe::m1)))}};
    if (missed.passes(SymbolState::open_interest_step_ms)) {
        const std::size_t points = missed.points(SymbolState::open_interest_step_ms);
        requests.push_back({open_interest_target(symbol, std::min(points, page_max))});
        requests.push_back({account_ratio_target(symbol, points)});
    }
    if (missed.passes(ms_per_hour)) {
        requests.push_back({funding_target(symbol, missed.points(ms_per_hour))});
    }
    return requests;
}

std::vector<Poll> BybitDialect::polls_of(const std::string& symbol) const {
    return {{account_ratio_target(symbol, 2), account_ratio_every_ms},
            {funding_target(symbol, 3), funding_every_ms}};
}

}  // namespace virtuoso::bybit
