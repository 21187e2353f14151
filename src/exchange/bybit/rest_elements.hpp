// What the lists of Bybit's REST answers consist of, one element at a time.
#pragma once

#include "exchange/json_reader.hpp"

namespace virtuoso::bybit {

/// Element of instruments-info.
[[nodiscard]] bool read_instrument(JsonReader& reader, JsonValue element, Instrument& instrument);
/// Row of kline: start, open, high, low, close, volume, turnover.
[[nodiscard]] bool read_kline_row(JsonReader& reader, JsonValue element, Candle& candle);
/// Elements that name their symbol set `symbol`.
[[nodiscard]] bool read_recent_trade(JsonReader& reader, JsonValue element, std::string_view& symbol,
                                     TradePrint& print);
[[nodiscard]] bool read_open_interest(JsonReader& reader, JsonValue element, OpenInterestPoint& point);
[[nodiscard]] bool read_funding(JsonReader& reader, JsonValue element, std::string_view& symbol,
                                FundingPoint& point);
[[nodiscard]] bool read_account_ratio(JsonReader& reader, JsonValue element, std::string_view& symbol,
                                      AccountRatioPoint& point);

}  // namespace virtuoso::bybit
