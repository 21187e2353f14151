#include "analysis/trade_plan.hpp"

#include "analysis/wording.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

PlannedPrice planned_stop(const PriceContext& context, double entry, double side, const PlanRules& rules) {
    const double by_range = rules.stop_atr * *context.atr;
    PlannedPrice stop{entry - side * by_range,
                      fmt::format("{} ATR of 30m{} from entry", rules.stop_atr,
                                  context.atr_timeframe == Timeframe::m30
                                      ? std::string()
                                      : fmt::format(" (estimated from {})", name_of(context.atr_timeframe)))};
    const auto& swing = side > 0 ? context.swing_low : context.swing_high;
    if (swing && side * (entry - *swing) > by_range) {
        stop = {*swing, fmt::format("swing {} of {}, which would invalidate the idea",
                                    side > 0 ? "low" : "high", name_of(context.swing_timeframe))};
    }
    if (side * (entry - stop.price) > rules.stop_share_max * entry) {
        stop = {entry * (1 - side * rules.stop_share_max),
                fmt::format("capped at {} of the entry; {} would be farther",
                            percent_text(rules.stop_share_max), stop.reason)};
    }
    return stop;
}

}  // namespace

double TradePlan::risk() const noexcept {
    return std::fabs(entry.price - stop.price);
}

std::optional<TradePlan> plan_trade(const PriceContext& context, Verdict direction, const PlanRules& rules) {
    if (direction == Verdict::neutral || !context.mid || !context.atr ||
        (rules.needs_book && !context.from_book)) {
        return std::nullopt;
    }
    TradePlan plan;
    plan.direction = direction;
    plan.entry = {*context.mid, context.from_book ? "mid" : "last price, without a book"};
    plan.stop = planned_stop(context, *context.mid, plan.side(), rules);
    if (!(plan.risk() > 0)) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        const auto multiple = static_cast<double>(i + 1);
        plan.targets[i] = {plan.entry.price + plan.side() * multiple * plan.risk(),
                           fmt::format("{} R", i + 1)};
        const KeyLevel* found = nullptr;
        for (const auto& level : context.levels()) {
            const double distance = plan.in_r(level.price);
            if (distance > multiple - rules.level_window_r && distance < multiple &&
                (found == nullptr || distance < plan.in_r(found->price))) {
                found = &level;
            }
        }
        if (found != nullptr) {
            plan.targets[i] = {found->price, fmt::format("strong level of {} before {} R",
                                                         name_of(found->timeframe), i + 1)};
        }
    }
    return plan;
}

PositionSize position_size(const TradePlan& plan, double equity, double risk_share) noexcept {
    PositionSize size;
    size.risk = equity * risk_share;
    size.base = size.risk / plan.risk();
    size.notional = size.base * plan.entry.price;
    size.leverage = equity > 0 ? size.notional / equity : 0;
    return size;
}

}  // namespace virtuoso
