#include "api/events_json.hpp"

#include "exchange/symbol_name.hpp"
#include "present/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace virtuoso {

namespace {

constexpr std::size_t events_default = 100;
constexpr std::size_t events_most = 1'000;
constexpr std::size_t whole_most = 9'007'199'254'740'991;  // exact as a number of JSON
constexpr std::array<std::string_view, 3> severities{"info", "warning", "critical"};

std::vector<std::string_view> kind_names() {
    std::vector<std::string_view> names;
    for (const EventKind kind : all_event_kinds()) {
        names.push_back(name_of(kind));
    }
    return names;
}

/// "whale_trade,listed"; nothing is every kind.
Result<std::vector<EventKind>> kinds_from(std::string_view text) {
    std::vector<EventKind> kinds;
    while (!text.empty()) {
        const std::string_view name = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), name.size() + 1));
        const auto kind = event_kind_from(name);
        if (!kind) {
            return fail(ErrorCode::argument, fmt::format("kind={} is not one of {}", in_quotes(name),
                                                         fmt::join(kind_names(), ", ")));
        }
        kinds.push_back(*kind);
    }
    return kinds;
}

Json event_json(const NumberedEvent& numbered) {
    const NotableEvent& event = *numbered.event;
    Json numbers = Json::object();
    for (const auto& number : event.all_numbers()) {
        numbers.set(number.name, number.value);
    }
    return {{"number", numbered.number},
            {"kind", name_of(event.kind)},
            {"severity", name_of(event.severity)},
            {"phase", name_of(event.phase)},
            {"time_ms", event.time.ms},
            {"symbol", event.symbol.empty() ? Json(nullptr) : Json(event.symbol)},
            {"sentence", event.sentence},
            {"numbers", std::move(numbers)}};
}

}  // namespace

Result<EventRing::Filter> event_filter(const Query& query) {
    const std::string_view symbol = query.value("symbol");
    if (!symbol.empty() && !is_symbol_name(symbol)) {
        return fail(ErrorCode::argument,
                    fmt::format("symbol={} is no name of a contract, as BTCUSDT is", in_quotes(symbol)));
    }
    const auto kinds = kinds_from(query.value("kind"));
    const auto severity = query.one_of("severity", severities);
    const auto since = query.number("since", 0, 0, whole_most);
    const auto after = query.number("after", 0, 0, whole_most);
    const auto limit = query.number("limit", events_default, 1, events_most);
    if (!kinds) {
        return std::unexpected(kinds.error());
    }
    if (!severity) {
        return std::unexpected(severity.error());
    }
    for (const auto* const number : {&since, &after, &limit}) {
        if (!*number) {
            return std::unexpected(number->error());
        }
    }
    EventRing::Filter filter{.kinds = *kinds, .symbol = std::string(symbol)};
    filter.severity_min = event_severity_from(*severity).value_or(EventSeverity::info);
    filter.after = *after;
    filter.since = ExchangeTime{static_cast<std::int64_t>(*since)};
    filter.limit = *limit;
    return filter;
}

std::string events_json(const EventRing::Answer& answer) {
    Json events = Json::array();
    for (const auto& event : std::views::reverse(answer.events)) {
        events.push_back(event_json(event));
    }
    const Json whole = {{"schema", "virtuoso.events/1"},
                        {"newest", answer.newest},
                        {"missed", answer.missed},
                        {"more", answer.more},
                        {"events", std::move(events)}};
    return whole.text() + "\n";
}

}  // namespace virtuoso
