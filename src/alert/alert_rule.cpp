#include "alert/alert_rule.hpp"

#include "alert/spec_text.hpp"
#include "base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 10> keys{"kind", "symbols",  "severity", "side",  "phase",
                                                "to",   "cooldown", "digest",   "quiet", "wake"};
constexpr std::array<std::string_view, 3> sides{"long", "short", "neutral"};
constexpr std::array<std::string_view, 3> phases{"moment", "begin", "end"};

bool has(const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    return text;
}

/// Keeps the value, or gives the error.
template <typename T>
Result<void> keep(Result<T> value, T& place) {
    if (!value) {
        return std::unexpected(std::move(value.error()));
    }
    place = *std::move(value);
    return {};
}

Result<AlertSeverity> parse_severity(std::string_view text, std::string_view field) {
    const auto severity = alert_severity_from(text);
    if (!severity) {
        return fail(ErrorCode::config, fmt::format("{} = {} is not allowed; allowed: {}{}", field,
                                                   in_quotes(text), fmt::join(alert_severity_names(), ", "),
                                                   offer_for(text, alert_severity_names())));
    }
    return *severity;
}

Result<void> set_threshold(AlertRule& rule, const SpecField& given, std::string_view field) {
    const auto known = occurrence_numbers();
    if (std::ranges::find(known, given.key) == known.end()) {
        return fail(ErrorCode::config,
                    fmt::format("{}: no occurrence has a number of this name{}; there are: {}", field,
                                offer_for(given.key, known), fmt::join(known, ", ")));
    }
    AlertThreshold threshold{.number = std::string(given.key),
                             .at_least = given.relation == SpecRelation::at_least};
    if (auto kept = keep(parse_number(given.value, field), threshold.bound); !kept) {
        return kept;
    }
    rule.thresholds.push_back(std::move(threshold));
    return {};
}

Result<void> set_quiet(AlertRule& rule, std::string_view text, std::string_view field) {
    auto quiet = QuietHours::parse(text, field);
    if (!quiet) {
        return std::unexpected(quiet.error());
    }
    rule.quiet = *std::move(quiet);
    return {};
}

Result<void> set_field(AlertRule& rule, const SpecField& given) {
    const std::string field = fmt::format("alert rule {}, {}", in_quotes(rule.name), printable(given.key));
    if (given.relation != SpecRelation::is) {
        return set_threshold(rule, given, field);
    }
    if (given.key == "kind") {
        return keep(parse_choices(given.value, field, occurrence_kinds()), rule.kinds);
    }
    if (given.key == "symbols") {
        auto kept = keep(parse_words(given.value, field), rule.symbols);
        std::ranges::transform(rule.symbols, rule.symbols.begin(), upper);
        return kept;
    }
    if (given.key == "severity") {
        return keep(parse_severity(given.value, field), rule.severity);
    }
    if (given.key == "side") {
        return keep(parse_choices(given.value, field, sides), rule.sides);
    }
    if (given.key == "phase") {
        return keep(parse_choices(given.value, field, phases), rule.phases);
    }
    if (given.key == "to") {
        return keep(parse_words(given.value, field), rule.sinks);
    }
    if (given.key == "cooldown" || given.key == "digest") {
        return keep(parse_span(given.value, field),
                    given.key == "digest" ? rule.digest_ms : rule.cooldown_ms);
    }
    if (given.key == "quiet") {
        return set_quiet(rule, given.value, field);
    }
    if (given.key == "wake") {
        return keep(parse_severity(given.value, field), rule.wake.emplace());
    }
    const std::span<const std::string_view> known(keys);
    return fail(ErrorCode::config, fmt::format("alert rule {}: there is no key {}{}; there are: {}, and "
                                               "thresholds such as score>=75",
                                               in_quotes(rule.name), in_quotes(given.key),
                                               offer_for(given.key, known), fmt::join(known, ", ")));
}

}  // namespace

Result<AlertRule> AlertRule::parse(std::string_view text) {
    const auto spec = parse_spec(text, "alert rule");
    if (!spec) {
        return std::unexpected(spec.error());
    }
    AlertRule rule;
    rule.name = spec->name;
    if (!spec->words.empty()) {
        return fail(ErrorCode::config,
                    fmt::format("alert rule {}: {} is no key=value: a rule consists of them",
                                in_quotes(rule.name), in_quotes(spec->words.front())));
    }
    for (const auto& field : spec->fields) {
        if (auto set = set_field(rule, field); !set) {
            return std::unexpected(std::move(set.error()));
        }
    }
    if (rule.wake && !rule.quiet) {
        return fail(ErrorCode::config,
                    fmt::format("alert rule {}: wake is given without quiet: give quiet hours, "
                                "such as quiet=22:00-07:00@Europe/Berlin, or leave wake out",
                                in_quotes(rule.name)));
    }
    return rule;
}

bool AlertRule::matches(const Occurrence& occurrence) const {
    return occurrence.severity >= severity && has(kinds, occurrence.kind) &&
           (symbols.empty() || has(symbols, upper(occurrence.symbol))) &&
           has(sides, occurrence.word("side")) && has(phases, occurrence.word("phase")) &&
           std::ranges::all_of(thresholds, [&](const AlertThreshold& threshold) {
               const auto value = occurrence.number(threshold.number);
               return value && (threshold.at_least ? *value >= threshold.bound : *value <= threshold.bound);
           });
}

bool AlertRule::goes_to(std::string_view sink) const {
    return has(sinks, sink);
}

}  // namespace virtuoso
