#include "service/event_cooldown.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <vector>

namespace virtuoso {

void EventCooldown::set(const EventSettings& settings) {
    const auto rule = [this](EventKind kind, const auto& told) {
        rules_[static_cast<std::size_t>(kind)] = {told.enabled,
                                                  std::llround(told.cooldown_s * ms_per_second)};
    };
    rule(EventKind::whale_trade, settings.whale_trade);
    rule(EventKind::liquidation_cascade, settings.liquidation_cascade);
    rule(EventKind::funding_extreme, settings.funding_extreme);
    rule(EventKind::leverage_extreme, settings.leverage_extreme);
    rule(EventKind::spread_widening, settings.spread_widening);
    rule(EventKind::depth_collapse, settings.depth_collapse);
    rule(EventKind::volume_burst, settings.volume_burst);
    rule(EventKind::signal_change, settings.signal_change);
    rule(EventKind::listed, settings.listed);
    rule(EventKind::delisted, settings.delisted);
    rule(EventKind::feed_trouble, settings.feed_trouble);
    rule(EventKind::shard_trouble, settings.shard_trouble);
    rule(EventKind::breadth_extreme, settings.breadth_extreme);
    rule(EventKind::keeper_trouble, settings.keeper_trouble);
}

bool EventCooldown::passes(const NotableEvent& event, const Told* told) const noexcept {
    if (event.phase == EventPhase::end) {
        return told != nullptr && told->open;
    }
    const std::int64_t cooldown = rules_[static_cast<std::size_t>(event.kind)].cooldown_ms;
    return told == nullptr || event.severity > told->severity ||
           std::abs(event.time - told->time) >= cooldown;
}

bool EventCooldown::admits(const NotableEvent& event) {
    const auto kind = static_cast<std::size_t>(event.kind);
    if (!rules_[kind].enabled) {
        return false;
    }
    Key key(event.kind, event.symbol);
    const auto found = told_.find(key);
    if (!passes(event, found == told_.end() ? nullptr : &found->second)) {
        ++held_back_[kind];
        return false;
    }
    note(event, std::move(key));
    return true;
}

// An end leaves the time of its beginning as it is.
void EventCooldown::note(const NotableEvent& event, Key key) {
    if (event.phase == EventPhase::end) {
        told_[key].open = false;
        return;
    }
    if (told_.size() >= entries_max && !told_.contains(key)) {
        make_room();
    }
    told_[std::move(key)] = {event.time, event.phase == EventPhase::begin, event.severity};
}

void EventCooldown::make_room() {
    std::vector<ExchangeTime> times;
    times.reserve(told_.size());
    for (const auto& [key, told] : told_) {
        times.push_back(told.time);
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::ranges::nth_element(times, middle);
    const ExchangeTime limit = *middle;
    std::erase_if(told_, [&](const auto& entry) { return entry.second.time <= limit; });
}

std::uint64_t EventCooldown::held_back() const noexcept {
    return std::accumulate(held_back_.begin(), held_back_.end(), std::uint64_t{0});
}

}  // namespace virtuoso
