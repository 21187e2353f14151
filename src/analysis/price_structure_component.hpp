// Where price stands between its swings, zones, gaps and levels.
#pragma once

#include "analysis/component.hpp"
#include "analysis/timeframe_measure.hpp"

namespace virtuoso {

/// METHODOLOGY §6. Everything is as of the last closed candle of each timeframe.
class PriceStructureComponent final : public Component {
  public:
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;

  private:
    mutable TimeframeScores scores_;
};

}  // namespace virtuoso
