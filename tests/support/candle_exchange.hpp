// An exchange in miniature that knows every trade: what it answers at any moment, and the candles there are.
#pragma once

#include "base/seeded_random.hpp"
#include "market/event.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace virtuoso::test {

struct CandleExchangeShape {
    std::uint64_t seed = 1;
    std::int64_t begin_ms = 0;
    std::int64_t end_ms = 0;
    std::int64_t trade_every_ms = 8'000;  ///< on average
    bool tells_sides = false;             ///< rows say what takers bought, as Binance's do
};

class CandleExchange {
  public:
    explicit CandleExchange(const CandleExchangeShape& shape) : shape_(shape) {
        SeededRandom random(shape.seed);
        std::int64_t price = 50'000;
        for (std::int64_t at = shape.begin_ms;;) {
            at +=
                static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * shape.trade_every_ms)));
            at += random.below(60) == 0 ? 20 * shape.trade_every_ms : 0;  // quiet minutes
            if (at >= shape.end_ms) {
                break;
            }
            price += static_cast<std::int64_t>(random.below(21)) - 10;
            trades_.push_back({.time = {at},
                               .price = {price * 1'000'000},
                               .size = {static_cast<std::int64_t>(1 + random.below(900)) * 100'000},
                               .taker = random.below(2) == 0 ? Side::buy : Side::sell,
                               .id = trades_.size() + 1});
        }
    }

    [[nodiscard]] const std::vector<TradePrint>& trades() const { return trades_; }
    /// Place of the first trade at or after a time.
    [[nodiscard]] std::size_t place_of(std::int64_t ms) const {
        const auto found =
            std::lower_bound(trades_.begin(), trades_.end(), ms,
                             [](const TradePrint& t, std::int64_t m) { return t.time.ms < m; });
        return static_cast<std::size_t>(found - trades_.begin());
    }
    /// The row of the candle that begins at `start` as the exchange has it at `now`: flat without trades.
    [[nodiscard]] Candle row(Timeframe timeframe, std::int64_t start, std::int64_t now) const {
        const std::size_t first = place_of(start);
        const std::size_t last = place_of(std::min(now, start + interval_ms(timeframe)));
        const Price before = first > 0 ? trades_[first - 1].price : trades_.front().price;
        Candle row{.open_time = {start}, .open = before, .high = before, .low = before, .close = before};
        std::int64_t traded = 0;
        std::int64_t bought = 0;
        for (std::size_t i = first; i < last; ++i) {
            const TradePrint& trade = trades_[i];
            if (i == first) {
                row.open = row.high = row.low = trade.price;
            }
            row.high = std::max(row.high, trade.price);
            row.low = std::min(row.low, trade.price);
            row.close = trade.price;
            traded += trade.size.units;
            bought += trade.taker == Side::buy ? trade.size.units : 0;
        }
        row.volume = Size{traded}.value();
        if (shape_.tells_sides) {
            row.taker_buy = Size{bought}.value();
            row.taker_sell = row.volume - row.taker_buy;
        }
        return row;
    }
    /// What takers bought and sold in a candle until `now`, whether rows tell it or not.
    [[nodiscard]] std::pair<double, double> sides(Timeframe timeframe, std::int64_t start,
                                                  std::int64_t now) const {
        std::int64_t bought = 0;
        std::int64_t sold = 0;
        const std::size_t last = place_of(std::min(now, start + interval_ms(timeframe)));
        for (std::size_t i = place_of(start); i < last; ++i) {
            (trades_[i].taker == Side::buy ? bought : sold) += trades_[i].size.units;
        }
        return {Size{bought}.value(), Size{sold}.value()};
    }
    /// The newest `count` rows at `now`, oldest first, the open one last.
    [[nodiscard]] std::vector<Candle> rows(Timeframe timeframe, std::int64_t now, std::int64_t count) const {
        const std::int64_t interval = interval_ms(timeframe);
        const std::int64_t newest = now - now % interval;
        std::vector<Candle> rows;
        for (std::int64_t start = newest - (count - 1) * interval; start <= newest; start += interval) {
            if (start >= shape_.begin_ms) {
                rows.push_back(row(timeframe, start, now));
            }
        }
        return rows;
    }

  private:
    CandleExchangeShape shape_;
    std::vector<TradePrint> trades_;
};

}  // namespace virtuoso::test
