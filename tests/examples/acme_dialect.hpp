// The exchange that docs/extending.md adds: it is made up, so that nothing here passes for a fact of another.
#pragma once

#include "examples/acme_codecs.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/place_refusal.hpp"
#include "exchange/retry_after.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace virtuoso::examples {

/// 429: until Retry-After, else ten seconds. 5xx pass. What is left is the codec's to read.
class AcmeRestRules final : public RestRules {
  public:
    [[nodiscard]] RestJudgement judge(const HttpAnswer& answer, LocalTime now) const override {
        if (auto place = place_refusal("Acme", answer)) {
            return *std::move(place);
        }
        if (answer.status == 429) {
            return {RestVerdict::retry, retry_after_ms(answer, now).value_or(10'000), "HTTP 429 from Acme",
                    ErrorCode::rate_limit};
        }
        return {answer.status >= 500 ? RestVerdict::retry : RestVerdict::accept, 0,
                fmt::format("HTTP {}", answer.status)};
    }
};

// docs: acme
/// Topics are "trade.BTCUSDT"; a subscription to a book begins with its snapshot. 20 requests a second.
class AcmeDialect final : public ExchangeDialect {
  public:
    std::string_view exchange() const noexcept override { return "acme"; }

    std::unique_ptr<StreamCodec> stream_codec() const override { return std::make_unique<AcmeStreamCodec>(); }
    StreamLimits stream_limits() const noexcept override {
        return {
            .room = 400, .topics_per_request = 50, .requests_per_second = 5, .burst = 5, .lifetime_ms = 0};
    }
    std::span<const StreamRoute> stream_routes() const noexcept override {
        static constexpr std::array<StreamRoute, 1> routes{{{.name = "public", .path = "/stream"}}};
        return routes;
    }
    std::size_t route_of(std::string_view) const noexcept override { return 0; }
    std::size_t topic_cost(std::string_view) const noexcept override { return 1; }
    std::string request_text(bool subscribes, std::string_view id,
                             std::span<const std::string> topics) const override {
        return fmt::format(R"({{"op":"{}","id":"{}","topics":["{}"]}})",
                           subscribes ? "subscribe" : "unsubscribe", id, fmt::join(topics, "\",\""));
    }
    std::string ping_text(std::string_view id) const override {
        return fmt::format(R"({{"op":"ping","id":"{}"}})", id);
    }
    SymbolTopics topics_of(const std::string& symbol, int) const override {
        return {.book = "book." + symbol,
                .trades = "trade." + symbol,
                .ticker = "ticker." + symbol,
                .klines = "candle." + symbol};
    }
    std::string symbol_of(std::string_view topic) const override {
        return std::string(topic.substr(topic.find('.') + 1));
    }
    std::string_view kind_of(std::string_view topic) const noexcept override {
        return topic.substr(0, topic.find('.'));
    }
    std::string_view known_fields(std::string_view kind) const noexcept override {
        return kind == "book"     ? "topic time first update bids asks"
               : kind == "trade"  ? "topic time trade price size side"
               : kind == "ticker" ? "topic time last"
               : kind == "candle" ? "topic time candle"
                                  : "";
    }

    std::unique_ptr<RestCodec> rest_codec() const override { return std::make_unique<AcmeRestCodec>(); }
    const RestRules& rest_rules() const noexcept override { return rules_; }
    RestLimits rest_limits() const noexcept override { return {.weight_per_second = 20, .burst = 20}; }
    double weight_of(std::string_view) const noexcept override { return 1; }
    std::string clock_target() const override { return "/time"; }
    std::string instruments_target(std::string_view) const override { return "/contracts"; }
    bool wants(const Instrument& instrument) const noexcept override {
        return instrument.quote_coin == "USDT" && instrument.status == "trading";
    }
    std::string tickers_target() const override { return "/tickers"; }
    std::vector<HistoryRequest> history_of(const std::string& symbol) const override {
        std::vector<HistoryRequest> requests;
        for (const Timeframe timeframe : all_timeframes) {
            requests.push_back({kline_target(symbol, timeframe, candle_retention(timeframe))});
        }
        return requests;
    }
    std::vector<HistoryRequest> history_since(const std::string& symbol,
                                              const MissedTime& missed) const override {
        return {{kline_target(symbol, Timeframe::m1, missed.points(ms_per_minute))}};
    }
    std::vector<Poll> polls_of(const std::string&) const override { return {}; }
    std::string recent_trades_target(const std::string& symbol) const override {
        return "/trades?symbol=" + percent_encoded(symbol);
    }
    std::string kline_target(const std::string& symbol, Timeframe timeframe,
                             std::size_t limit) const override {
        return fmt::format("/candles?symbol={}&interval={}&limit={}", percent_encoded(symbol),
                           name_of(timeframe), limit);
    }
    std::string book_target(const std::string&, int) const override { return {}; }

  private:
    AcmeRestRules rules_;
};
// docs: end

}  // namespace virtuoso::examples
