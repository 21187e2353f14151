// Entry, stop and targets of a signal, with the reason for each, and the size that fits an account.
#pragma once

#include "analysis/confluence.hpp"

#include <array>
#include <optional>
#include <string>

namespace virtuoso {

struct PlannedPrice {
    double price = 0;
    std::string reason;
};

struct PlanRules {
    double stop_atr = 1.5;         ///< in ATR(14) of 30m
    double stop_share_max = 0.05;  ///< of the entry
    bool needs_book = true;        ///< without one nobody knows a price to enter at
    /// A strong level replaces a target at k R when it lies within the last half R before it.
    double level_window_r = 0.5;
};

/// METHODOLOGY §9. R is the distance from entry to stop.
struct TradePlan {
    Verdict direction = Verdict::neutral;
    PlannedPrice entry;
    PlannedPrice stop;
    std::array<PlannedPrice, 3> targets;

    [[nodiscard]] double risk() const noexcept;
    /// +1 for LONG, −1 for SHORT.
    [[nodiscard]] double side() const noexcept { return direction == Verdict::long_side ? 1.0 : -1.0; }
    /// Distance of a price from the entry in R, positive in the plan's favour.
    [[nodiscard]] double in_r(double price) const noexcept { return side() * (price - entry.price) / risk(); }
};

/// nullopt for NEUTRAL, without a price (by default: of a book), and without any ATR to place the stop by.
[[nodiscard]] std::optional<TradePlan> plan_trade(const PriceContext& price, Verdict direction,
                                                  const PlanRules& rules = {});

struct PositionSize {
    double base = 0;      ///< base currency
    double notional = 0;  ///< quote currency
    double leverage = 0;  ///< notional over equity
    double risk = 0;      ///< quote currency lost at the stop, fees and slippage left out
};

/// The size that loses `risk_share` of `equity` (quote currency) at the stop.
[[nodiscard]] PositionSize position_size(const TradePlan& plan, double equity, double risk_share) noexcept;

}  // namespace virtuoso
