// Oscillators and trend tools on closed candles of four timeframes.
#pragma once

#include "analysis/component.hpp"
#include "analysis/timeframe_measure.hpp"

namespace virtuoso {

/// METHODOLOGY §2.
class TechnicalComponent final : public Component {
  public:
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;

  private:
    mutable TimeframeScores scores_;
};

}  // namespace virtuoso
