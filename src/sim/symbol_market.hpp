// One simulated contract, event by event.
#pragma once

#include "base/seeded_random.hpp"
#include "sim/candle_store.hpp"
#include "sim/instrument_universe.hpp"
#include "sim/price_process.hpp"
#include "sim/sim_book.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace virtuoso::sim {

/// The return of the whole market since the start, in units of its one-minute deviation. Moves in steps of
/// 100 ms.
class MarketFactor {
  public:
    MarketFactor(std::uint64_t seed, ExchangeTime start)
        : volatility_(seed, market_identity), random_(seed ^ 0xfac), now_ms_(start.ms) {}
    void advance(std::int64_t to_ms);
    [[nodiscard]] double value() const noexcept { return value_; }

  private:
    Volatility volatility_;
    SeededRandom random_;
    std::int64_t now_ms_;
    double value_ = 0;
};

struct SimLiquidation {
    std::int64_t time_ms = 0;
    bool long_position = false;
    std::int64_t steps = 0;
    std::int64_t tick = 0;  ///< bankruptcy price
};

struct SimOpenInterest {
    std::int64_t time_ms = 0;
    double quantity = 0;  ///< base currency
};

struct SimFunding {
    std::int64_t time_ms = 0;
    double rate = 0;
};

/// Orders arrive as a Hawkes process (Ogata's thinning): each raises the rate of the next ones for about a
/// second. A hidden fair price, driven by the market factor, own noise and rare jumps, draws informed
/// orders; fast moves liquidate part of the open interest, which moves the price further. Funding is a
/// slow wave with a share of the premium of the book over the fair price. O(1) an event, O(ticks swept) a
/// market order.
class SymbolMarket {
  public:
    /// `factor`: where the market stands at `start`.
    SymbolMarket(std::uint64_t seed, SimInstrument instrument, ExchangeTime start, double factor = 0);

    /// When the next event happens, in µs since the epoch.
    [[nodiscard]] std::int64_t next_event_us() const noexcept { return next_us_; }
    void step(const MarketFactor& factor);
    /// Trading goes on at `now_ms` after a halt.
    void resume(std::int64_t now_ms);
    /// Closes candles, takes five-minute samples, settles funding. At least once a second.
    void advance(std::int64_t now_ms);

    [[nodiscard]] const SimInstrument& instrument() const noexcept { return instrument_; }
    SimInstrument& instrument() noexcept { return instrument_; }
    [[nodiscard]] const SimBook& book() const noexcept { return book_; }
    [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
    /// Trades since the start.
    [[nodiscard]] std::uint64_t trade_count() const noexcept { return trade_count_; }
    [[nodiscard]] std::int64_t last_event_ms() const noexcept { return last_ms_; }

    [[nodiscard]] std::int64_t last_tick() const noexcept { return last_tick_; }
    [[nodiscard]] double index_price() const noexcept { return fair_; }
    [[nodiscard]] double mark_price() const noexcept { return fair_ * (1 + premium_fast_); }
    [[nodiscard]] double open_interest() const noexcept { return interest_; }
    [[nodiscard]] double funding_rate() const noexcept;
    [[nodiscard]] std::int64_t next_funding_ms() const noexcept { return next_funding_ms_; }
    [[nodiscard]] double buy_ratio(std::int64_t time_ms) const;
    /// The last 24 hours, to five minutes: open, high, low, volume, turnover.
    [[nodiscard]] SimCandle day() const;

    /// Trades and liquidations since the last call of `take_news`.
    [[nodiscard]] const std::vector<SimTrade>& new_trades() const noexcept { return new_trades_; }
    [[nodiscard]] const std::vector<SimLiquidation>& new_liquidations() const noexcept {
        return new_liquidations_;
    }
    void forget_trades() { new_trades_.clear(); }
    void forget_liquidations() { new_liquidations_.clear(); }

    /// At most 1000, oldest first; those before the start come from the back-history.
    [[nodiscard]] const std::deque<SimTrade>& recent_trades();
    [[nodiscard]] const CandleStore& candles();
    /// The last few one-minute candles, without building the store.
    [[nodiscard]] const std::deque<SimCandle>& latest_minutes() const noexcept { return latest_minutes_; }
    /// Newest first is the exchange's order; these are oldest first. Multiples of `step_ms`.
    [[nodiscard]] std::vector<SimOpenInterest> open_interest_history(std::int64_t step_ms,
                                                                     std::int64_t from_ms,
                                                                     std::int64_t to_ms) const;
    [[nodiscard]] std::vector<SimFunding> funding_history(std::int64_t from_ms, std::int64_t to_ms) const;

  private:
    static constexpr std::size_t trades_kept = 1'000;

    void move_fair(const MarketFactor& factor, std::int64_t now_ms);
    void add_order();
    void cancel_order();
    void market_order(bool buy, double size_lots, std::int64_t limit_tick);
    void liquidate();
    void refill();
    void plan_next();
    [[nodiscard]] std::int64_t distance();
    [[nodiscard]] std::int64_t lot(double scale);
    [[nodiscard]] double exponential_draw();
    [[nodiscard]] double base_interest() const;
    void move_interest(std::int64_t now_ms);
    void drop_old_day(std::int64_t now_ms);
    void roll_minutes(std::int64_t now_ms);
    void trade(std::int64_t tick, std::int64_t steps, bool buy);
    [[nodiscard]] double notional(const SimTrade& trade) const;

    std::uint64_t seed_;
    SimInstrument instrument_;
    ExchangeTime start_;
    SeededRandom random_;
    Volatility volatility_;
    SimBook book_;
    std::vector<SimBook::Fill> fills_;
    std::int64_t next_us_;
    std::int64_t last_us_;
    std::int64_t last_ms_;
    double excitation_ = 0;  ///< events per second above the base rate
    double log_fair_;
    double fair_;
    double factor_seen_;
    std::int64_t refilled_at_;  ///< middle tick
    double slow_price_;         ///< one-minute average
    double premium_fast_ = 0;
    double premium_slow_ = 0;
    double interest_;
    std::int64_t interest_ms_;
    std::int64_t next_funding_ms_;
    std::int64_t next_sample_ms_;
    std::int64_t last_tick_;
    std::uint64_t trade_number_;
    std::uint64_t trade_count_ = 0;
    std::uint64_t sequence_;
    std::vector<SimTrade> new_trades_;
    std::vector<SimLiquidation> new_liquidations_;
    std::deque<SimTrade> trades_;
    bool trades_have_past_ = false;
    std::optional<CandleStore> store_;
    std::vector<SimCandle> live_minutes_;  ///< until the store is built
    std::deque<SimCandle> latest_minutes_;
    std::deque<SimCandle> day_parts_;
    std::deque<SimOpenInterest> interest_samples_;
    std::deque<SimFunding> settled_;
};

}  // namespace virtuoso::sim
