#include "analysis/evaluation/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr float call_lean = 0.1F;
constexpr std::size_t bins = 10;

SignalRules for_partial_scores(SignalRules rules) {
    rules.thresholds.components_min = 1;
    rules.thresholds.coverage_min = 0;
    rules.thresholds.reliability_min = 0;
    rules.plan.needs_book = false;
    return rules;
}

Skill skill_of(std::span<const float> leans, std::span<const float> returns, double overlap,
               std::uint64_t seed) {
    Skill skill;
    skill.ic = rank_correlation(leans, returns, static_cast<std::size_t>(2 * overlap), seed);
    std::size_t hits = 0;
    for (std::size_t i = 0; i < leans.size(); ++i) {
        if (std::fabs(leans[i]) >= call_lean && !std::isnan(returns[i]) && returns[i] != 0) {
            ++skill.calls;
            hits += (leans[i] > 0) == (returns[i] > 0) ? 1U : 0U;
        }
    }
    const auto calls = static_cast<double>(skill.calls);
    skill.hit_share = skill.calls > 0 ? static_cast<double>(hits) / calls : 0.0;
    // Returns that overlap are one observation, not many.
    skill.hit_interval = wilson_interval(skill.hit_share, calls / std::max(overlap, 1.0));
    return skill;
}

std::array<CalibrationBin, bins> calibration_of(std::span<const float> leans,
                                                std::span<const float> returns) {
    std::vector<float> x;
    std::vector<float> y;
    for (std::size_t i = 0; i < leans.size(); ++i) {
        if (!std::isnan(leans[i]) && !std::isnan(returns[i])) {
            x.push_back(leans[i]);
            y.push_back(returns[i]);
        }
    }
    std::array<CalibrationBin, bins> result{};
    const auto ranks = ranks_of(x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const auto bin =
            static_cast<std::size_t>(static_cast<double>(ranks[i]) * bins / static_cast<double>(x.size()));
        CalibrationBin& into = result[std::min(bin, bins - 1)];
        ++into.samples;
        into.mean_score += 50.0 * (1.0 + static_cast<double>(x[i]));
        into.mean_return_bps += static_cast<double>(y[i]) * 1e4;
        into.up_share += y[i] > 0 ? 1.0 : 0.0;
    }
    for (auto& bin : result) {
        const auto count = static_cast<double>(std::max<std::size_t>(bin.samples, 1));
        bin.mean_score /= count;
        bin.mean_return_bps /= count;
        bin.up_share /= count;
    }
    return result;
}

TradeSummary summary_of(const std::vector<TradeRecord>& trades, std::uint64_t seed) {
    TradeSummary summary;
    summary.signals = trades.size();
    std::vector<double> net;
    std::vector<double> gross;
    for (const auto& trade : trades) {
        const Outcome& outcome = trade.outcome;
        if (!outcome.finished) {
            continue;
        }
        net.push_back(outcome.net_r);
        gross.push_back(outcome.gross_r);
        summary.won += outcome.net_r > 0 ? 1U : 0U;
        summary.mean_favourable_r += outcome.favourable_r;
        summary.mean_adverse_r += outcome.adverse_r;
        summary.stopped_first += outcome.first == FirstBarrier::stop ? 1U : 0U;
        summary.target_first += outcome.first == FirstBarrier::target ? 1U : 0U;
        summary.timed_out += outcome.first == FirstBarrier::time ? 1U : 0U;
    }
    summary.finished = net.size();
    const auto count = static_cast<double>(std::max<std::size_t>(net.size(), 1));
    summary.mean_favourable_r /= count;
    summary.mean_adverse_r /= count;
    summary.won_interval =
        wilson_interval(static_cast<double>(summary.won) / count, static_cast<double>(net.size()));
    summary.net_r = bootstrap_mean(net, 1, seed);
    summary.gross_r = bootstrap_mean(gross, 1, seed);
    return summary;
}

