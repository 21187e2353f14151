#include "analysis/signal.hpp"

#include "analysis/interpretation.hpp"

#include <fmt/format.h>

namespace virtuoso {

std::unique_ptr<const Signal> SignalTracker::update(const Confluence& confluence, const std::string& exchange,
                                                    const std::string& symbol) {
    const Verdict before = side_.side();
    const Verdict held = side_.update(confluence);
    pending_ = held != Verdict::neutral && (pending_ || held != before);
    if (!pending_) {
        return nullptr;
    }
    auto& last = held == Verdict::long_side ? last_long_ : last_short_;
    if (last && confluence.as_of - *last < rules_.cooldown_ms) {
        pending_ = false;
        return nullptr;
    }
    auto plan = plan_trade(confluence.price, held, rules_.plan);
    if (!plan) {
        return nullptr;  // tried again with the next evaluation
    }
    pending_ = false;
    last = confluence.as_of;
    return std::make_unique<const Signal>(
        Signal{.id = fmt::format("{}-{}-{}-{}", exchange, symbol, name_of(held), confluence.as_of.ms),
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
