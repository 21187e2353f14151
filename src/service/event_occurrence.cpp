#include "service/event_occurrence.hpp"

#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <string_view>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

AlertSeverity severity_of(EventSeverity severity) {
    switch (severity) {
        case EventSeverity::info:
            return AlertSeverity::info;
        case EventSeverity::warning:
            return AlertSeverity::warning;
        case EventSeverity::critical:
            return AlertSeverity::critical;
    }
    return AlertSeverity::info;
}

std::string_view side_of(const NotableEvent& event) {
    const double side = event.number("side").value_or(0);
    return side > 0 ? "long" : side < 0 ? "short" : "neutral";
}

Occurrence health_occurrence(AlertSeverity severity, std::string_view phase, LocalTime now,
                             std::string sentence) {
    return {.kind = "health",
            .symbol = {},
            .severity = severity,
            .time = {now.ns / ns_per_ms},
            .words = {{"phase", std::string(phase)}},
            .numbers = {},
            .sentence = std::move(sentence),
            .link = {}};
}

}  // namespace

Occurrence occurrence_of(const NotableEvent& event) {
    const bool is_signal = event.kind == EventKind::signal_change;
    Occurrence occurrence{.kind = std::string(is_signal ? "signal" : name_of(event.kind)),
                          .symbol = event.symbol,
                          .severity = severity_of(event.severity),
                          .time = event.time,
                          .words = {{"phase", std::string(name_of(event.phase))}},
                          .numbers = {},
                          .sentence = event.sentence,
                          .link = {}};
    if (is_signal) {
        occurrence.words.push_back({"side", std::string(side_of(event))});
    }
    for (const auto& number : event.all_numbers()) {
        occurrence.numbers.push_back({std::string(number.name), number.value});
    }
    return occurrence;
}

// What it is at first is no news.
std::optional<Occurrence> RegimeWatch::look(const MarketOverview& overview) {
    if (!overview.regime || overview.regime == regime_) {
        return std::nullopt;
    }
    const bool first = !regime_;
    regime_ = overview.regime;
    if (first) {
        return std::nullopt;
    }
    return Occurrence{
        .kind = "market_regime",
        .symbol = {},
        .severity = AlertSeverity::info,
        .time = overview.as_of,
        .words = {{"phase", "moment"}, {"regime", std::string(name_of(*regime_))}},
        .numbers = {},
        .sentence = fmt::format("The market is {} now: {}", name_of(*regime_), overview.regime_rule),
        .link = {}};
}

std::optional<Occurrence> HealthWatch::look(const ServiceHealth& health, LocalTime now) {
    constexpr std::int64_t patience_ns = 5'000'000'000;
    if (health.live && health.ready) {
        const auto since = std::exchange(bad_since_, std::nullopt);
        was_ready_ = true;
        if (!since || !std::exchange(told_, false)) {
            return std::nullopt;
        }
        constexpr double ns_per_s = 1e9;
        return health_occurrence(AlertSeverity::info, "end", now,
                                 fmt::format("The service is ready again after {}",
                                             span_text(static_cast<double>(now - *since) / ns_per_s)));
    }
    if (!bad_since_) {
        bad_since_ = now;
    }
    if (told_ || !was_ready_ || now - *bad_since_ < patience_ns) {
        return std::nullopt;
    }
    told_ = true;
    if (!health.live) {
        return health_occurrence(AlertSeverity::critical, "begin", now, "The service makes no progress");
    }
    return health_occurrence(AlertSeverity::warning, "begin", now,
                             fmt::format("The service is not ready: {}", health.why_not_ready));
}

}  // namespace virtuoso
