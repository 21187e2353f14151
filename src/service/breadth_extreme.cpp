#include "service/breadth_extreme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace virtuoso {

namespace {

double share_of(const MarketOverview& overview, int side) {
    const std::size_t on_it = side > 0 ? overview.gainers : overview.losers;
    return static_cast<double>(on_it) / static_cast<double>(overview.total);
}

NotableEvent event_of(const MarketOverview& overview, EventPhase phase, EventSeverity severity) {
    NotableEvent event;
    event.kind = EventKind::breadth_extreme;
    event.severity = severity;
    event.phase = phase;
    event.time = overview.as_of;
    const double total = static_cast<double>(overview.total);
    event.add("breadth",
              (static_cast<double>(overview.gainers) - static_cast<double>(overview.losers)) / total);
    event.add("gainers", static_cast<double>(overview.gainers));
    event.add("losers", static_cast<double>(overview.losers));
    event.add("symbols", total);
    return event;
}

std::string_view words_of(int side) {
    return side > 0 ? "above" : "below";
}

}  // namespace

std::optional<NotableEvent> BreadthExtreme::look(const MarketOverview& overview) {
    if (overview.total < contracts_min) {
        return std::nullopt;
    }
    if (side_ != 0 && share_of(overview, side_) < settings_.share - hysteresis) {
        NotableEvent over = event_of(overview, EventPhase::end, EventSeverity::info);
        over.say(
            fmt::format("{:.0f} % of {} contracts are still {} their price 24 h ago: the extreme is over",
                        share_of(overview, side_) * 100, overview.total, words_of(side_)));
        side_ = 0;
        critical_ = false;
        return over;
    }
    const int side = overview.gainers >= overview.losers ? 1 : -1;
    const double share = share_of(overview, side);
    const bool is_critical = share >= std::max(settings_.share, settings_.critical);
    const bool begins = side_ == 0 && share >= settings_.share;
    if (!begins && (side_ == 0 || critical_ || !is_critical)) {
        return std::nullopt;
    }
    side_ = side;
    critical_ = is_critical;
    NotableEvent event =
        event_of(overview, EventPhase::begin, is_critical ? EventSeverity::critical : EventSeverity::warning);
    event.say(fmt::format("{:.0f} % of {} contracts are {} their price 24 h ago: {} gainers, {} losers",
                          share * 100, overview.total, words_of(side), overview.gainers, overview.losers));
    return event;
}

}  // namespace virtuoso
