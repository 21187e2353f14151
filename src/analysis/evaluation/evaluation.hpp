// How well scores and signals foretold what came.
#pragma once

#include "analysis/evaluation/rank_correlation.hpp"
#include "analysis/evaluation/score_log.hpp"
#include "analysis/evaluation/walk_forward.hpp"
#include "analysis/signal.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// One score against the returns of one horizon.
struct Skill {
    Estimate ic;            ///< information coefficient (Spearman)
    double hit_share = 0;   ///< of leans beyond ±0.1, those with the sign of the return
    Interval hit_interval;  ///< Wilson, over non-overlapping returns
    std::size_t calls = 0;  ///< leans beyond ±0.1
};

struct ColumnSkill {
    std::string name;
    std::size_t present = 0;
    std::array<Skill, outcome_horizons_ms.size()> horizons{};
};

/// A tenth of the samples, by score.
struct CalibrationBin {
    std::size_t samples = 0;
    double mean_score = 0;
    double mean_return_bps = 0;
    double up_share = 0;
};

struct TradeRecord {
    std::string id;
    Verdict direction = Verdict::neutral;
    ExchangeTime confirmed_at;
    double score = 0;
    Outcome outcome;
};

struct TradeSummary {
    std::size_t signals = 0;
    std::size_t finished = 0;
    std::size_t won = 0;    ///< net result above zero
    Interval won_interval;  ///< Wilson
    Estimate net_r;         ///< expectancy after costs
    Estimate gross_r;
    double mean_favourable_r = 0;
    double mean_adverse_r = 0;
    std::size_t stopped_first = 0;
    std::size_t target_first = 0;
    std::size_t timed_out = 0;
};

struct SymbolEvaluation {
    std::string exchange;
    std::string symbol;
    ExchangeTime from;
    ExchangeTime to;
    std::size_t samples = 0;
    std::int64_t step_ms = 0;
    std::size_t sufficient = 0;        ///< samples with a score that METHODOLOGY §8 lets be published
    bool partial = false;              ///< signals were taken from the score of what is present
    std::vector<ColumnSkill> columns;  ///< present at least once
    std::vector<std::string> absent;   ///< components that never were
    std::array<std::array<CalibrationBin, 10>, outcome_horizons_ms.size()> calibration{};
    std::vector<TradeRecord> trades;
    TradeSummary summary;
    std::optional<WalkForward> walk_forward;
    std::string conclusion;  ///< in words, and plainly when there is no edge
};

struct EvaluationRules {
    SignalRules signals;
    TradingCosts costs;
    bool walk_forward = false;
    WalkForwardRules walk;
    std::uint64_t seed = 1;
};

/// Collects one symbol's scores and follows its signals; `finish` computes the report.
///
/// A history that can never reach the coverage METHODOLOGY §8 asks for (candles alone) yields signals too,
/// from the score of what is present; the report says so.
class SymbolEvaluator {
  public:
    explicit SymbolEvaluator(EvaluationRules rules);

    /// The confluence at the end of a step, after the stretches of price up to it were given.
    void add(const Confluence& confluence, const std::string& exchange, const std::string& symbol);
    /// Prices traded since the last stretch.
    void step(const PriceStretch& stretch);
    [[nodiscard]] SymbolEvaluation finish(const std::string& exchange, const std::string& symbol);

  private:
    struct Followed {
        TradeRecord record;
        OutcomeTracker tracker;
    };
    void follow(std::unique_ptr<const Signal> signal, std::vector<Followed>& into);

    EvaluationRules rules_;
    ScoreLog log_;
    std::size_t sufficient_ = 0;
    SignalTracker tracker_;
    SignalTracker partial_tracker_;
    std::vector<Followed> published_;
    std::vector<Followed> partial_;
};

}  // namespace virtuoso
