#include "analysis/signal.hpp"

#include "analysis/interpretation.hpp"

#include <fmt/format.h>

namespace virtuoso {

Verdict SignalTracker::next(const Confluence& confluence) const noexcept {
    if (!confluence.score) {
        return Verdict::neutral;  // what is not known cannot be held
    }
    const double score = *confluence.score;
    const auto& limits = rules_.thresholds;
    if (held_ == Verdict::long_side && score >= limits.long_from - limits.hysteresis) {
        return held_;
    }
    if (held_ == Verdict::short_side && score <= limits.short_to + limits.hysteresis) {
        return held_;
    }
    const Verdict side = score >= limits.long_from  ? Verdict::long_side
                         : score <= limits.short_to ? Verdict::short_side
                                                    : Verdict::neutral;
    return confluence.reliability >= rules_.reliability_min ? side : Verdict::neutral;
}

std::unique_ptr<const Signal> SignalTracker::update(const Confluence& confluence, const std::string& exchange,
                                                    const std::string& symbol) {
    const Verdict before = held_;
    held_ = next(confluence);
    if (held_ == before || held_ == Verdict::neutral) {
        return nullptr;
    }
    auto& last = held_ == Verdict::long_side ? last_long_ : last_short_;
    if (last && confluence.as_of - *last < rules_.cooldown_ms) {
        return nullptr;
    }
    auto plan = plan_trade(confluence.price, held_, rules_.plan);
    if (!plan) {
        held_ = before;  // tried again with the next evaluation
        return nullptr;
    }
    last = confluence.as_of;
    return std::make_unique<const Signal>(
        Signal{.id = fmt::format("{}-{}-{}-{}", exchange, symbol, name_of(held_), confluence.as_of.ms),
               .exchange = exchange,
               .symbol = symbol,
               .confirmed_at = confluence.as_of,
               .plan = std::move(*plan),
               .confluence = confluence,
               .interpretations = interpret(confluence, symbol),
               .insights = insights(confluence, symbol),
               .rules = rules_});
}

}  // namespace virtuoso
