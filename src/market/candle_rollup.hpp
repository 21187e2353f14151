// Longer candles made of shorter ones.
#pragma once

#include "market/candle.hpp"
#include "market/timeframe.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// Adds `part`, which comes later, to `whole`. Of a part without trades only the price is known, and that is
/// the price before: it widens nothing.
inline void extend(Candle& whole, const Candle& part) {
    whole.partial = whole.partial || part.partial;
    if (part.volume == 0) {
        return;
    }
    if (whole.volume == 0) {
        whole.open = part.open;
        whole.high = part.high;
        whole.low = part.low;
    }
    whole.high = std::max(whole.high, part.high);
    whole.low = std::min(whole.low, part.low);
    whole.close = part.close;
    whole.volume += part.volume;
    whole.turnover += part.turnover;
    whole.taker_buy += part.taker_buy;
    whole.taker_sell += part.taker_sell;
    whole.takers_told = whole.takers_told && part.takers_told;
}

/// Rolls up candles that come in order of time. O(1) a candle.
class CandleRollup {
  public:
    explicit CandleRollup(Timeframe timeframe) : timeframe_(timeframe) {}

    /// Calls `closed(candle)` for every longer candle that `shorter` ends.
    template <typename Closed>
    void add(const Candle& shorter, std::int64_t shorter_ms, Closed&& closed) {
        const std::int64_t interval = interval_ms(timeframe_);
        const ExchangeTime start{shorter.open_time.ms - shorter.open_time.ms % interval};
        if (open_ && open_->open_time < start) {
            closed(*open_);
            open_.reset();
        }
        if (open_) {
            extend(*open_, shorter);
        } else {
            open_ = shorter;
            open_->open_time = start;
            open_->source = CandleSource::rollup;
            open_->partial = shorter.partial || shorter.open_time != start;
        }
        if (shorter.open_time.ms + shorter_ms == start.ms + interval) {
            closed(*open_);
            open_.reset();
        }
    }
    [[nodiscard]] Timeframe timeframe() const noexcept { return timeframe_; }

  private:
    Timeframe timeframe_;
    std::optional<Candle> open_;
};

}  // namespace virtuoso
