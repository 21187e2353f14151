// What a feed has to know of one exchange: its spellings, limits and rules.
#pragma once

#include "exchange/rest_queue.hpp"
#include "exchange/rest_reply.hpp"
#include "exchange/stream_codec.hpp"
#include "market/instrument.hpp"
#include "market/timeframe.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

struct StreamLimits {
    std::size_t room = 0;  ///< of one connection, in the unit of `topic_cost`
    std::size_t topics_per_request = 100;
    double requests_per_second = 1'000;
    double burst = 1'000;
    std::int64_t lifetime_ms = 0;  ///< the exchange hangs up after so long; 0: never
};

/// Topics that are delivered at an address of their own: they have connections of their own, and the loss of
/// one route leaves the others' topics alone.
struct StreamRoute {
    std::string_view name;  ///< for notices: "market"
    std::string_view path;  ///< behind the exchange's stream address; may be empty
};

/// The topics of one symbol.
struct SymbolTopics {
    std::string book;
    std::string trades;
    std::string ticker;                  ///< where there are two, the one with the mark price
    std::string klines;                  ///< of a minute
    std::string day_ticker = {};         ///< where last price and volume have a topic of their own
    std::vector<std::string> rare = {};  ///< may be silent for hours: liquidations

    [[nodiscard]] std::vector<std::string> all() const {
        std::vector<std::string> topics{book, trades, ticker, klines};
        if (!day_ticker.empty()) {
            topics.push_back(day_ticker);
        }
        topics.insert(topics.end(), rare.begin(), rare.end());
        return topics;
    }
};

struct HistoryRequest {
    std::string target;
    int pages = 1;  ///< followed by cursor
};

/// A stretch of time of which nothing was heard.
struct MissedTime {
    ExchangeTime from;
    ExchangeTime to;

    /// Points of a grid that lie in it, with one more at either end.
    [[nodiscard]] std::size_t points(std::int64_t step_ms) const noexcept {
        return to < from ? 2 : static_cast<std::size_t>(to.ms / step_ms - from.ms / step_ms) + 2;
    }
    [[nodiscard]] bool passes(std::int64_t step_ms) const noexcept { return points(step_ms) > 2; }
};

/// What no topic tells and has to be asked for again and again.
struct Poll {
    std::string target;
    std::int64_t every_ms = 0;
};

class ExchangeDialect {
  public:
    /// One request tells all minutes of it.
    static constexpr std::int64_t catch_up_ms_max = 16 * ms_per_hour;

    virtual ~ExchangeDialect() = default;
    /// As channels spell it: "bybit", "binance-usdm".
    [[nodiscard]] virtual std::string_view exchange() const noexcept = 0;

    // Streams.
    [[nodiscard]] virtual std::unique_ptr<StreamCodec> stream_codec() const = 0;
    [[nodiscard]] virtual StreamLimits stream_limits() const noexcept = 0;
    /// At least one, the same for ever.
    [[nodiscard]] virtual std::span<const StreamRoute> stream_routes() const noexcept = 0;
    /// What of an address' path stands before its routes: an address with a route in it is understood, too.
    [[nodiscard]] virtual std::string_view base_path(std::string_view path) const noexcept { return path; }
    /// Which of `stream_routes` delivers it.
    [[nodiscard]] virtual std::size_t route_of(std::string_view topic) const noexcept = 0;
    [[nodiscard]] virtual std::size_t topic_cost(std::string_view topic) const noexcept = 0;
    /// `id`: decimal digits.
    [[nodiscard]] virtual std::string request_text(bool subscribes, std::string_view id,
                                                   std::span<const std::string> topics) const = 0;
    [[nodiscard]] virtual std::string ping_text(std::string_view id) const = 0;
    [[nodiscard]] virtual SymbolTopics topics_of(const std::string& symbol, int book_depth) const = 0;
    [[nodiscard]] virtual std::string symbol_of(std::string_view topic) const = 0;
    /// "kline": what the topics of all symbols have in common.
    [[nodiscard]] virtual std::string_view kind_of(std::string_view topic) const noexcept = 0;
    /// Fields of that kind's frames, as `unknown_fields` takes them.
    [[nodiscard]] virtual std::string_view known_fields(std::string_view kind) const noexcept = 0;

    // Requests.
    [[nodiscard]] virtual std::unique_ptr<RestCodec> rest_codec() const = 0;
    [[nodiscard]] virtual const RestRules& rest_rules() const noexcept = 0;
    [[nodiscard]] virtual RestLimits rest_limits() const noexcept = 0;
    /// In the unit of `RestLimits::weight_per_second`.
    [[nodiscard]] virtual double weight_of(std::string_view target) const noexcept = 0;
    [[nodiscard]] virtual std::string clock_target() const = 0;
    /// Empty `cursor`: the first page.
    [[nodiscard]] virtual std::string instruments_target(std::string_view cursor) const = 0;
    /// A USDT perpetual that is trading, whatever its asset class.
    [[nodiscard]] virtual bool wants(const Instrument& instrument) const noexcept = 0;
    /// Turnover of all symbols.
    [[nodiscard]] virtual std::string tickers_target() const = 0;
    /// Everything a symbol's analysis looks back on, most needed first.
    [[nodiscard]] virtual std::vector<HistoryRequest> history_of(const std::string& symbol) const = 0;
    /// What is told of all contracts at once; asked at the start, too.
    [[nodiscard]] virtual std::vector<Poll> market_polls() const { return {}; }
    /// The same where only what came about in `missed` is not known; it is shorter than `catch_up_ms_max`.
    [[nodiscard]] virtual std::vector<HistoryRequest> history_since(const std::string& symbol,
                                                                    const MissedTime& missed) const = 0;
    [[nodiscard]] virtual std::vector<Poll> polls_of(const std::string& symbol) const = 0;
    [[nodiscard]] virtual std::string recent_trades_target(const std::string& symbol) const = 0;
    [[nodiscard]] virtual std::string kline_target(const std::string& symbol, Timeframe timeframe,
                                                   std::size_t limit) const = 0;
    /// The snapshot that starts a book; empty where subscribing brings one.
    [[nodiscard]] virtual std::string book_target(const std::string& symbol, int book_depth) const = 0;
};

}  // namespace virtuoso
