#include "present/signal_text.hpp"

#include "analysis/wording.hpp"
#include "present/component_json.hpp"

namespace virtuoso {

namespace {

Json planned_json(const PlannedPrice& planned) {
    return {{"price", planned.price}, {"reason", planned.reason}};
}

}  // namespace

std::string plan_text(const TradePlan& plan) {
    const auto line = [&](std::string_view title, const PlannedPrice& planned) {
        return fmt::format("  {:<9} {:>12}  {:+.2f} %  {}\n", title, price_text(planned.price),
                           (planned.price / plan.entry.price - 1) * 100, planned.reason);
    };
    std::string text = fmt::format("{} plan\n", name_of(plan.direction)) + line("entry", plan.entry) +
                       line("stop", plan.stop);
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        text += line(fmt::format("target {}", i + 1), plan.targets[i]);
    }
    return text;
}

std::string size_text(const PositionSize& size) {
    return fmt::format(
        "  size      {:>12.6g}  notional {}, leverage {:.2f}, loses {} at the stop before costs\n", size.base,
        money_text(size.notional), size.leverage, money_text(size.risk));
}

std::string signal_text(const Signal& signal) {
    std::string text = fmt::format(
        "{} SIGNAL {} {} score {:.2f} reliability {:.2f}\n", iso_text(signal.confirmed_at), signal.symbol,
        name_of(signal.plan.direction), *signal.confluence.score, signal.confluence.reliability);
    text += plan_text(signal.plan);
    for (std::size_t i = 0; i < component_count; ++i) {
        text += fmt::format("  {}: {}\n", all_components()[i].title, signal.interpretations[i]);
    }
    for (const auto& insight : signal.insights) {
        text += fmt::format("  {}\n", insight);
    }
    return text;
}

std::string signal_json(const Signal& signal) {
    Json components = Json::object();
    for (std::size_t i = 0; i < component_count; ++i) {
        components.set(all_components()[i].name,
                       component_json(signal.confluence.components[i], signal.interpretations[i]));
    }
    Json targets = Json::array();
    for (const auto& target : signal.plan.targets) {
        targets.push_back(planned_json(target));
    }
    const auto& rules = signal.rules;
    const Json whole = {{"schema", "virtuoso.signal/1"},
                        {"id", signal.id},
                        {"exchange", signal.exchange},
                        {"symbol", signal.symbol},
                        {"direction", std::string(name_of(signal.plan.direction))},
                        {"confirmed_at_ms", signal.confirmed_at.ms},
                        {"score", *signal.confluence.score},
                        {"coverage", signal.confluence.coverage},
                        {"reliability", signal.confluence.reliability},
                        {"entry", planned_json(signal.plan.entry)},
                        {"stop", planned_json(signal.plan.stop)},
                        {"targets", std::move(targets)},
                        {"components", std::move(components)},
                        {"insights", signal.insights},
                        {"rules",
                         {{"long_from", rules.thresholds.long_from},
                          {"short_to", rules.thresholds.short_to},
                          {"hysteresis", rules.thresholds.hysteresis},
                          {"reliability_min", rules.thresholds.reliability_min},
                          {"cooldown_ms", rules.cooldown_ms}}}};
    return whole.text();
}

}  // namespace virtuoso
