// The candles of one symbol of a file, put in order as far as that is safe.
#pragma once

#include "base/error.hpp"
#include "market/candle.hpp"
#include "market/candle_interval.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso::archive {

/// Takes rows that ascend on the grid of their interval. Pages that overlap repeat rows: the same row is
/// taken once. The last candle may stand again with more in it, as it was not over: the later one is taken.
/// Missing rows are counted, not refused. Memory: the rows of a page.
class CandleSequence {
  public:
    explicit CandleSequence(CandleInterval interval) : interval_(interval) {}

    /// Gives back the candle that is certain by this one. Error: candle_order.
    [[nodiscard]] Result<std::optional<Candle>> take(const Candle& candle);
    /// The newest candle, after the end.
    [[nodiscard]] std::optional<Candle> finish();

    /// Intervals without a candle between the first and the last.
    [[nodiscard]] std::int64_t missing() const noexcept { return missing_; }
    [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
    [[nodiscard]] std::uint64_t replaced() const noexcept { return replaced_; }

  private:
    static constexpr std::size_t kept_max = 2'000;

    [[nodiscard]] Result<std::optional<Candle>> take_again(const Candle& candle);

    CandleInterval interval_;
    std::optional<Candle> newest_;
    std::deque<Candle> before_;  ///< given back, oldest first
    std::int64_t missing_ = 0;
    std::uint64_t repeated_ = 0;
    std::uint64_t replaced_ = 0;
};

/// The interval of rows that begin at these times: their usual distance, nullopt when none of them is one.
/// `distance`: what is told of others.
[[nodiscard]] std::optional<CandleInterval> usual_interval(std::vector<std::int64_t> times_ms,
                                                           std::int64_t& distance_ms);

}  // namespace virtuoso::archive
