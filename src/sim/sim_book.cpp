#include "sim/sim_book.hpp"

#include <algorithm>

namespace virtuoso::sim {

SimBook::SimBook(std::int64_t middle_tick)
    : origin_(std::max<std::int64_t>(0, middle_tick - window / 2)),
      steps_(static_cast<std::size_t>(window)),
      best_bid_(middle_tick),
      best_ask_(middle_tick + 1) {
    at(best_bid_) = 1;
    at(best_ask_) = 1;
}

std::int64_t SimBook::steps_at(std::int64_t tick) const noexcept {
    return inside(tick) ? steps_[static_cast<std::size_t>(tick - origin_)] : 0;
}

bool SimBook::add(bool bid, std::int64_t tick, std::int64_t steps) {
    if (steps <= 0 || !inside(tick) || (bid ? tick >= best_ask_ : tick <= best_bid_)) {
        return false;
    }
    at(tick) += steps;
    if (bid) {
        best_bid_ = std::max(best_bid_, tick);
    } else {
        best_ask_ = std::min(best_ask_, tick);
    }
    recentre();
    return true;
}

void SimBook::remove(std::int64_t tick, std::int64_t steps) {
    if (!inside(tick) || (tick > best_bid_ && tick < best_ask_)) {
        return;
    }
    std::int64_t& level = at(tick);
    level -= std::min(level, steps);
    if (level > 0) {
        return;
    }
    if (tick == best_bid_) {
        find_best(true);
    } else if (tick == best_ask_) {
        find_best(false);
    }
}

// A side that ran dry keeps one step at its edge, so that there is always a book to speak of.
void SimBook::find_best(bool bid) {
    std::int64_t tick = bid ? best_bid_ : best_ask_;
    while (inside(tick) && at(tick) == 0) {
        tick += bid ? -1 : 1;
    }
    if (!inside(tick)) {
        tick = bid ? std::max(origin_ + 1, best_bid_ - 1) : std::min(origin_ + window - 2, best_ask_ + 1);
        at(tick) = 1;
    }
    (bid ? best_bid_ : best_ask_) = tick;
}

void SimBook::take(bool buy, std::int64_t steps, std::int64_t limit_tick, std::vector<Fill>& fills) {
    while (steps > 0) {
        const std::int64_t tick = buy ? best_ask_ : best_bid_;
        if (buy ? tick > limit_tick : tick < limit_tick) {
            return;
        }
        const std::int64_t taken = std::min(steps, at(tick));
        fills.push_back({tick, taken});
        steps -= taken;
        remove(tick, taken);
        recentre();
    }
}

void SimBook::recentre() {
    if (best_bid_ > origin_ + margin && best_ask_ < origin_ + window - margin) {
        return;
    }
    const std::int64_t origin = std::max<std::int64_t>(0, (best_bid_ + best_ask_) / 2 - window / 2);
    if (origin == origin_) {
        return;
    }
    std::vector<std::int64_t> moved(static_cast<std::size_t>(window));
    for (std::int64_t tick = std::max(origin, origin_) + 1; tick < std::min(origin, origin_) + window - 1;
         ++tick) {
        moved[static_cast<std::size_t>(tick - origin)] = at(tick);
    }
    steps_ = std::move(moved);
    origin_ = origin;
}

void SimBook::top(bool bid, std::size_t depth, std::vector<Level>& out) const {
    out.clear();
    std::int64_t tick = bid ? best_bid_ : best_ask_;
    for (; inside(tick) && out.size() < depth; tick += bid ? -1 : 1) {
        if (const std::int64_t steps = steps_at(tick); steps > 0) {
            out.push_back({tick, steps});
        }
    }
}

}  // namespace virtuoso::sim
