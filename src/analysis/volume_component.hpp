// Where the volume goes: closed candles, their taker sides, and the day's profile.
#pragma once

#include "analysis/component.hpp"
#include "analysis/timeframe_measure.hpp"

namespace virtuoso {

/// METHODOLOGY §3.
class VolumeComponent final : public Component {
  public:
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;

  private:
    mutable TimeframeScores scores_;
};

}  // namespace virtuoso
