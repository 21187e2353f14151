// A closed candle as the indicators read it.
#pragma once

#include "market/candle.hpp"

namespace virtuoso {

/// Doubles begin here: prices in quote currency, volume in base currency.
struct Bar {
    ExchangeTime open_time;
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;
    double taker_buy = 0;  ///< what the tape saw of the volume, by taker's side
    double taker_sell = 0;

    [[nodiscard]] static Bar of(const Candle& candle) noexcept {
        return {candle.open_time,     candle.open.value(), candle.high.value(), candle.low.value(),
                candle.close.value(), candle.volume,       candle.taker_buy,    candle.taker_sell};
    }
    [[nodiscard]] double typical() const noexcept { return (high + low + close) / 3.0; }
};

}  // namespace virtuoso
