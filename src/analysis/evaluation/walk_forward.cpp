#include "analysis/evaluation/walk_forward.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace virtuoso {

namespace {

using ComponentArray = std::array<double, component_count>;

double lean_at(const ScoreLog& log, std::size_t component, std::size_t sample) {
    const float value = log.column(1 + component)[sample];
    return std::isnan(value) ? 0.0 : static_cast<double>(value);
}

ComponentArray present_shares(const ScoreLog& log, const ComponentArray& weights) {
    ComponentArray result{};
    for (std::size_t c = 0; c < component_count; ++c) {
        const auto column = log.column(1 + c);
        const bool present =
            std::any_of(column.begin(), column.end(), [](float v) { return !std::isnan(v); });
        result[c] = present ? weights[c] : 0.0;
    }
    double total = 0;
    for (const double weight : result) {
        total += weight;
    }
    for (double& weight : result) {
        weight = total > 0 ? weight / total : 0.0;
    }
    return result;
}

/// min Σ (y − s·Xw)² + λ‖w − prior‖², w ≥ 0, by coordinate descent on the Gram matrix; s scales the prior's
/// score to the target first, so that the pull is towards its direction.
ComponentArray fit(const ScoreLog& log, const std::vector<float>& returns, std::size_t samples,
                   const ComponentArray& prior, double ridge) {
    std::vector<float> valid;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < samples; ++i) {
        if (!std::isnan(returns[i])) {
            valid.push_back(returns[i]);
            rows.push_back(i);
        }
    }
    const auto ranks = ranks_of(valid);
    const double middle = (static_cast<double>(rows.size()) - 1) / 2;
    std::array<ComponentArray, component_count> gram{};
    ComponentArray cross{};
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const double y = middle > 0 ? (ranks[k] - middle) / middle : 0.0;
        for (std::size_t a = 0; a < component_count; ++a) {
            const double x = lean_at(log, a, rows[k]);
            cross[a] += x * y;
            for (std::size_t b = 0; b <= a; ++b) {
                gram[a][b] += x * lean_at(log, b, rows[k]);
            }
        }
    }
    for (std::size_t a = 0; a < component_count; ++a) {
        for (std::size_t b = a + 1; b < component_count; ++b) {
            gram[a][b] = gram[b][a];
        }
    }
    const double pull = ridge * static_cast<double>(rows.size());
    ComponentArray weights = prior;
    for (int round = 0; round < 200; ++round) {
        for (std::size_t a = 0; a < component_count; ++a) {
            if (!(prior[a] > 0)) {
                continue;
            }
            double rest = cross[a] + pull * prior[a];
            for (std::size_t b = 0; b < component_count; ++b) {
                rest -= b != a ? gram[a][b] * weights[b] : 0.0;
            }
            weights[a] = std::max(rest / (gram[a][a] + pull), 0.0);
        }
    }
    double total = 0;
    for (const double weight : weights) {
        total += weight;
    }
    if (!(total > 0)) {
        return prior;  // nothing in the past spoke for any component
    }
    for (double& weight : weights) {
        weight /= total;
    }
    return weights;
}

float blended(const ScoreLog& log, const ComponentArray& weights, std::size_t sample) {
    double sum = 0;
    double total = 0;
    for (std::size_t c = 0; c < component_count; ++c) {
        if (!std::isnan(log.column(1 + c)[sample])) {
            sum += weights[c] * lean_at(log, c, sample);
            total += weights[c];
        }
    }
    return total > 0 ? static_cast<float>(sum / total) : std::numeric_limits<float>::quiet_NaN();
}

std::string conclusion_of(const WalkForward& result) {
    if (result.folds.empty()) {
        return fmt::format(
            "too short a history for a walk-forward test: at least {} samples are needed before the "
            "first test part",
            result.rules.train_min);
    }
    const auto numbers = [](const Estimate& e) {
        return fmt::format("IC {:+.4f} [{:+.4f}, {:+.4f}]", e.value, e.low, e.high);
    };
    if (result.fitted.low > 0) {
        return fmt::format("fitted weights held out of sample: {}; standard weights {}",
                           numbers(result.fitted), numbers(result.standard));
    }
    if (result.fitted.high < 0) {
        return fmt::format("no edge: fitted weights pointed the wrong way out of sample, {}",
                           numbers(result.fitted));
    }
    return fmt::format("no edge: out of sample the interval contains zero, {}; standard weights {}",
                       numbers(result.fitted), numbers(result.standard));
}

}  // namespace

WalkForward walk_forward(const ScoreLog& log, const Weights& standard, const WalkForwardRules& rules,
                         std::uint64_t seed) {
    WalkForward result;
    result.rules = rules;
    const auto& times = log.times_ms();
    const auto returns = log.forward_returns(rules.horizon_ms);
    const ComponentArray prior = present_shares(log, standard.component);
    const auto size_before = [&](std::int64_t time) {
        return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) - times.begin());
    };
    std::vector<float> scores_fitted;
    std::vector<float> scores_standard;
    std::vector<float> outcomes;
    const std::size_t parts = rules.folds + 1;
    for (std::size_t part = 1; part < parts && !times.empty(); ++part) {
        const std::int64_t span = times.back() - times.front();
        const auto border = [&](std::size_t p) {
            return times.front() + span * static_cast<std::int64_t>(p) / static_cast<std::int64_t>(parts);
        };
        // A training sample's return ends before the embargo, which ends where the test begins.
        const std::size_t train = size_before(border(part) - rules.horizon_ms - rules.embargo_ms);
        const std::size_t first = size_before(border(part));
        const std::size_t last = part + 1 == parts ? times.size() : size_before(border(part + 1));
        if (train < rules.train_min || first >= last) {
            continue;
        }
        WalkForwardFold fold{.train_until = {times[train - 1]},
                             .test_from = {times[first]},
                             .test_to = {times[last - 1]},
                             .train_samples = train,
                             .test_samples = last - first,
                             .weights = fit(log, returns, train, prior, rules.ridge)};
        std::vector<float> fitted;
        std::vector<float> plain;
        for (std::size_t i = first; i < last; ++i) {
            fitted.push_back(blended(log, fold.weights, i));
            plain.push_back(blended(log, prior, i));
        }
        const std::span<const float> test(returns.data() + first, last - first);
        fold.ic_fitted = rank_correlation(fitted, test, 1, seed).value;
        fold.ic_standard = rank_correlation(plain, test, 1, seed).value;
        scores_fitted.insert(scores_fitted.end(), fitted.begin(), fitted.end());
        scores_standard.insert(scores_standard.end(), plain.begin(), plain.end());
        outcomes.insert(outcomes.end(), test.begin(), test.end());
        result.folds.push_back(fold);
    }
    if (!result.folds.empty()) {
        const auto block =
            static_cast<std::size_t>(2 * rules.horizon_ms / std::max<std::int64_t>(log.step_ms(), 1));
        result.fitted = rank_correlation(scores_fitted, outcomes, block, seed);
        result.standard = rank_correlation(scores_standard, outcomes, block, seed);
        result.final_weights = fit(log, returns, times.size(), prior, rules.ridge);
    }
    result.conclusion = conclusion_of(result);
    return result;
}

}  // namespace virtuoso
