#include "report/signal_results.hpp"

#include "analysis/evaluation/rank_correlation.hpp"
#include "report/report_wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace virtuoso::report {

SignalResults results_of(const PeriodReport& period) {
    SignalResults results;
    for (const SignalFate& signal : period.signals) {
        ++(signal.direction == "LONG" ? results.longs : results.shorts);
        if (signal.net_r) {
            results.over.push_back(&signal);
            results.net.add(*signal.net_r);
            results.won += *signal.net_r > 0 ? 1U : 0U;
        } else {
            ++(signal.state == "open" || signal.state.empty() ? results.open : results.holes);
        }
    }
    std::ranges::stable_sort(results.over,
                             [](const SignalFate* a, const SignalFate* b) { return *a->net_r > *b->net_r; });
    return results;
}

std::string count_sentence(const SignalResults& results) {
    return fmt::format(
        "{}, {} LONG and {} SHORT; {} ran to the end of the plan, {} still open{}.",
        count_text(results.longs + results.shorts, "signal"), results.longs, results.shorts,
        results.over.size(), results.open,
        results.holes > 0 ? fmt::format("; {} with a hole that nobody saw", results.holes) : "");
}

std::string record_sentence(const SignalResults& results) {
    if (results.over.size() == 1) {
        return fmt::format("Its result after costs: {:+.3f} R. One says nothing of the next.",
                           results.net.mean);
    }
    const auto count = static_cast<double>(results.over.size());
    const double share = static_cast<double>(results.won) / count;
    const Interval likely = wilson_interval(share, count);
    const double error = results.net.deviation() / std::sqrt(count);
    const bool beyond_chance = std::abs(results.net.mean) > 2 * error && results.net.count > 2;
    return fmt::format(
        "Won: {} of {}, {:.0f} % (95 % interval: {:.0f} to {:.0f} %). Expectation {:+.3f} R a signal "
        "after costs, standard error {:.3f}: {}.",
        results.won, results.over.size(), 100 * share, likely.low * 100, likely.high * 100, results.net.mean,
        error, beyond_chance ? "beyond chance of this period alone" : "not to be told from chance");
}

}  // namespace virtuoso::report
