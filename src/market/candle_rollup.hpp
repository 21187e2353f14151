// Longer candles made of shorter ones.
#pragma once

#include "market/candle.hpp"
#include "market/candle_interval.hpp"

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

/// Rolls up candles that come in order of time. One that lacks some of its parts, wherever they are missing,
/// is partial. O(1) a candle.
class CandleRollup {
  public:
    explicit CandleRollup(CandleInterval interval) : interval_(interval) {}

    /// Calls `closed(candle)` for every longer candle that `shorter` ends.
    template <typename Closed>
    void add(const Candle& shorter, std::int64_t shorter_ms, Closed&& closed) {
        const std::int64_t interval = interval_.ms;
        const ExchangeTime start{shorter.open_time.ms - shorter.open_time.ms % interval};
        if (open_ && open_->open_time < start) {
            close(closed);
        }
        if (open_) {
            extend(*open_, shorter);
        } else {
            open_ = shorter;
            open_->open_time = start;
            open_->source = CandleSource::rollup;
        }
        told_ms_ += shorter_ms;
        if (shorter.open_time.ms + shorter_ms == start.ms + interval) {
            close(closed);
        }
    }
    [[nodiscard]] CandleInterval interval() const noexcept { return interval_; }

  private:
    template <typename Closed>
    void close(Closed&& closed) {
        open_->partial = open_->partial || told_ms_ < interval_.ms;
        told_ms_ = 0;
        closed(*open_);
        open_.reset();
    }

    CandleInterval interval_;
    std::optional<Candle> open_;
    std::int64_t told_ms_ = 0;  ///< of the open one's interval
};

}  // namespace virtuoso
