#include "service/notable_event.hpp"

#include "analysis/wording.hpp"
#include "base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr std::array<EventKind, event_kinds> kinds{EventKind::whale_trade,     EventKind::liquidation_cascade,
                                                   EventKind::funding_extreme, EventKind::leverage_extreme,
                                                   EventKind::spread_widening, EventKind::depth_collapse,
                                                   EventKind::volume_burst,    EventKind::signal_change,
                                                   EventKind::breadth_extreme, EventKind::listed,
                                                   EventKind::delisted,        EventKind::feed_trouble,
                                                   EventKind::shard_trouble,   EventKind::keeper_trouble};
constexpr std::array<std::string_view, event_kinds> kind_names{
    "whale_trade",    "liquidation_cascade", "funding_extreme", "leverage_extreme", "spread_widening",
    "depth_collapse", "volume_burst",        "signal_change",   "breadth_extreme",  "listed",
    "delisted",       "feed_trouble",        "shard_trouble",   "keeper_trouble"};
constexpr std::array<std::string_view, 3> severity_names{"info", "warning", "critical"};
constexpr std::array<std::string_view, 3> phase_names{"moment", "begin", "end"};

NotableEvent plain(EventKind kind, EventSeverity severity, EventPhase phase, ExchangeTime time) {
    NotableEvent event;
    event.kind = kind;
    event.severity = severity;
    event.phase = phase;
    event.time = time;
    return event;
}

std::string_view subject_of(std::string_view symbol) {
    return symbol.empty() ? "The feed" : symbol;
}

}  // namespace

std::string_view name_of(EventKind kind) noexcept {
    return kind_names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(EventSeverity severity) noexcept {
    return severity_names[static_cast<std::size_t>(severity)];
}

std::string_view name_of(EventPhase phase) noexcept {
    return phase_names[static_cast<std::size_t>(phase)];
}

std::optional<EventKind> event_kind_from(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(kind_names, name);
    return found == kind_names.end()
               ? std::nullopt
               : std::optional(kinds[static_cast<std::size_t>(found - kind_names.begin())]);
}

std::optional<EventSeverity> event_severity_from(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(severity_names, name);
    return found == severity_names.end()
               ? std::nullopt
               : std::optional(static_cast<EventSeverity>(found - severity_names.begin()));
}

std::span<const EventKind> all_event_kinds() noexcept {
    return kinds;
}

std::optional<double> NotableEvent::number(std::string_view name) const noexcept {
    for (const auto& known : all_numbers()) {
        if (known.name == name) {
            return known.value;
        }
    }
    return std::nullopt;
}

void NotableEvent::add(std::string_view name, double value) noexcept {
    if (number_count < numbers_max && std::isfinite(value)) {
        numbers[number_count++] = {name, value};
    }
}

void NotableEvent::say(std::string_view text) {
    sentence = printable(text);
    if (sentence.size() <= sentence_max) {
        return;
    }
    constexpr std::string_view rest = " …";
    std::size_t end = sentence_max - rest.size();
    while (end > 0 && (static_cast<unsigned char>(sentence[end]) & 0xC0U) == 0x80U) {
        --end;  // not in the middle of a letter
    }
    sentence.resize(end);
    sentence += rest;
}

NotableEvent listed_event(std::string_view symbol, ExchangeTime time) {
    NotableEvent event = plain(EventKind::listed, EventSeverity::info, EventPhase::moment, time);
    event.symbol = symbol;
    event.say(fmt::format("{} is listed", symbol));
    return event;
}

NotableEvent delisted_event(std::string_view symbol, ExchangeTime time) {
    NotableEvent event = plain(EventKind::delisted, EventSeverity::warning, EventPhase::moment, time);
    event.symbol = symbol;
    event.say(fmt::format("{} is no longer trading", symbol));
    return event;
}

NotableEvent feed_trouble_event(std::string_view symbol, ExchangeTime time, std::string_view reason) {
    NotableEvent event =
        plain(EventKind::feed_trouble, symbol.empty() ? EventSeverity::critical : EventSeverity::warning,
              EventPhase::begin, time);
    event.symbol = symbol;
    event.say(fmt::format("{} is not whole: {}", subject_of(symbol), reason));
    return event;
}

NotableEvent feed_recovered_event(std::string_view symbol, ExchangeTime time, double seconds) {
    NotableEvent event = plain(EventKind::feed_trouble, EventSeverity::info, EventPhase::end, time);
    event.symbol = symbol;
    event.add("seconds", seconds);
    event.say(fmt::format("{} is whole again after {}", subject_of(symbol), span_text(seconds)));
    return event;
}

NotableEvent shard_trouble_event(std::size_t shard, ExchangeTime time, std::string_view reason,
                                 std::size_t symbols) {
    NotableEvent event = plain(EventKind::shard_trouble, EventSeverity::critical, EventPhase::begin, time);
    event.add("shard", static_cast<double>(shard));
    event.add("symbols", static_cast<double>(symbols));
    event.say(fmt::format("Shard {}, with {} symbol{}: {}", shard, symbols, symbols == 1 ? "" : "s", reason));
    return event;
}

NotableEvent shard_recovered_event(std::size_t shard, ExchangeTime time, double seconds) {
    NotableEvent event = plain(EventKind::shard_trouble, EventSeverity::info, EventPhase::end, time);
    event.add("shard", static_cast<double>(shard));
    event.add("seconds", seconds);
    event.say(fmt::format("Shard {} works again after {}", shard, span_text(seconds)));
    return event;
}

NotableEvent keeper_trouble_event(ExchangeTime time, std::string_view reason, bool nearly_out) {
    NotableEvent event =
        plain(EventKind::keeper_trouble, nearly_out ? EventSeverity::critical : EventSeverity::warning,
              EventPhase::moment, time);
    event.say(fmt::format("Memory keeper: {}", reason));
    return event;
}

}  // namespace virtuoso
