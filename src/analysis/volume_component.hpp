// Where the volume goes: closed candles, their taker sides, and the day's profile.
#pragma once

#include "analysis/component.hpp"

namespace virtuoso {

/// METHODOLOGY §3.
class VolumeComponent final : public Component {
  public:
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;
};

}  // namespace virtuoso
