#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace virtuoso::validation {

std::string_view name_of(Judgement judgement) noexcept {
    switch (judgement) {
        case Judgement::pass:
            return "PASS";
        case Judgement::fail:
            return "FAIL";
        case Judgement::not_seen:
            break;
    }
    return "NOT SEEN";
}

std::string_view name_of(Chapter chapter) noexcept {
    switch (chapter) {
        case Chapter::initialisation:
            return "Initialisation";
        case Chapter::keeper:
            return "Memory keeper";
        case Chapter::health:
            return "Service health";
        case Chapter::confluence:
            return "Confluence";
        case Chapter::signals:
            return "Signals";
        case Chapter::regression:
            return "Regression checks";
        case Chapter::performance:
            return "Performance";
        case Chapter::restart:
            break;
    }
    return "Restart";
}

Outcome passed(std::string value, std::int64_t at_ms, std::string_view source) {
    return {Judgement::pass, {std::move(value), at_ms, std::string(source)}};
}

Outcome failed(std::string value, std::int64_t at_ms, std::string_view source) {
    return {Judgement::fail, {std::move(value), at_ms, std::string(source)}};
}

Outcome unseen(std::string why) {
    return {Judgement::not_seen, {std::move(why), 0, {}}};
}

Outcome none_of(const std::vector<std::string>& faults, std::string good, std::int64_t at_ms,
                std::string_view source) {
    constexpr std::size_t named = 5;
    if (faults.empty()) {
        return passed(std::move(good), at_ms, source);
    }
    std::string text;
    for (const auto& fault : faults | std::views::take(named)) {
        text += (text.empty() ? "" : "; ") + fault;
    }
    if (faults.size() > named) {
        text += fmt::format("; and {} more", faults.size() - named);
    }
    return failed(std::move(text), at_ms, source);
}

const Look* last_with_health(const Observations& seen) noexcept {
    for (const Look& look : std::views::reverse(seen.looks)) {
        if (look.health) {
            return &look;
        }
    }
    return nullptr;
}

const Look* first_with_metrics(const Observations& seen) noexcept {
    const auto found =
        std::ranges::find_if(seen.looks, [](const Look& look) { return look.metrics.has_value(); });
    return found == seen.looks.end() ? nullptr : &*found;
}

const Look* middle_with_metrics(const Observations& seen) noexcept {
    const std::int64_t middle_ms = seen.begun_ms + (seen.ended_ms - seen.begun_ms) / 2;
    const auto found = std::ranges::find_if(
        seen.looks, [&](const Look& look) { return look.metrics && look.at_ms >= middle_ms; });
    return found == seen.looks.end() ? last_with_metrics(seen) : &*found;
}

const Look* last_with_metrics(const Observations& seen) noexcept {
    for (const Look& look : std::views::reverse(seen.looks)) {
        if (look.metrics) {
            return &look;
        }
    }
    return nullptr;
}

const ProcessSeen* process_of(const Observations& seen) noexcept {
    return seen.process_last ? &*seen.process_last : seen.process_first ? &*seen.process_first : nullptr;
}

bool may_have_store(const Observations& seen) noexcept {
    const Look* const look = last_with_health(seen);
    return look == nullptr || std::ranges::any_of(look->health->parts,
                                                  [](const PartSeen& part) { return part.name == "store"; });
}

std::vector<double> answer_times(const Observations& seen) {
    std::vector<double> times;
    times.reserve(seen.asked.size());
    for (const Asked& asked : seen.asked) {
        times.push_back(asked.took_ms);
    }
    std::ranges::sort(times);
    return times;
}

double p99_of(const std::vector<double>& times) noexcept {
    return times[std::min(times.size() - 1, times.size() * 99 / 100)];
}

std::string minute_of(const Observations& seen, std::int64_t at_ms) {
    return fmt::format("minute {:.1f}", static_cast<double>(at_ms - seen.begun_ms) / 60e3);
}

double minutes_of(const Observations& seen) noexcept {
    return static_cast<double>(seen.ended_ms - seen.begun_ms) / 60e3;
}

double slope_a_minute(const std::vector<std::pair<std::int64_t, double>>& points) {
    const auto n = static_cast<double>(points.size());
    double mean_x = 0;
    double mean_y = 0;
    const auto minute = [&](std::int64_t ms) {
        return static_cast<double>(ms - points.front().first) / 60e3;
    };
    for (const auto& [ms, value] : points) {
        mean_x += minute(ms) / n;
        mean_y += value / n;
    }
    double covariance = 0;
    double variance = 0;
    for (const auto& [ms, value] : points) {
        covariance += (minute(ms) - mean_x) * (value - mean_y);
        variance += (minute(ms) - mean_x) * (minute(ms) - mean_x);
    }
    return covariance / variance;
}

std::vector<Finding> judge(const Observations& seen) {
    std::vector<Finding> findings;
    for (const auto criteria : {start_criteria(), keeper_criteria(), health_criteria(), confluence_criteria(),
                                regression_criteria(), restart_criteria()}) {
        for (const Criterion& criterion : criteria) {
            if (criterion.applies == nullptr || criterion.applies(seen)) {
                findings.push_back({.criterion = &criterion, .outcome = criterion.judge(seen)});
            }
        }
    }
    return findings;
}

}  // namespace virtuoso::validation
