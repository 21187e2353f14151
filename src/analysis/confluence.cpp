#include "analysis/confluence.hpp"

#include <algorithm>
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

double freshness_of(std::int64_t age_ms, std::int64_t limit_ms) noexcept {
    return age_ms <= limit_ms ? 1.0 : static_cast<double>(limit_ms) / static_cast<double>(age_ms);
}

void combine(Confluence& result, const ConfluenceThresholds& thresholds) {
    double weight = 0;
    double sum = 0;
    double lean_sum = 0;
    double total = 0;
    double multiplier = 1;
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
        result.verdict = *result.score >= thresholds.long_from  ? Verdict::long_side
                         : *result.score <= thresholds.short_to ? Verdict::short_side
                                                                : Verdict::neutral;
    }
}

}  // namespace virtuoso
