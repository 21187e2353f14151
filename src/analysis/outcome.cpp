#include "analysis/outcome.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

std::string_view horizon_name(std::size_t index) noexcept {
    constexpr std::array<std::string_view, outcome_horizons_ms.size()> names{"5m", "15m", "1h", "4h", "24h"};
    return names[index];
}

std::string_view name_of(FirstBarrier barrier) noexcept {
    constexpr std::array<std::string_view, 4> names{"none", "stop", "target", "time"};
    return names[static_cast<std::size_t>(barrier)];
}

OutcomeTracker OutcomeTracker::resumed(TradePlan plan, ExchangeTime begin, TradingCosts costs,
                                       const Outcome& known, double close, ExchangeTime until) {
    OutcomeTracker tracker(std::move(plan), begin, costs);
    tracker.outcome_ = known;
    tracker.open_thirds_ = known.finished ? 0 : 3 - std::clamp(known.targets_reached, 0, 2);
    tracker.last_close_ = close;
    tracker.last_end_ = until;
    for (const std::int64_t horizon : outcome_horizons_ms) {
        tracker.next_horizon_ += begin + horizon <= until ? 1U : 0U;
    }
    return tracker;
}

// The price at a horizon is the last close before it; one that is older than a tenth of the horizon (at least
// two minutes) is no price of that time.
void OutcomeTracker::note_returns(ExchangeTime end, std::optional<double> close) {
    while (next_horizon_ < outcome_horizons_ms.size()) {
        const std::int64_t horizon = outcome_horizons_ms[next_horizon_];
        const ExchangeTime due = begin_ + horizon;
        if (end < due) {
            return;
        }
        const bool exact = close && end == due;
        const double price = exact ? *close : last_close_;
        const std::int64_t age = exact ? 0 : due - last_end_;
        if (price > 0 && age <= std::max(horizon / 10, 2 * ms_per_minute)) {
            outcome_.returns[next_horizon_] = plan_.side() * (price / plan_.entry.price - 1);
        }
        ++next_horizon_;
    }
}

void OutcomeTracker::skip_to(ExchangeTime time) {
    note_returns(time, std::nullopt);
    if (!outcome_.finished && time - begin_ >= outcome_horizons_ms.back()) {
        close_rest(last_close_ > 0 ? last_close_ : plan_.entry.price, FirstBarrier::time);
    }
}

void OutcomeTracker::close_rest(double price, FirstBarrier why) {
    if (outcome_.first == FirstBarrier::none) {
        outcome_.first = why;
    }
    outcome_.gross_r += open_thirds_ * plan_.in_r(price) / 3;
    open_thirds_ = 0;
    outcome_.finished = true;
    const double cost_share = 2 * (costs_.taker_fee_bps + costs_.half_spread_bps) / 1e4;
    outcome_.net_r = outcome_.gross_r - cost_share * plan_.entry.price / plan_.risk();
}

void OutcomeTracker::step(const PriceStretch& stretch) {
    if (stretch.begin < begin_) {
        return;
    }
    note_returns(stretch.end, stretch.close);
    last_close_ = stretch.close;
    last_end_ = stretch.end;
    if (outcome_.finished) {
        return;
    }
    const bool up = plan_.side() > 0;
    const double best = up ? stretch.high : stretch.low;
    const double worst = up ? stretch.low : stretch.high;
    outcome_.adverse_r = std::max(outcome_.adverse_r, -plan_.in_r(worst));
    if (plan_.in_r(worst) <= -1) {
        outcome_.adverse_r = 1;  // the position is gone by then
        close_rest(plan_.stop.price, FirstBarrier::stop);
        return;
    }
    outcome_.favourable_r = std::max(outcome_.favourable_r, plan_.in_r(best));
    while (open_thirds_ > 0) {
        const double target = plan_.targets[static_cast<std::size_t>(outcome_.targets_reached)].price;
        if (plan_.in_r(best) < plan_.in_r(target)) {
            break;
        }
        if (outcome_.first == FirstBarrier::none) {
            outcome_.first = FirstBarrier::target;
        }
        ++outcome_.targets_reached;
        if (open_thirds_ == 1) {
            close_rest(target, FirstBarrier::target);
            return;
        }
        outcome_.gross_r += plan_.in_r(target) / 3;
        --open_thirds_;
    }
    if (stretch.end - begin_ >= outcome_horizons_ms.back()) {
        close_rest(stretch.close, FirstBarrier::time);
    }
}

}  // namespace virtuoso
