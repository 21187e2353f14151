// Bodies of Bybit v5 public REST answers.
#pragma once

#include "exchange/bybit/answer.hpp"
#include "exchange/json_reader.hpp"
#include "exchange/rest_lists.hpp"
#include "exchange/rest_reply.hpp"

namespace virtuoso::bybit {

/// Decodes /v5/market/time, instruments-info, tickers, kline, orderbook, recent-trade, open-interest,
/// funding/history and account-ratio. Lists, newest first on the wire, come out oldest first.
/// Elements that cannot be read are left out and told by `skipped`. Categories linear, inverse and spot where
/// the body has the same shape; options are refused. Source:
/// https://bybit-exchange.github.io/docs/v5/market/time and the pages beside it.
class BybitRestCodec final : public RestCodec {
  public:
    [[nodiscard]] Result<RestReply> decode(std::string_view target, PaddedFrame body) override;

  private:
    enum class Endpoint : std::uint8_t {
        time,
        instruments,
        tickers,
        kline,
        order_book,
        recent_trade,
        open_interest,
        funding_history,
        account_ratio
    };

    [[nodiscard]] bool read(const RestRequest& request, PaddedFrame body);
    [[nodiscard]] bool read_result(JsonValue result);
    [[nodiscard]] bool read_result_field(JsonKey key, JsonValue value);
    [[nodiscard]] bool read_list(JsonValue list);
    [[nodiscard]] bool read_element(JsonValue element);
    [[nodiscard]] bool is_of(std::string_view symbol);
    [[nodiscard]] bool read_ticker(JsonValue element);
    [[nodiscard]] bool finish(const RestRequest& request);
    [[nodiscard]] bool finish_kline(const RestRequest& request);
    void emit(ExchangeTime time, const MarketPayload& payload);

    JsonReader reader_;
    Endpoint endpoint_ = Endpoint::time;
    Answer answer_;
    std::string_view symbol_;
    std::string asked_symbol_;  ///< that of the request
    std::string_view category_;
    std::string_view cursor_;
    std::int64_t time_ns_ = 0;
    std::uint64_t update_id_ = 0;
    ExchangeTime book_time_;
    RestLists lists_;
};

}  // namespace virtuoso::bybit
