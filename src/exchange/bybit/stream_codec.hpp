// Bybit v5 public WebSocket frames.
#pragma once

#include "exchange/bybit/topic.hpp"
#include "exchange/json_reader.hpp"
#include "exchange/stream_codec.hpp"

#include <vector>

namespace virtuoso::bybit {

/// Decodes orderbook.N, publicTrade, tickers, kline, allLiquidation and the older liquidation topic,
/// and the answers to subscribe, ping and auth. Fields may come in any order.
/// Source: https://bybit-exchange.github.io/docs/v5/ws/connect and the topic pages beside it.
class BybitStreamCodec final : public StreamCodec {
  public:
    [[nodiscard]] Result<DecodedFrame> decode(PaddedFrame frame) override;
    [[nodiscard]] std::string_view refused_symbol() const noexcept override { return symbol_; }
    [[nodiscard]] RefusedTopic refused_topic() const noexcept override;

  private:
    struct Envelope {
        std::string_view topic;
        std::string_view type;
        std::string_view operation;
        std::string_view message;
        std::string_view request_id;
        std::string_view connection_id;
        ExchangeTime time;          ///< ts
        ExchangeTime matched_time;  ///< cts
        bool success = false;
        bool has_success = false;
        bool has_arguments = false;
        bool has_data = false;
        bool data_done = false;
    };

    struct BookFields {
        std::string_view symbol;
        std::uint64_t update_id = 0;
        bool has_update_id = false;
        bool has_bids = false;
        bool has_asks = false;
    };

    [[nodiscard]] bool read(PaddedFrame frame);
    [[nodiscard]] bool read_envelope_field(JsonKey key, JsonValue value);
    [[nodiscard]] bool read_data(JsonValue data);
    [[nodiscard]] bool read_book(JsonValue data);
    [[nodiscard]] bool read_ticker(JsonValue data);
    [[nodiscard]] bool finish_market();
    [[nodiscard]] bool finish_book(bool snapshot);
    [[nodiscard]] Result<DecodedFrame> finish_control();
    [[nodiscard]] bool classify_topic();
    void emit(ExchangeTime time, const MarketPayload& payload);

    JsonReader reader_;
    Envelope envelope_;
    Topic topic_{TopicKind::order_book, {}};
    std::string_view symbol_;
    BookFields book_;
    std::vector<BookLevel> bids_;
    std::vector<BookLevel> asks_;
    std::vector<TradePrint> prints_;
    std::vector<Liquidation> liquidations_;
    std::vector<KlineUpdate> klines_;
    TickerUpdate ticker_;
    std::vector<MarketEvent> events_;
};

}  // namespace virtuoso::bybit
