// Breaks of structure and changes of character.
#pragma once

#include "indicators/swings.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// A close beyond the last confirmed swing high (low) that was not broken yet: in the direction of the
/// trend, or without one, a break of structure (continuation); against it a change of character
/// (reversal). Each swing is broken once. O(1).
class StructureBreaks {
  public:
    static constexpr double half_life_bars = 20;
    struct Break {
        int direction = 0;  ///< +1 up, −1 down
        bool reversal = false;
        double level = 0;
        std::uint64_t bar = 0;
    };

    /// Call after the detector has seen the same bar.
    void update(const Bar& bar, const SwingDetector& swings) {
        bars_ = swings.bars();
        if (swings.found_high()) {
            high_ = swings.last_high()->price;
        }
        if (swings.found_low()) {
            low_ = swings.last_low()->price;
        }
        if (high_ && bar.close > *high_) {
            record(1, *high_);
            high_.reset();
        } else if (low_ && bar.close < *low_) {
            record(-1, *low_);
            low_.reset();
        }
    }
    [[nodiscard]] const std::optional<Break>& last() const noexcept { return last_; }
    [[nodiscard]] std::uint64_t age_bars() const noexcept { return last_ ? bars_ - 1 - last_->bar : 0; }
    [[nodiscard]] int trend() const noexcept { return last_ ? last_->direction : 0; }

  private:
    void record(int direction, double level) {
        last_ = Break{direction, trend() == -direction, level, bars_ - 1};
    }

    std::optional<double> high_;  ///< last swing high not broken yet
    std::optional<double> low_;
    std::optional<Break> last_;
    std::uint64_t bars_ = 0;
};

}  // namespace virtuoso
