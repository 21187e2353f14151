// Which candles of a running series a subscriber has to be told of.
#pragma once

#include "sim/candle_store.hpp"

#include <deque>

namespace virtuoso::sim {

/// What was open at the last message and is closed now comes first, confirmed; then the open candle, if it
/// has changed.
class CandleNews {
  public:
    /// Calls `tell(candle, confirmed)`. `candles`: oldest first, the open one last. O(candles).
    template <typename Tell>
    void visit(const std::deque<SimCandle>& candles, Tell&& tell) {
        if (candles.empty()) {
            return;
        }
        for (const SimCandle& candle : candles) {
            const bool newest = &candle == &candles.back();
            const bool known = newest && candle.steps == told_steps_ && candle.start_ms == open_ms_;
            if (candle.start_ms >= open_ms_ && !known && (newest || open_ms_ > 0)) {
                tell(candle, !newest);
            }
        }
        open_ms_ = candles.back().start_ms;
        told_steps_ = candles.back().steps;
    }

  private:
    std::int64_t open_ms_ = 0;
    std::int64_t told_steps_ = -1;
};

}  // namespace virtuoso::sim
