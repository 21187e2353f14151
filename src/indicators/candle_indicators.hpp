// All candle indicators of one timeframe, updated together.
#pragma once

#include "indicators/adx.hpp"
#include "indicators/atr.hpp"
#include "indicators/awesome_oscillator.hpp"
#include "indicators/cci.hpp"
#include "indicators/divergence.hpp"
#include "indicators/macd.hpp"
#include "indicators/moving_average.hpp"
#include "indicators/rsi.hpp"
#include "indicators/session_vwap.hpp"
#include "indicators/volume_lines.hpp"
#include "indicators/williams_r.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// Fed with closed candles only, oldest first. O(1) a bar (windows of at most 34 values).
class CandleIndicators {
  public:
    static constexpr std::size_t displacement_bars = 14;

    void update(const Bar& bar);

    [[nodiscard]] std::uint64_t bars() const noexcept { return bars_; }
    [[nodiscard]] const Bar& last() const noexcept { return last_; }
    /// Close − close 14 bars before.
    [[nodiscard]] std::optional<double> displacement() const noexcept;

    Rsi rsi;
    Macd macd;
    Cci cci;
    WilliamsR williams_r;
    Atr atr14{14};
    Atr atr50{50};
    Adx adx;
    AwesomeOscillator ao;
    ExponentialMovingAverage ema20{20};
    ExponentialMovingAverage ema50{50};
    ExponentialMovingAverage ema200{200};
    SimpleMovingAverage<20> sma20;
    OnBalanceVolume obv;
    AccumulationDistribution adl;
    ChaikinMoneyFlow cmf;
    SessionVwap vwap_day = SessionVwap::daily();
    DivergenceDetector rsi_divergence;
    DivergenceDetector ao_divergence;

  private:
    RollingWindow<double, displacement_bars + 1> closes_;
    Bar last_;
    std::uint64_t bars_ = 0;
};

}  // namespace virtuoso
