// Combining the leans of several timeframes.
#pragma once

#include "market/timeframe.hpp"

#include <array>
#include <cmath>
#include <optional>

namespace virtuoso {

struct WeightedTimeframe {
    Timeframe timeframe;
    double weight;
};

/// base, ltf, mtf, htf
inline constexpr std::array<WeightedTimeframe, 4> analysis_timeframes{
    {{Timeframe::m1, .40}, {Timeframe::m5, .30}, {Timeframe::m30, .20}, {Timeframe::h4, .10}}};

/// Σ wℓ / Σw over the present ones, and how far they agree.
class TimeframeBlend {
  public:
    void add(double weight, std::optional<double> lean) noexcept {
        if (lean) {
            weight_ += weight;
            sum_ += weight * *lean;
            magnitude_ += weight * std::fabs(*lean);
        }
    }
    [[nodiscard]] std::optional<double> lean() const noexcept {
        return weight_ > 0 ? std::optional(sum_ / weight_) : std::nullopt;
    }
    /// 1 when all agree, 0 when they cancel.
    [[nodiscard]] double alignment() const noexcept {
        return magnitude_ > 0 ? std::fabs(sum_) / magnitude_ : 1.0;
    }
    /// 6·(2a − 1)·ℓ points: agreement amplifies, conflict dampens.
    [[nodiscard]] double divergence_adjustment() const noexcept {
        return weight_ > 0 ? 6.0 * (2.0 * alignment() - 1.0) * (sum_ / weight_) : 0.0;
    }

  private:
    double weight_ = 0;
    double sum_ = 0;
    double magnitude_ = 0;
};

}  // namespace virtuoso
