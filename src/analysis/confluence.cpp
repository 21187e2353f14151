#include "analysis/confluence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace virtuoso {

std::string_view name_of(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::long_side:
            return "LONG";
        case Verdict::neutral:
            return "NEUTRAL";
        case Verdict::short_side:
            return "SHORT";
    }
    return "NEUTRAL";
}

ConfluenceThresholds ConfluenceThresholds::reference() noexcept {
    ConfluenceThresholds thresholds;
    thresholds.short_to = 35;
    return thresholds;
}

Result<ConfluenceThresholds> thresholds_from(std::string_view text) {
    ConfluenceThresholds thresholds;
    if (text.empty() || text == "symmetric") {
        return thresholds;
    }
    if (text == "reference") {
        return ConfluenceThresholds::reference();
    }
    const auto slash = text.find('/');
    const auto number = [](std::string_view part, double& into) {
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), into);
        return error == std::errc{} && end == part.data() + part.size();
    };
    if (slash == std::string_view::npos || !number(text.substr(0, slash), thresholds.long_from) ||
        !number(text.substr(slash + 1), thresholds.short_to)) {
        return fail(
            ErrorCode::argument,
            fmt::format("--thresholds {} is none: give symmetric (70/30), reference (70/35), or two scores, "
                        "for example 72/28",
                        text));
    }
    const double room = 2 * thresholds.hysteresis;
    if (!(thresholds.long_from <= 100 && thresholds.short_to >= 0 &&
          thresholds.long_from - thresholds.short_to > room)) {
        return fail(
            ErrorCode::argument,
            fmt::format("--thresholds {}: LONG begins at the first, SHORT at the second, both between 0 and "
                        "100 and more than {:.0f} points apart",
                        text, room));
    }
    return thresholds;
}

double freshness_of(std::int64_t age_ms, std::int64_t limit_ms) noexcept {
    return age_ms <= limit_ms ? 1.0 : static_cast<double>(limit_ms) / static_cast<double>(age_ms);
}

void combine(Confluence& result, const ConfluenceThresholds& thresholds) {
    double weight = 0;
    double sum = 0;
    double lean_sum = 0;
    double total = 0;
    double multiplier = 1;
    result.thresholds = thresholds;
    result.pulse = result.component(ComponentId::orderbook).pulse;
    result.present = 0;
    result.coverage = 0;
    for (const auto& component : result.components) {
        const double share = component.weight;
        total += share;
        result.coverage += share * component.coverage;
        if (component.score) {
            ++result.present;
            weight += share;
            sum += share * *component.score;
            lean_sum += share * component.lean();
            multiplier *= component.reliability;
        }
    }
    result.coverage /= total;
    if (!(weight > 0)) {
        return;
    }
    const double mean_lean = lean_sum / weight;
    double variance = 0;
    for (const auto& component : result.components) {
        if (component.score) {
            const double distance = component.lean() - mean_lean;
            variance += component.weight / weight * distance * distance;
        }
    }
    result.partial_score = sum / weight;
    result.disagreement = variance;
    result.consensus = std::clamp(1 - std::sqrt(variance), 0.0, 1.0);
    result.confidence = std::fabs(mean_lean) * result.consensus;
    result.reliability = result.coverage * result.freshness * multiplier;
    if (result.present >= thresholds.components_min && result.coverage >= thresholds.coverage_min) {
        result.score = result.partial_score;
        result.raw_verdict = thresholds.verdict_of(*result.score);
        result.verdict = result.raw_verdict;
    }
}

}  // namespace virtuoso
