// What became of a signal.
#pragma once

#include "analysis/trade_plan.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace virtuoso {

/// 5 m, 15 m, 1 h, 4 h, 24 h.
inline constexpr std::array<std::int64_t, 5> outcome_horizons_ms{5 * ms_per_minute, 15 * ms_per_minute,
                                                                 ms_per_hour, 4 * ms_per_hour, ms_per_day};
/// "5m" … "24h"
[[nodiscard]] std::string_view horizon_name(std::size_t index) noexcept;

/// Traded prices of a stretch of time.
struct PriceStretch {
    ExchangeTime begin;
    ExchangeTime end;
    double high = 0;
    double low = 0;
    double close = 0;
};

struct TradingCosts {
    double taker_fee_bps = 5.5;    ///< each way
    double half_spread_bps = 0.5;  ///< each way: a market order crosses half the spread
};

enum class FirstBarrier : std::uint8_t { none, stop, target, time };
[[nodiscard]] std::string_view name_of(FirstBarrier barrier) noexcept;

/// Triple barrier (López de Prado 2018, ch. 3): stop, targets, and 24 h. A third is closed at each target,
/// the rest at the stop or at the end. A stretch that reaches both the stop and a target counts as stopped.
struct Outcome {
    std::array<std::optional<double>, outcome_horizons_ms.size()>
        returns{};            ///< in the signal's favour, as a share
    double favourable_r = 0;  ///< maximum favourable excursion, R
    double adverse_r = 0;     ///< maximum adverse excursion, R, positive
    FirstBarrier first = FirstBarrier::none;
    int targets_reached = 0;
    double gross_r = 0;     ///< result of the plan in R, when `finished`
    double net_r = 0;       ///< less fees and slippage of every fill
    bool finished = false;  ///< all thirds are closed
};

/// Follows one signal. O(1) a stretch.
class OutcomeTracker {
  public:
    OutcomeTracker(TradePlan plan, ExchangeTime begin, TradingCosts costs)
        : plan_(std::move(plan)), begin_(begin), costs_(costs) {}

    /// Goes on from what was known at `until`, when the price was `close` (0: none was seen yet). Returns of
    /// horizons that were over by then are not asked for again.
    [[nodiscard]] static OutcomeTracker resumed(TradePlan plan, ExchangeTime begin, TradingCosts costs,
                                                const Outcome& known, double close, ExchangeTime until);

    /// In order of time. Stretches that begin before the signal are left out: part of them was known already.
    void step(const PriceStretch& stretch);
    /// Nothing was seen from the last stretch to here. Horizons in between have the price before it where
    /// that is young enough; what is open after 24 h is closed at it.
    void skip_to(ExchangeTime time);
    /// Nothing more can change.
    [[nodiscard]] bool done() const noexcept {
        return outcome_.finished && next_horizon_ == outcome_horizons_ms.size();
    }
    [[nodiscard]] const Outcome& outcome() const noexcept { return outcome_; }
    [[nodiscard]] const TradePlan& plan() const noexcept { return plan_; }
    /// Horizons that are over: so many of the first.
    [[nodiscard]] std::size_t horizons_over() const noexcept { return next_horizon_; }
    /// The newest price; 0 before the first.
    [[nodiscard]] double last_close() const noexcept { return last_close_; }

  private:
    /// `close`: at `end`, if it is known.
    void note_returns(ExchangeTime end, std::optional<double> close);
    void close_rest(double price, FirstBarrier why);

    TradePlan plan_;
    ExchangeTime begin_;
    TradingCosts costs_;
    Outcome outcome_;
    std::size_t next_horizon_ = 0;
    int open_thirds_ = 3;
    double last_close_ = 0;
    ExchangeTime last_end_;
};

}  // namespace virtuoso
