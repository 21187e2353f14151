// Closed candles of one timeframe: a bounded run in order of time.
#pragma once

#include "base/bounded_ring.hpp"
#include "market/candle.hpp"
#include "market/timeframe.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace virtuoso {

/// Candles are put in wherever they belong. Intervals without any information have no candle: the next one
/// carries `gap_before`. Appending and replacing O(log kept), filling a hole O(kept).
class CandleSeries {
  public:
    explicit CandleSeries(Timeframe timeframe)
        : timeframe_(timeframe), closed_(candle_retention(timeframe)) {}

    /// Appends, replaces or inserts, as its time wants.
    void put(const Candle& candle) { put({&candle, 1}); }
    /// Several at once, oldest first. O(kept + candles) when one goes before or between those kept.
    void put(std::span<const Candle> candles);
    /// Forgets candles that begin before `time`.
    void drop_before(ExchangeTime time);

    [[nodiscard]] const BoundedRing<Candle>& closed() const noexcept { return closed_; }
    /// Place of the first candle that begins at or after `time`; `closed().size()` when there is none.
    [[nodiscard]] std::size_t place_of(ExchangeTime time) const noexcept;
    /// The candle that begins at `start`, or nullptr.
    [[nodiscard]] const Candle* find(ExchangeTime start) const noexcept;
    /// Beginning of the interval that `time` lies in.
    [[nodiscard]] ExchangeTime start_of(ExchangeTime time) const noexcept {
        return {time.ms - time.ms % interval_ms(timeframe_)};
    }
    [[nodiscard]] Timeframe timeframe() const noexcept { return timeframe_; }
    /// Grows when a closed candle was inserted or replaced: whoever consumed the run starts again.
    [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return closed_.bytes(); }

  private:
    [[nodiscard]] bool put_in_place(const Candle& candle);
    void append(Candle candle);
    void merge(std::span<const Candle> candles);

    Timeframe timeframe_;
    BoundedRing<Candle> closed_;
    std::uint64_t revision_ = 0;
};

}  // namespace virtuoso
