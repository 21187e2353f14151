#include "exchange/binance/dialect.hpp"

#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/binance/stream_name.hpp"
#include "exchange/binance/stream_tier.hpp"
#include "exchange/number_text.hpp"
#include "exchange/symbol_name.hpp"
#include "market/symbol_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace virtuoso::binance {

namespace {

/// 1024 streams a connection; some room for contracts that are listed while it lives.
constexpr std::size_t streams_planned = 1'000;
constexpr std::size_t streams_per_request = 200;
/// Ten messages a second from a client, pings among them.
constexpr double requests_per_second = 5;
constexpr double requests_burst = 5;
/// Connections end after 24 hours: replaced before, with time to try again.
constexpr std::int64_t lifetime_ms = ms_per_day - 60 * ms_per_minute;
constexpr std::int64_t open_interest_every_ms = ms_per_minute;
constexpr std::int64_t account_ratio_every_ms = 5 * ms_per_minute;
constexpr std::int64_t funding_every_ms = ms_per_hour;  ///< the shortest interval there is
constexpr std::size_t kline_limit_max = 1'500;

std::size_t limit_in(std::string_view target) {
    constexpr std::string_view name = "limit=";
    const auto found = target.find(name);
    const auto value =
        found == std::string_view::npos ? std::nullopt : integer_in(target.substr(found + name.size()));
    return static_cast<std::size_t>(std::max<std::int64_t>(0, value.value_or(0)));
}

std::string funding_target(const std::string& name, std::size_t points) {
    return fmt::format("/fapi/v1/fundingRate?symbol={}&limit={}", name, points);
}
std::string account_ratio_target(const std::string& name, std::size_t points) {
    return fmt::format("/futures/data/globalLongShortAccountRatio?symbol={}&period=5m&limit={}", name,
                       points);
}
std::string open_interest_target(const std::string& name, std::size_t points) {
    return fmt::format("/futures/data/openInterestHist?symbol={}&period=5m&limit={}", name, points);
}

}  // namespace

std::unique_ptr<StreamCodec> UsdmDialect::stream_codec() const {
    return std::make_unique<BinanceStreamCodec>(Market::usdm);
}

std::unique_ptr<RestCodec> UsdmDialect::rest_codec() const {
    return std::make_unique<BinanceRestCodec>();
}

StreamLimits UsdmDialect::stream_limits() const noexcept {
    return {.room = streams_planned,
            .topics_per_request = streams_per_request,
            .requests_per_second = requests_per_second,
            .burst = requests_burst,
            .lifetime_ms = lifetime_ms};
}

std::span<const StreamRoute> UsdmDialect::stream_routes() const noexcept {
    static constexpr std::array<StreamRoute, 2> routes{
        {{.name = tier_name(StreamTier::books), .path = stream_path(StreamTier::books)},
         {.name = tier_name(StreamTier::market), .path = stream_path(StreamTier::market)}}};
    return routes;
}

std::string_view UsdmDialect::base_path(std::string_view path) const noexcept {
    path = path.substr(0, path.find('?'));
    for (const auto known : known_stream_paths) {  // longer ones first
        if (path.ends_with(known)) {
            return path.substr(0, path.size() - known.size());
        }
    }
    return path;
}

std::size_t UsdmDialect::route_of(std::string_view topic) const noexcept {
    return static_cast<std::size_t>(tier_of_stream(topic));
}

std::string UsdmDialect::request_text(bool subscribes, std::string_view id,
                                      std::span<const std::string> topics) const {
    return fmt::format(R"({{"method":"{}","params":["{}"],"id":{}}})",
                       subscribes ? "SUBSCRIBE" : "UNSUBSCRIBE", fmt::join(topics, "\",\""), id);
}

// Any request is answered; this one has the shortest answer.
std::string UsdmDialect::ping_text(std::string_view id) const {
    return fmt::format(R"({{"method":"GET_PROPERTY","params":["combined"],"id":{}}})", id);
}

SymbolTopics UsdmDialect::topics_of(const std::string& symbol, int) const {
    const std::string name = stream_symbol(symbol);
    return {.book = name + "@depth@100ms",
            .trades = name + "@aggTrade",
            .ticker = name + "@markPrice@1s",
            .klines = name + "@kline_1m",
            .day_ticker = name + "@ticker",
            .rare = {name + "@forceOrder"}};
}

std::string UsdmDialect::symbol_of(std::string_view topic) const {
    return symbol_of_stream(topic);
}

