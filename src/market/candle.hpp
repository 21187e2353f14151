// One bar of price and volume.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <cstdint>

namespace virtuoso {

enum class CandleSource : std::uint8_t { trades, rollup, exchange };

/// Prices are exact. Volumes are doubles: a day's volume of a low-priced token exceeds the exact range.
struct Candle {
    ExchangeTime open_time{};
    Price open{};
    Price high{};
    Price low{};
    Price close{};
    double volume = 0;      ///< base currency
    double turnover = 0;    ///< quote currency; 0 where the source does not give it
    double taker_buy = 0;   ///< base volume bought by takers, from trades
    double taker_sell = 0;  ///< base volume sold by takers, from trades
    CandleSource source = CandleSource::trades;
    bool partial = false;     ///< some of it was not seen
    bool gap_before = false;  ///< the candle before it is missing
    /// The taker sides are the exchange's own, of the whole candle: trades add nothing to them.
    bool takers_told = false;
};

}  // namespace virtuoso
