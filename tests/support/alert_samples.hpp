// Occurrences and messages that the tests of alerts stand on.
#pragma once

#include "alert/alert_message.hpp"
#include "alert/sink_spec.hpp"

#include <map>
#include <string>
#include <vector>

namespace virtuoso::test {

inline constexpr std::int64_t ns_per_s = 1'000'000'000;

inline LocalTime at_s(std::int64_t seconds) {
    return {seconds * ns_per_s};
}

/// "2024-06-02T10:00:00Z"
inline LocalTime at(const std::string& text) {
    return {parse_time(text, "time")->ms * 1'000'000};
}

inline Occurrence long_signal(const std::string& symbol = "BTCUSDT",
                              std::int64_t time_ms = 1'717'322'400'000) {
    return {.kind = "signal",
            .symbol = symbol,
            .severity = AlertSeverity::info,
            .time = {time_ms},
            .words = {{"side", "long"}, {"phase", "moment"}},
            .numbers = {{"score", 72.5}, {"reliability", 0.9}},
            .sentence = symbol + " is LONG now, was NEUTRAL: score 72.50, reliability 0.90",
            .link = ""};
}

inline AlertMessage message_of(std::vector<Occurrence> occurrences, const std::string& sink = "team") {
    AlertMessage message;
    message.sink = sink;
    message.rule = "long-btc";
    message.made = at_s(1'717'322'400);
    message.total = occurrences.size();
    message.occurrences = std::move(occurrences);
    message.key = alert_key(message.sink, message.rule, message.occurrences);
    return message;
}

/// An environment of these variables alone.
inline Secret::Lookup environment_of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

inline AlertSink sink_of(const std::string& text, std::map<std::string, std::string> variables = {}) {
    return AlertSink::resolve(SinkSpec::parse(text).value(), environment_of(std::move(variables))).value();
}

}  // namespace virtuoso::test
