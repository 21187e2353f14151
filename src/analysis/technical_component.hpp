// Oscillators and trend tools on closed candles of four timeframes.
#pragma once

#include "analysis/component.hpp"
#include "analysis/timeframe_blend.hpp"
#include "indicators/candle_indicators.hpp"

#include <array>

namespace virtuoso {

/// METHODOLOGY §2. Candles whose beginning was not seen are left out. When the exchange corrects a
/// closed candle, that timeframe is computed again from the candles kept.
class TechnicalComponent final : public Component {
  public:
    void update(const AnalysisInputs& inputs, const StateChange& change) override;
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;
    [[nodiscard]] std::size_t bytes() const noexcept override { return 0; }

  private:
    struct Track {
        CandleIndicators indicators;
        std::uint64_t consumed = 0;  ///< closed candles already fed, as CandleSeries counts them
        std::uint64_t revision = 0;
    };
    std::array<Track, analysis_timeframes.size()> tracks_{};
};

}  // namespace virtuoso
