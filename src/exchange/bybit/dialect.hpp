// Bybit's linear perpetuals, as a feed has to speak to them.
#pragma once

#include "exchange/bybit/known_fields.hpp"
#include "exchange/bybit/rest_rules.hpp"
#include "exchange/exchange_dialect.hpp"

namespace virtuoso::bybit {

/// USDT perpetuals that are trading. A subscription to a book begins with its snapshot.
class BybitDialect final : public ExchangeDialect {
  public:
    [[nodiscard]] std::string_view exchange() const noexcept override { return "bybit"; }

    [[nodiscard]] std::unique_ptr<StreamCodec> stream_codec() const override;
    [[nodiscard]] StreamLimits stream_limits() const noexcept override;
    [[nodiscard]] std::span<const StreamRoute> stream_routes() const noexcept override;
    [[nodiscard]] std::size_t route_of(std::string_view) const noexcept override { return 0; }
    [[nodiscard]] std::size_t topic_cost(std::string_view topic) const noexcept override;
    [[nodiscard]] std::string request_text(bool subscribes, std::string_view id,
                                           std::span<const std::string> topics) const override;
    [[nodiscard]] std::string ping_text(std::string_view id) const override;
    [[nodiscard]] SymbolTopics topics_of(const std::string& symbol, int book_depth) const override;
    [[nodiscard]] std::string symbol_of(std::string_view topic) const override;
    [[nodiscard]] std::string_view kind_of(std::string_view topic) const noexcept override {
        return kind_of_topic(topic);
    }
    [[nodiscard]] std::string_view known_fields(std::string_view kind) const noexcept override {
        return known_topic_fields(kind);
    }

    [[nodiscard]] std::unique_ptr<RestCodec> rest_codec() const override;
    [[nodiscard]] const RestRules& rest_rules() const noexcept override { return rules_; }
    [[nodiscard]] RestLimits rest_limits() const noexcept override { return bybit::rest_limits; }
    [[nodiscard]] double weight_of(std::string_view) const noexcept override { return 1; }
    [[nodiscard]] std::string clock_target() const override { return "/v5/market/time"; }
    [[nodiscard]] std::string instruments_target(std::string_view cursor) const override;
    [[nodiscard]] bool wants(const Instrument& instrument) const noexcept override;
    [[nodiscard]] std::string tickers_target() const override;
    [[nodiscard]] std::vector<HistoryRequest> history_of(const std::string& symbol) const override;
    [[nodiscard]] std::vector<HistoryRequest> history_since(const std::string& symbol,
                                                            const MissedTime& missed) const override;
    [[nodiscard]] std::vector<Poll> polls_of(const std::string& symbol) const override;
    [[nodiscard]] std::string recent_trades_target(const std::string& symbol) const override;
    [[nodiscard]] std::string kline_target(const std::string& symbol, Timeframe timeframe,
                                           std::size_t limit) const override;
    [[nodiscard]] std::string book_target(const std::string&, int) const override { return {}; }

  private:
    BybitRestRules rules_;
};

}  // namespace virtuoso::bybit
