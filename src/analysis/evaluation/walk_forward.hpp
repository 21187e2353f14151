// Weights fitted on the past and tried on the future.
#pragma once

#include "analysis/evaluation/rank_correlation.hpp"
#include "analysis/evaluation/score_log.hpp"

#include <array>
#include <string>
#include <vector>

namespace virtuoso {

struct WalkForwardRules {
    std::size_t folds = 5;
    std::int64_t horizon_ms = ms_per_hour;
    std::int64_t embargo_ms = ms_per_hour;  ///< left out between the purged past and the test
    double ridge = 0.05;                    ///< pull towards the standard weights, per sample
    std::size_t train_min = 500;            ///< samples
};

struct WalkForwardFold {
    ExchangeTime train_until;  ///< last training sample: its return ends before the embargo begins
    ExchangeTime test_from;
    ExchangeTime test_to;
    std::size_t train_samples = 0;
    std::size_t test_samples = 0;
    std::array<double, component_count> weights{};
    double ic_fitted = 0;
    double ic_standard = 0;
};

struct WalkForward {
    WalkForwardRules rules;
    std::vector<WalkForwardFold> folds;                   ///< empty: the history is too short
    Estimate fitted;                                      ///< out of sample, all folds together
    Estimate standard;                                    ///< standard weights on the same samples
    std::array<double, component_count> final_weights{};  ///< fitted on everything
    std::string conclusion;
};

/// The log is cut into folds + 1 equal parts of time; each part after the first is a test, everything before
/// it, less the samples whose return reaches into it (purging) and the embargo, the training set (López de
/// Prado 2018, ch. 7). Weights: non-negative ridge regression of the ranked return on the components' leans,
/// scaled to the sum of one. Components that are never present keep weight 0.
[[nodiscard]] WalkForward walk_forward(const ScoreLog& log, const Weights& standard,
                                       const WalkForwardRules& rules, std::uint64_t seed);

}  // namespace virtuoso
