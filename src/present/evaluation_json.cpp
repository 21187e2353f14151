#include "present/evaluation_report.hpp"
#include "present/json.hpp"

namespace virtuoso {

namespace {

Json estimate_json(const Estimate& estimate) {
    return {{"samples", estimate.samples},
            {"value", estimate.value},
            {"low", estimate.low},
            {"high", estimate.high}};
}

Json skill_json(const Skill& skill) {
    return {{"ic", estimate_json(skill.ic)},
            {"calls", skill.calls},
            {"hit_rate", skill.hit_share},
            {"hit_rate_low", skill.hit_interval.low},
            {"hit_rate_high", skill.hit_interval.high}};
}

Json weights_json(const std::array<double, component_count>& weights) {
    Json object = Json::object();
    for (std::size_t c = 0; c < component_count; ++c) {
        object.set(all_components()[c].name, weights[c]);
    }
    return object;
}

Json trade_json(const TradeRecord& trade) {
    Json returns = Json::object();
    for (std::size_t h = 0; h < outcome_horizons_ms.size(); ++h) {
        const auto& value = trade.outcome.returns[h];
        returns.set(horizon_name(h), value ? Json(*value) : Json(nullptr));
    }
    return {{"id", trade.id},
            {"direction", std::string(name_of(trade.direction))},
            {"confirmed_at_ms", trade.confirmed_at.ms},
            {"score", trade.score},
            {"returns", std::move(returns)},
            {"favourable_r", trade.outcome.favourable_r},
            {"adverse_r", trade.outcome.adverse_r},
            {"first", std::string(name_of(trade.outcome.first))},
            {"targets_reached", trade.outcome.targets_reached},
            {"finished", trade.outcome.finished},
            {"net_r", trade.outcome.finished ? Json(trade.outcome.net_r) : Json(nullptr)}};
}

Json walk_json(const WalkForward& walk) {
    Json folds = Json::array();
    for (const auto& fold : walk.folds) {
        folds.push_back({{"train_until_ms", fold.train_until.ms},
                         {"test_from_ms", fold.test_from.ms},
                         {"test_to_ms", fold.test_to.ms},
                         {"train_samples", fold.train_samples},
                         {"test_samples", fold.test_samples},
                         {"weights", weights_json(fold.weights)},
                         {"ic_fitted", fold.ic_fitted},
                         {"ic_standard", fold.ic_standard}});
    }
    return {{"horizon_ms", walk.rules.horizon_ms},
            {"embargo_ms", walk.rules.embargo_ms},
            {"folds", std::move(folds)},
            {"fitted", estimate_json(walk.fitted)},
            {"standard", estimate_json(walk.standard)},
            {"weights", weights_json(walk.final_weights)},
            {"conclusion", walk.conclusion}};
}

Json summary_json(const TradeSummary& summary) {
    return {{"signals", summary.signals},
            {"finished", summary.finished},
            {"won", summary.won},
            {"won_low", summary.won_interval.low},
            {"won_high", summary.won_interval.high},
            {"net_r", estimate_json(summary.net_r)},
            {"gross_r", estimate_json(summary.gross_r)},
            {"mean_favourable_r", summary.mean_favourable_r},
            {"mean_adverse_r", summary.mean_adverse_r},
            {"stop_first", summary.stopped_first},
            {"target_first", summary.target_first},
            {"time_first", summary.timed_out}};
}

Json symbol_json(const SymbolEvaluation& report) {
    Json columns = Json::object();
    for (const auto& column : report.columns) {
        Json horizons = Json::object();
        for (std::size_t h = 0; h < outcome_horizons_ms.size(); ++h) {
            horizons.set(horizon_name(h), skill_json(column.horizons[h]));
        }
        columns.set(column.name, {{"present", column.present}, {"horizons", std::move(horizons)}});
    }
    Json calibration = Json::object();
    for (std::size_t h = 0; h < outcome_horizons_ms.size(); ++h) {
        Json list = Json::array();
        for (const auto& bin : report.calibration[h]) {
            list.push_back({{"samples", bin.samples},
                            {"mean_score", bin.mean_score},
                            {"mean_return_bps", bin.mean_return_bps},
                            {"rose_share", bin.up_share}});
        }
        calibration.set(horizon_name(h), std::move(list));
    }
    Json trades = Json::array();
    for (const auto& trade : report.trades) {
        trades.push_back(trade_json(trade));
    }
    return {{"exchange", report.exchange},
            {"symbol", report.symbol},
            {"from_ms", report.from.ms},
            {"to_ms", report.to.ms},
            {"samples", report.samples},
            {"step_ms", report.step_ms},
            {"published", report.sufficient},
            {"partial", report.partial},
            {"absent", report.absent},
            {"scores", std::move(columns)},
            {"calibration", std::move(calibration)},
            {"signals", summary_json(report.summary)},
            {"trades", std::move(trades)},
            {"walk_forward", report.walk_forward ? walk_json(*report.walk_forward) : Json(nullptr)},
            {"conclusion", report.conclusion}};
}

}  // namespace

std::string evaluation_json(std::span<const SymbolEvaluation> reports, const EvaluationRules& rules) {
    Json symbols = Json::array();
    for (const auto& report : reports) {
        symbols.push_back(symbol_json(report));
    }
    const Json whole = {{"schema", "virtuoso.evaluation/1"},
                        {"taker_fee_bps", rules.costs.taker_fee_bps},
                        {"half_spread_bps", rules.costs.half_spread_bps},
                        {"seed", rules.seed},
                        {"symbols", std::move(symbols)}};
    return whole.text();
}

}  // namespace virtuoso
