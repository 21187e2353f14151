#include "indicators/candle_indicators.hpp"

namespace virtuoso {

void CandleIndicators::update(const Bar& bar) {
    rsi.update(bar.close);
    macd.update(bar.close);
    cci.update(bar);
    williams_r.update(bar);
    atr14.update(bar);
    atr50.update(bar);
    adx.update(bar);
    ao.update(bar);
    ema20.update(bar.close);
    ema50.update(bar.close);
    ema200.update(bar.close);
    sma20.update(bar.close);
    obv.update(bar);
    adl.update(bar);
    cmf.update(bar);
    vwap_day.update(bar);
    rsi_divergence.update(bar, rsi.value());
    ao_divergence.update(bar, ao.value());
    closes_.push(bar.close);
    last_ = bar;
    ++bars_;
}

std::optional<double> CandleIndicators::displacement() const noexcept {
    return closes_.full() ? std::optional(closes_.newest(0) - closes_.oldest()) : std::nullopt;
}

}  // namespace virtuoso