// The lists under /futures/data, and fundingRate and fundingInfo together, have limits of their own, in
// requests per five minutes (1000 and 500): as weights they keep to those.
double UsdmDialect::weight_of(std::string_view target) const noexcept {
    const std::size_t limit = limit_in(target);
    if (target.starts_with("/fapi/v1/depth")) {
        return limit >= 1'000 ? 20 : limit >= 500 ? 10 : limit >= 100 ? 5 : 2;
    }
    if (target.starts_with("/fapi/v1/klines")) {
        return limit > 1'000 ? 10 : limit >= 500 ? 5 : limit >= 100 ? 2 : 1;
    }
    if (target.starts_with("/fapi/v1/aggTrades")) {
        return 20;
    }
    if (target.starts_with("/fapi/v1/ticker/24hr")) {
        return 40;
    }
    if (target.starts_with("/futures/data/")) {
        return 11;
    }
    if (target.starts_with("/fapi/v1/fundingRate") || target.starts_with("/fapi/v1/fundingInfo")) {
        return 21;
    }
    return 1;
}

std::string UsdmDialect::instruments_target(std::string_view) const {
    return "/fapi/v1/exchangeInfo";
}

bool UsdmDialect::wants(const Instrument& instrument) const noexcept {
    const bool perpetual =
        instrument.contract_type == "PERPETUAL" || instrument.contract_type == "TRADIFI_PERPETUAL";
    return perpetual && instrument.quote_coin == "USDT" && instrument.status == "TRADING";
}

std::string UsdmDialect::kline_target(const std::string& symbol, Timeframe timeframe,
                                      std::size_t limit) const {
    return fmt::format("/fapi/v1/klines?symbol={}&interval={}&limit={}", percent_encoded(symbol),
                       name_of(timeframe), std::clamp<std::size_t>(limit, 2, kline_limit_max));
}

std::string UsdmDialect::recent_trades_target(const std::string& symbol) const {
    return fmt::format("/fapi/v1/aggTrades?symbol={}&limit=1000", percent_encoded(symbol));
}

std::string UsdmDialect::book_target(const std::string& symbol, int book_depth) const {
    constexpr std::array<int, 7> limits{5, 10, 20, 50, 100, 500, 1'000};
    const auto* const limit = std::lower_bound(limits.begin(), limits.end() - 1, book_depth);
    return fmt::format("/fapi/v1/depth?symbol={}&limit={}", percent_encoded(symbol), *limit);
}

std::vector<HistoryRequest> UsdmDialect::history_of(const std::string& symbol) const {
    const std::string name = percent_encoded(symbol);
    std::vector<HistoryRequest> requests;
    requests.reserve(timeframe_count + 3);
    for (const Timeframe timeframe : all_timeframes) {
        requests.push_back({kline_target(symbol, timeframe, candle_retention(timeframe))});
    }
    requests.push_back({open_interest_target(name, SymbolState::open_interest_max)});
    requests.push_back({funding_target(name, SymbolState::funding_max)});
    requests.push_back({account_ratio_target(name, SymbolState::account_ratio_max)});
    return requests;
}

std::vector<HistoryRequest> UsdmDialect::history_since(const std::string& symbol,
                                                       const MissedTime& missed) const {
    const std::string name = percent_encoded(symbol);
    std::vector<HistoryRequest> requests{
        {kline_target(symbol, Timeframe::m1, missed.points(interval_ms(Timeframe::m1)))}};
    if (missed.passes(SymbolState::open_interest_step_ms)) {
        const std::size_t points = missed.points(SymbolState::open_interest_step_ms);
        requests.push_back({open_interest_target(name, points)});
        requests.push_back({account_ratio_target(name, points)});
    }
    if (missed.passes(ms_per_hour)) {
        requests.push_back({funding_target(name, missed.points(ms_per_hour))});
    }
    return requests;
}

std::vector<Poll> UsdmDialect::market_polls() const {
    return {{"/fapi/v1/fundingInfo", ms_per_hour}};
}

std::vector<Poll> UsdmDialect::polls_of(const std::string& symbol) const {
    const std::string name = percent_encoded(symbol);
    return {{fmt::format("/fapi/v1/openInterest?symbol={}", name), open_interest_every_ms},
            {account_ratio_target(name, 2), account_ratio_every_ms},
            {funding_target(name, 3), funding_every_ms}};
}

}  // namespace virtuoso::binance
