// What the data of Bybit's stream topics consists of: one trade, kline or liquidation at a time.
#pragma once

#include "exchange/json_reader.hpp"

namespace virtuoso::bybit {

/// "Buy" or "Sell".
[[nodiscard]] bool read_side(JsonReader& reader, JsonValue value, std::string_view field, Side& side);
/// Refuses data that speaks of another symbol than its topic.
[[nodiscard]] bool check_symbol(JsonReader& reader, std::string_view symbol, std::string_view topic_symbol);

/// Element of publicTrade.
[[nodiscard]] bool read_trade(JsonReader& reader, JsonValue element, std::string_view topic_symbol,
                              TradePrint& print);
/// Element of kline. The timeframe is the topic's.
[[nodiscard]] bool read_kline(JsonReader& reader, JsonValue element, KlineUpdate& update);
/// Element of allLiquidation, where S is the side of the position: a liquidated long reads "Buy".
[[nodiscard]] bool read_liquidation(JsonReader& reader, JsonValue element, std::string_view topic_symbol,
                                    Liquidation& event);
/// The data of the older liquidation topic, which gives the side of the closing order: a liquidated long
/// reads "Sell".
[[nodiscard]] bool read_order_liquidation(JsonReader& reader, JsonValue data, std::string_view topic_symbol,
                                          Liquidation& event);

}  // namespace virtuoso::bybit
