// One minute as its trades and the exchange's word on it make it.
#pragma once

#include "market/candle.hpp"
#include "market/event.hpp"
#include "market/trade_tape.hpp"

#include <cstdint>

namespace virtuoso {

/// A part of a minute made of trades. Sums are whole units of 1e-8 held in doubles: exact up to 9e7 of the
/// base currency, so that they do not depend on the order of trades and equal what the exchange prints.
struct TradedPart {
    ExchangeTime first;  ///< of the earliest trade
    ExchangeTime last;   ///< of the latest
    Price open{};
    Price high{};
    Price low{};
    Price close{};
    double units = 0;   ///< traded
    double bought = 0;  ///< of them by takers
    double turnover = 0;

    void add(ExchangeTime time, Price price, Size size, Side taker);
    [[nodiscard]] bool empty() const noexcept { return units == 0; }
    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.first, self.last, self.open, self.high, self.low, self.close, self.units, self.bought,
                self.turnover);
    }
};

/// What the exchange tells of an unfinished candle is its beginning: what was traded before `until`. Trades
/// from then on continue it. O(1) a trade.
class TradedMinute {
  public:
    TradedMinute() = default;
    explicit TradedMinute(ExchangeTime start) : start_(start) {}

    [[nodiscard]] ExchangeTime start() const noexcept { return start_; }
    void add(ExchangeTime time, Price price, Size size, Side taker);
    /// `row` holds what was traded before `until`; the word that reaches furthest counts. `until` of 0: it is
    /// not told when, so that the minute is what the row and the trades agree on at least. `tape`: the trades
    /// so far. O(trades since `until`).
    void tell(const Candle& row, ExchangeTime until, const TradeTape& tape);

    [[nodiscard]] const TradedPart& trades() const noexcept { return trades_; }
    [[nodiscard]] bool told() const noexcept { return told_; }
    /// The minute as far as it is known.
    [[nodiscard]] Candle candle() const;

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.start_, self.trades_, self.told_, self.until_, self.row_, self.after_);
    }

  private:
    ExchangeTime start_{-1};
    TradedPart trades_;
    bool told_ = false;
    ExchangeTime until_;
    Candle row_;
    TradedPart after_;  ///< trades from `until_` on
};

/// The tape's trades in [from, end). O(trades since `from`).
[[nodiscard]] TradedPart traded_between(const TradeTape& tape, ExchangeTime from, ExchangeTime end);

/// `total` plus `units` of 1e-8, exact where both are.
[[nodiscard]] double plus_units(double total, double units);

/// The beginning of a candle with what was traded in `after`.
void continue_with(Candle& row, const TradedPart& after);

}  // namespace virtuoso
