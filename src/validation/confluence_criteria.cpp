#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace virtuoso::validation {

namespace {

constexpr std::size_t components_wanted = 6;
constexpr std::string_view source = "/api/v1/symbols/{symbol}/confluence";

/// What a judge of breakdowns says of each.
template <typename Fault>
Outcome of_all(const Observations& seen, std::string_view good, Fault fault) {
    if (seen.breakdowns.empty()) {
        return unseen("no breakdown came");
    }
    std::vector<std::string> faults;
    std::set<std::string> symbols;
    for (const BreakdownSeen& breakdown : seen.breakdowns) {
        symbols.insert(breakdown.symbol);
        if (auto found = fault(breakdown);
            !found.empty() && std::ranges::find(faults, found) == faults.end()) {
            faults.push_back(std::move(found));
        }
    }
    return none_of(
        faults, fmt::format("{} breakdowns of {} symbols: {}", seen.breakdowns.size(), symbols.size(), good),
        seen.breakdowns.back().at_ms, source);
}

Outcome six_of_six(const Observations& seen) {
    return of_all(seen, "6/6 components each", [](const BreakdownSeen& breakdown) {
        std::string missing;
        for (const ComponentSeen& component : breakdown.components) {
            if (!component.score) {
                missing += (missing.empty() ? "" : ", ") + component.name;
            }
        }
        if (missing.empty() && breakdown.components.size() == components_wanted) {
            return std::string();
        }
        return fmt::format("{} lacks {}", breakdown.symbol, missing.empty() ? "components" : missing);
    });
}

// Components that are present share the weight of those that are not; with too few there is no score.
std::string sum_fault(const BreakdownSeen& breakdown) {
    double sum = 0;
    double weights = 0;
    for (const ComponentSeen& component : breakdown.components) {
        if (!component.score) {
            continue;
        }
        if (*component.score < 0 || *component.score > 100) {
            return fmt::format("{} of {} scores {}", component.name, breakdown.symbol, *component.score);
        }
        sum += component.impact;
        weights += component.weight;
    }
    if (!breakdown.score || std::abs(sum / weights - *breakdown.score) <= 1e-9) {
        return {};
    }
    return fmt::format("{} scores {}, its impacts add up to {} of {}", breakdown.symbol, *breakdown.score,
                       sum, weights);
}

Outcome adds_up(const Observations& seen) {
    return of_all(seen, "the score is the sum of the impacts, within 1e-9", sum_fault);
}

Outcome interpreted(const Observations& seen) {
    return of_all(seen, "6 interpretations each", [](const BreakdownSeen& breakdown) {
        for (const ComponentSeen& component : breakdown.components) {
            if (component.interpretation.empty()) {
                return fmt::format("{} of {} has no interpretation", component.name, breakdown.symbol);
            }
        }
        return std::string();
    });
}

Outcome absent_with_reason(const Observations& seen) {
    return of_all(seen, "whatever is absent says why", [](const BreakdownSeen& breakdown) {
        for (const ComponentSeen& component : breakdown.components) {
            if (!component.without_reason.empty()) {
                return fmt::format("{}.{} of {} is absent without a reason", component.name,
                                   component.without_reason.front(), breakdown.symbol);
            }
        }
        return std::string();
    });
}

Outcome evaluated_fast(const Observations& seen) {
    constexpr double us_max = 20'000;
    double slowest = 0;
    double sum = 0;
    for (const BreakdownSeen& breakdown : seen.breakdowns) {
        slowest = std::max(slowest, breakdown.evaluation_us);
        sum += breakdown.evaluation_us;
    }
    const double mean = seen.breakdowns.empty() ? 0 : sum / static_cast<double>(seen.breakdowns.size());
    return of_all(
        seen, fmt::format("evaluated in {:.3f} ms on average, {:.3f} ms at most", mean / 1e3, slowest / 1e3),
        [](const BreakdownSeen& breakdown) {
            return breakdown.evaluation_us <= us_max
                       ? std::string()
                       : fmt::format("{} took {:.1f} ms", breakdown.symbol, breakdown.evaluation_us / 1e3);
        });
}

Outcome cached(const Observations& seen) {
    constexpr std::int64_t age_ms_max = 11'000;
    std::int64_t oldest = 0;
    for (const BreakdownSeen& breakdown : seen.breakdowns) {
        oldest = std::max(oldest, breakdown.age_ms);
    }
    return of_all(seen, fmt::format("kept whole and counted as read, {} ms old at most", oldest),
                  [](const BreakdownSeen& breakdown) {
                      if (breakdown.age_ms > age_ms_max) {
                          return fmt::format("{} is {} ms old", breakdown.symbol, breakdown.age_ms);
                      }
                      return breakdown.reads > 0
                                 ? std::string()
                                 : fmt::format("{} does not count its reads", breakdown.symbol);
                  });
}

Outcome signals_sound(const Observations& seen) {
    constexpr double neutral = 50;
    if (seen.signals.empty()) {
        return unseen("no signal is on record");
    }
    std::vector<std::string> faults;
    for (const SignalSeen& signal : seen.signals) {
        const bool above = signal.score > neutral;
        if ((signal.direction != "LONG" && signal.direction != "SHORT") ||
            above != (signal.direction == "LONG")) {
            faults.push_back(
                fmt::format("{} is {} with score {:.2f}", signal.symbol, signal.direction, signal.score));
        }
    }
    const SignalSeen& newest = seen.signals.front();
    return none_of(faults,
                   fmt::format("{} on record; the newest: {} {} at {:.2f}", seen.signals.size(),
                               newest.symbol, newest.direction, newest.score),
                   newest.time_ms, "/api/v1/signals");
}

constexpr std::array criteria{
    Criterion{.id = "CONF-1",
              .chapter = Chapter::confluence,
              .wanted = "six of six components",
              .test = "every breakdown that was asked for",
              .remedy = "`absent` of the sub-indicators says what is missing; the symbol's concerns say why",
              .judge = six_of_six},
    Criterion{.id = "CONF-2",
              .chapter = Chapter::confluence,
              .wanted = "scores lie in 0…100 and add up",
              .test = "the sum of the impacts beside the score",
              .remedy = "tell of it with the breakdown",
              .judge = adds_up},
    Criterion{.id = "CONF-3",
              .chapter = Chapter::confluence,
              .wanted = "every component is interpreted",
              .test = "the sentences of every breakdown",
              .remedy = "tell of it with the breakdown",
              .judge = interpreted},
    Criterion{.id = "CONF-4",
              .chapter = Chapter::confluence,
              .wanted = "no part is absent without a reason",
              .test = "`absent` of every sub-indicator without a score",
              .remedy = "tell of it with the breakdown",
              .judge = absent_with_reason},
    Criterion{.id = "CONF-5",
              .chapter = Chapter::confluence,
              .wanted = "an evaluation takes less than 20 ms",
              .test = "the time of each breakdown's evaluation",
              .remedy = "see what else the machine does; virtuoso_evaluation_seconds has all of them",
              .judge = evaluated_fast},
    Criterion{.id = "CONF-6",
              .chapter = Chapter::confluence,
              .wanted = "breakdowns are cached, and fresh",
              .test = "age and reads of every breakdown, at most 11 s old",
              .remedy = "a symbol of which nothing is heard has concerns that say why",
              .judge = cached},
    Criterion{.id = "SIG-1",
              .chapter = Chapter::signals,
              .wanted = "signals come and agree with their scores",
              .test = "direction and score of the newest signals on record",
              .remedy = "not seen: a calm market gives few; watch for longer",
              .judge = signals_sound,
              .applies = may_have_store}};

}  // namespace

std::span<const Criterion> confluence_criteria() noexcept {
    return criteria;
}

}  // namespace virtuoso::validation
