// Volume indicators of one timeframe, updated together.
#pragma once

#include "indicators/relative_volume.hpp"
#include "indicators/rolling_slope.hpp"
#include "indicators/volume_delta.hpp"

namespace virtuoso {

/// Fed with closed candles only, oldest first. O(1) a bar (windows of at most 31 values).
class VolumeIndicators {
  public:
    void update(const Bar& bar) noexcept {
        obv_.update(bar);
        adl_.update(bar);
        adl_slope.update(*adl_.value());
        obv_slope.update(*obv_.value());
        delta.update(bar);
        relative.update(bar.volume);
    }

    VolumeDelta delta;
    RelativeVolume relative;
    RollingSlope<10> adl_slope;  ///< base currency a bar
    RollingSlope<14> obv_slope;

  private:
    OnBalanceVolume obv_;
    AccumulationDistribution adl_;
};

}  // namespace virtuoso
