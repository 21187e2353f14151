// What the lists of Binance's REST answers consist of, one element at a time.
#pragma once

#include "exchange/json_reader.hpp"

namespace virtuoso::binance {

/// Element of exchangeInfo's symbols.
[[nodiscard]] bool read_instrument(JsonReader& reader, JsonValue element, Instrument& instrument);
/// Row of klines: open time, open, high, low, close, volume, close time, quote volume, trades, taker buy
/// volume.
[[nodiscard]] bool read_kline_row(JsonReader& reader, JsonValue element, Candle& candle);
/// Element of ticker/24hr.
[[nodiscard]] bool read_day_ticker(JsonReader& reader, JsonValue element, std::string_view& symbol,
                                   TickerUpdate& update);
/// Element of aggTrades: one print or two, see `MarketTrade`.
[[nodiscard]] bool read_aggregate_trade(JsonReader& reader, JsonValue element,
                                        std::vector<TradePrint>& prints);
/// Element of openInterestHist.
[[nodiscard]] bool read_open_interest(JsonReader& reader, JsonValue element, OpenInterestPoint& point);
/// Element of fundingRate. `regular` is false for the special rates of contracts on stocks and commodities.
[[nodiscard]] bool read_funding(JsonReader& reader, JsonValue element, FundingPoint& point, bool& regular);
/// Element of fundingInfo, which lists contracts whose interval is not eight hours or was changed.
[[nodiscard]] bool read_funding_info(JsonReader& reader, JsonValue element, std::string_view& symbol,
                                     TickerUpdate& update);
/// Element of globalLongShortAccountRatio.
[[nodiscard]] bool read_account_ratio(JsonReader& reader, JsonValue element, AccountRatioPoint& point);

}  // namespace virtuoso::binance