std::string conclusion_of(const SymbolEvaluation& report) {
    const auto whole = std::find_if(report.columns.begin(), report.columns.end(),
                                    [](const ColumnSkill& column) { return column.name == "whole"; });
    if (whole == report.columns.end()) {
        return "nothing to judge: no component was ever present";
    }
    std::string held;
    std::string zero;
    std::string unknown;
    const auto add = [](std::string& list, const std::string& name) {
        list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
    };
    for (std::size_t h = 0; h < outcome_horizons_ms.size(); ++h) {
        const Estimate& ic = whole->horizons[h].ic;
        if (ic.low <= -1 && ic.high >= 1) {
            add(unknown, std::string(horizon_name(h)));
        } else if (ic.low > 0 || ic.high < 0) {
            add(held, fmt::format("{} (IC {:+.4f}{})", horizon_name(h), ic.value,
                                  ic.value < 0 ? ", the wrong way" : ""));
        } else {
            add(zero, std::string(horizon_name(h)));
        }
    }
    std::string text = !held.empty()   ? "the interval of the score's IC excludes zero at " + held
                       : !zero.empty() ? "no edge: the interval of the score's IC contains zero at " + zero
                                       : "nothing to judge";
    text += unknown.empty() ? "" : "; too few returns at " + unknown;
    const auto& trades = report.summary;
    if (trades.finished == 0) {
        return text + "; no signal ran to its end";
    }
    text += fmt::format("; {} signals ended at {:+.2f} R on average after costs [{:+.2f}, {:+.2f}]",
                        trades.finished, trades.net_r.value, trades.net_r.low, trades.net_r.high);
    return trades.net_r.low > 0    ? text
           : trades.net_r.high < 0 ? text + ": a loss that can be told from chance"
                                   : text + ": not to be told from chance";
}

}  // namespace

SymbolEvaluator::SymbolEvaluator(EvaluationRules rules)
    : rules_(rules), tracker_(rules.signals), partial_tracker_(for_partial_scores(rules.signals)) {}

void SymbolEvaluator::follow(std::unique_ptr<const Signal> signal, std::vector<Followed>& into) {
    if (signal == nullptr) {
        return;
    }
    TradeRecord record;
    record.id = signal->id;
    record.direction = signal->plan.direction;
    record.confirmed_at = signal->confirmed_at;
    record.score = *signal->confluence.score;
    into.push_back({std::move(record), OutcomeTracker(signal->plan, signal->confirmed_at, rules_.costs)});
}

void SymbolEvaluator::add(const Confluence& confluence, const std::string& exchange,
                          const std::string& symbol) {
    log_.add(confluence);
    sufficient_ += confluence.score ? 1U : 0U;
    follow(tracker_.update(confluence, exchange, symbol), published_);
    if (sufficient_ == 0) {
        Confluence partial = confluence;
        partial.score = partial.partial_score;
        follow(partial_tracker_.update(partial, exchange, symbol), partial_);
    }
}

void SymbolEvaluator::step(const PriceStretch& stretch) {
    for (auto* list : {&published_, &partial_}) {
        for (auto& followed : *list) {
            if (!followed.tracker.done()) {
                followed.tracker.step(stretch);
            }
        }
    }
}

SymbolEvaluation SymbolEvaluator::finish(const std::string& exchange, const std::string& symbol) {
    SymbolEvaluation report;
    report.exchange = exchange;
    report.symbol = symbol;
    report.samples = log_.size();
    report.step_ms = log_.step_ms();
    report.sufficient = sufficient_;
    report.partial = sufficient_ == 0;
    if (log_.size() > 0) {
        report.from = {log_.times_ms().front()};
        report.to = {log_.times_ms().back()};
    }
    std::array<std::vector<float>, outcome_horizons_ms.size()> returns;
    for (std::size_t h = 0; h < returns.size(); ++h) {
        returns[h] = log_.forward_returns(outcome_horizons_ms[h]);
        report.calibration[h] = calibration_of(log_.whole(), returns[h]);
    }
    for (std::size_t column = 0; column < log_.columns(); ++column) {
        const auto leans = log_.column(column);
        const auto present = static_cast<std::size_t>(
            std::count_if(leans.begin(), leans.end(), [](float v) { return !std::isnan(v); }));
        if (present == 0) {
            if (column >= 1 && column <= component_count) {
                report.absent.push_back(log_.name(column));
            }
            continue;
        }
        ColumnSkill skill;
        skill.name = log_.name(column);
        skill.present = present;
        for (std::size_t h = 0; h < returns.size(); ++h) {
            const double overlap = static_cast<double>(outcome_horizons_ms[h]) /
                                   static_cast<double>(std::max<std::int64_t>(report.step_ms, 1));
            skill.horizons[h] = skill_of(leans, returns[h], overlap, rules_.seed + column);
        }
        report.columns.push_back(std::move(skill));
    }
    for (auto& followed : report.partial ? partial_ : published_) {
        followed.record.outcome = followed.tracker.outcome();
        report.trades.push_back(std::move(followed.record));
    }
    report.summary = summary_of(report.trades, rules_.seed);
    if (rules_.walk_forward) {
        report.walk_forward = walk_forward(log_, Weights::standard(), rules_.walk, rules_.seed);
    }
    report.conclusion = conclusion_of(report);
    return report;
}

}  // namespace virtuoso
