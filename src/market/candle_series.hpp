// Candles of one timeframe: a bounded run of closed ones and the open one.
#pragma once

#include "base/bounded_ring.hpp"
#include "market/candle.hpp"
#include "market/event.hpp"
#include "market/timeframe.hpp"

#include <optional>
#include <span>

namespace virtuoso {

/// A candle closes when a trade, a confirmed kline or the passing of time shows that its interval is
/// over. Confirmed exchange klines replace what was built from trades. Minutes without any information
/// give no candle: the next one carries `gap_before`. All updates O(1), replacing a closed candle O(n).
class CandleSeries {
  public:
    explicit CandleSeries(Timeframe timeframe)
        : timeframe_(timeframe), closed_(candle_retention(timeframe)) {}

    /// Adds a trade to the open candle, opening and closing candles as needed. Returns false when the
    /// trade is older than the open candle.
    bool add_trade(ExchangeTime time, Price price, Size size, Side taker);

    /// Merges a closed candle of a shorter timeframe.
    void add_rollup(const Candle& shorter, std::int64_t shorter_interval_ms);

    /// Takes over a kline of the exchange. Unconfirmed ones set the open candle. Returns false when it
    /// is older than everything kept or repeats a candle without change.
    bool add_kline(const Candle& candle, bool confirmed);

    /// Joins closed candles of the exchange, oldest first, with what is kept: they may be older than that or
    /// fill holes in it, and win where both know a time. Returns false, and does nothing, when none would go
    /// between or before candles already kept. O(kept + candles).
    bool merge_past(std::span<const Candle> candles);
    /// Forgets every candle; what was made from others can be made again.
    void clear();

    /// Closes the open candle if its interval ended at least `grace_ms` before `now`.
    void close_until(ExchangeTime now, std::int64_t grace_ms);

    [[nodiscard]] const BoundedRing<Candle>& closed() const noexcept { return closed_; }
    [[nodiscard]] const std::optional<Candle>& open() const noexcept { return open_; }
    [[nodiscard]] Timeframe timeframe() const noexcept { return timeframe_; }
    /// Grows when a closed candle was inserted or replaced: whoever consumed the run starts again.
    [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
    [[nodiscard]] bool exchange_fed() const noexcept { return exchange_fed_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return closed_.bytes(); }

  private:
    [[nodiscard]] ExchangeTime start_of(ExchangeTime time) const noexcept;
    void open_at(ExchangeTime start, Price price, CandleSource source, bool partial);
    void close_open();
    void append_closed(Candle candle);
    bool replace_closed(const Candle& candle);

    Timeframe timeframe_;
    BoundedRing<Candle> closed_;
    std::optional<Candle> open_;
    std::uint64_t revision_ = 0;
    bool exchange_fed_ = false;
};

}  // namespace virtuoso
