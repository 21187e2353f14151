// The candles of one symbol on every timeframe.
#pragma once

#include "market/candle_series.hpp"

#include <array>
#include <span>

namespace virtuoso {

/// Feeds seven CandleSeries. Where the exchange sends klines of a timeframe they are used; otherwise
/// longer timeframes are rolled up from confirmed 1m klines; otherwise all are built from trades.
class CandleBook {
  public:
    CandleBook();

    void add_trade(ExchangeTime time, Price price, Size size, Side taker);
    void add_kline(Timeframe timeframe, const Candle& candle, bool confirmed);
    /// Candles asked of the exchange at `asked`, oldest first, all on the timeframe's grid. They may reach
    /// back before what is kept, whatever came first.
    void add_history(Timeframe timeframe, std::span<const Candle> candles, ExchangeTime asked);
    /// Closes candles whose interval has passed; call as exchange time moves. O(1).
    void advance(ExchangeTime now);

    [[nodiscard]] const CandleSeries& series(Timeframe timeframe) const noexcept {
        return series_[index_of(timeframe)];
    }
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    /// A late trade may follow an event of the next interval by so much.
    static constexpr std::int64_t trade_grace_ms = 1'000;
    /// The exchange's confirmation of a kline may follow the end of the interval by so much.
    static constexpr std::int64_t kline_grace_ms = 10'000;

    void roll_up();

    std::array<CandleSeries, timeframe_count> series_;
    ExchangeTime next_check_;
    std::uint64_t rolled_ = 0;  ///< 1m candles already merged into longer timeframes
    bool rolls_up_ = false;     ///< confirmed 1m klines arrive: trades no longer feed longer timeframes
};

}  // namespace virtuoso
