// Bodies of Binance REST answers.
#pragma once

#include "exchange/json_reader.hpp"
#include "exchange/rest_lists.hpp"
#include "exchange/rest_reply.hpp"

#include <string>

namespace virtuoso::binance {

/// Decodes, of USD-M futures, /fapi/v1/ time, exchangeInfo, ticker/24hr, depth, klines, aggTrades,
/// openInterest, fundingRate and fundingInfo, and /futures/data/ openInterestHist and
/// globalLongShortAccountRatio; of spot, /api/v3/depth. Most bodies do not name their symbol: it is taken
/// from the request. Spot depth carries no time. Klines carry no time either: the newest row is taken as
/// open. Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api
class BinanceRestCodec final : public RestCodec {
  public:
    [[nodiscard]] Result<RestReply> decode(std::string_view target, PaddedFrame body) override;

  private:
    enum class Endpoint : std::uint8_t {
        time,
        instruments,
        day_tickers,
        depth,
        klines,
        aggregate_trades,
        open_interest,
        open_interest_history,
        funding_history,
        funding_info,
        account_ratio
    };

    [[nodiscard]] static bool is_list(Endpoint endpoint) noexcept;
    [[nodiscard]] bool read(PaddedFrame body);
    [[nodiscard]] bool read_element(JsonValue element);
    [[nodiscard]] bool read_field(JsonKey key, JsonValue value);
    [[nodiscard]] bool read_ticker(JsonValue element);
    [[nodiscard]] bool finish(const RestRequest& request);
    [[nodiscard]] bool read_funding_row(JsonValue element);
    [[nodiscard]] bool finish_depth(const RestRequest& request);
    [[nodiscard]] bool finish_klines(const RestRequest& request);
    void emit(ExchangeTime time, const MarketPayload& payload);

    JsonReader reader_;
    Endpoint endpoint_ = Endpoint::depth;
    std::string symbol_;
    std::int64_t code_ = 0;
    std::string_view message_;
    unsigned seen_ = 0;  ///< bit per field that an answer needs
    ExchangeTime time_;
    std::uint64_t update_id_ = 0;
    TickerUpdate interest_now_;
    RestLists lists_;
};

}  // namespace virtuoso::binance
