// Binance WebSocket frames: USD-M futures, and the spot streams that recordings hold.
#pragma once

#include "exchange/json_reader.hpp"
#include "exchange/stream_codec.hpp"

#include <array>
#include <deque>
#include <string>
#include <vector>

namespace virtuoso::binance {

enum class Market : std::uint8_t { usdm, spot };

/// Decodes depth differences, trade, aggTrade, bookTicker, kline, markPrice, 24hrTicker and forceOrder,
/// as combined-stream frames `{"stream":…,"data":…}` or bare events. Which event it is follows from "e";
/// spot's bookTicker has none and follows from the stream's name. Lists, which the streams of all symbols
/// send, give an event an element. A trade that is not of the market is `off_market`; the part of an aggTrade
/// beyond its `nq` is a second print, `retail`. Partial and RPI books, sessions and other products are
/// refused by name. Source:
/// https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
class BinanceStreamCodec final : public StreamCodec {
  public:
    explicit BinanceStreamCodec(Market market) : market_(market) {}

    [[nodiscard]] Result<DecodedFrame> decode(PaddedFrame frame) override;
    [[nodiscard]] std::string_view refused_symbol() const noexcept override { return fields_.symbol; }
    [[nodiscard]] RefusedTopic refused_topic() const noexcept override;

  private:
    enum class EventKind : std::uint8_t {
        unknown,
        depth,
        trade,
        aggregate_trade,
        book_ticker,
        kline,
        mark_price,
        day_ticker,
        force_order
    };

    /// Every event uses the same one-letter names for its own purposes, so values are kept as they come
    /// and interpreted once the kind is known.
    struct Fields {
        std::string_view symbol;
        ExchangeTime event_time;
        ExchangeTime transaction_time;
        std::uint64_t first_update = 0;
        std::uint64_t last_update = 0;
        std::uint64_t previous_update = 0;
        bool has_previous = false;
        std::uint64_t trade_id = 0;
        bool buyer_is_maker = false;
        std::uint32_t seen = 0;  ///< bit per letter group, see the reading functions
    };

    [[nodiscard]] bool read(PaddedFrame frame, DecodedFrame& decoded);
    [[nodiscard]] bool read_frame(PaddedFrame frame, JsonValue value, DecodedFrame& decoded);
    [[nodiscard]] bool read_data(JsonValue value, std::string_view stream);
    [[nodiscard]] bool read_list(JsonValue value, std::string_view stream);
    [[nodiscard]] bool refuse_event(std::string_view name);
    [[nodiscard]] bool check_product(std::string_view stream);
    [[nodiscard]] bool request_id(JsonValue value, std::string_view& out);
    [[nodiscard]] bool read_event(JsonObject& event, std::string_view stream);
    [[nodiscard]] bool find_kind(JsonObject& event, std::string_view stream);
    [[nodiscard]] bool read_depth(JsonObject& event);
    [[nodiscard]] bool read_trade(JsonObject& event, TradeFeed feed);
    [[nodiscard]] bool read_book_ticker(JsonObject& event);
    [[nodiscard]] bool read_kline(JsonObject& event);
    [[nodiscard]] bool read_mark_price(JsonObject& event);
    [[nodiscard]] bool read_day_ticker(JsonObject& event);
    [[nodiscard]] bool read_force_order(JsonObject& event);
    [[nodiscard]] bool common_field(JsonKey key, JsonValue value);
    [[nodiscard]] bool need_symbol(std::string_view kind);
    void emit(ExchangeTime time, const MarketPayload& payload);

    Market market_;
    JsonReader reader_;
    Fields fields_;
    EventKind kind_ = EventKind::unknown;
    std::string request_id_;
    std::vector<BookLevel> bids_;
    std::vector<BookLevel> asks_;
    bool in_list_ = false;
    std::array<TradePrint, 2> prints_;      ///< of the book, and of its retail orders
    std::deque<Liquidation> liquidations_;  ///< a deque: events point to them
    std::vector<MarketEvent> events_;
};

}  // namespace virtuoso::binance
