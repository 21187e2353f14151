// Objects nested in Binance's stream events.
#pragma once

#include "exchange/json_reader.hpp"

namespace virtuoso::binance {

/// "k" of a kline event. `kept` tells whether its interval is one of ours.
[[nodiscard]] bool read_kline_object(JsonReader& reader, JsonValue value, KlineUpdate& update, bool& kept);
/// "o" of a forceOrder event, where S is the side of the closing order: SELL closes a long.
[[nodiscard]] bool read_order_object(JsonReader& reader, JsonValue value, std::string_view& symbol,
                                     Liquidation& liquidation);

}  // namespace virtuoso::binance
