#include "present/json.hpp"
#include "present/json_values.hpp"
#include "report/period_report.hpp"

namespace virtuoso::report {

namespace {

Json market_json(const Market& market) {
    Json regimes = Json::object();
    for (const auto& [regime, minutes] : market.regimes) {
        regimes.set(regime, minutes);
    }
    return {{"minutes", market.minutes},
            {"gainers", market.gainers},
            {"losers", market.losers},
            {"total", market.total},
            {"turnover_24h", market.turnover_24h},
            {"mean_change", market.mean_change.mean},
            {"volatility", market.volatility.mean},
            {"bitcoin_volatility", or_null(market.bitcoin_volatility)},
            {"regime_minutes", std::move(regimes)}};
}

Json signal_json(const SignalFate& signal) {
    Json returns = Json::object();
    for (const auto& [horizon, share] : signal.returns) {
        returns.set(horizon, share);
    }
    return {{"symbol", signal.symbol},
            {"sequence", signal.sequence},
            {"time_ms", signal.time_ms},
            {"direction", signal.direction},
            {"score", signal.score},
            {"state", signal.state.empty() ? Json(nullptr) : Json(signal.state)},
            {"first_barrier", signal.first_barrier.empty() ? Json(nullptr) : Json(signal.first_barrier)},
            {"gross_r", or_null(signal.gross_r)},
            {"net_r", or_null(signal.net_r)},
            {"returns", std::move(returns)}};
}

Json calibration_json(const PeriodReport& period) {
    Json calibration = Json::object();
    for (const auto& [horizon, bins] : period.calibration) {
        Json list = Json::array();
        for (const ScoreBin& bin : bins) {
            list.push_back(
                {{"signals", bin.signals},
                 {"right", bin.right},
                 {"mean_return", bin.signals > 0 ? Json(bin.return_sum / static_cast<double>(bin.signals))
                                                 : Json(nullptr)}});
        }
        calibration.set(horizon, std::move(list));
    }
    return calibration;
}

Json components_json(const PeriodReport& period) {
    const auto mean = [](const Spread& spread) {
        return spread.count > 0 ? Json(spread.mean) : Json(nullptr);
    };
    Json components = Json::object();
    for (std::size_t i = 0; i < component_columns.size(); ++i) {
        const ComponentUse& use = period.components.at(i);
        components.set(component_columns.at(i), {{"mean", mean(use.scores)},
                                                 {"deviation", use.scores.deviation()},
                                                 {"absent", use.absent},
                                                 {"lean_won", mean(use.won)},
                                                 {"lean_lost", mean(use.lost)}});
    }
    return components;
}

Json counts_json(const std::map<std::string, std::size_t>& counts) {
    Json json = Json::object();
    for (const auto& [name, count] : counts) {
        json.set(name, count);
    }
    return json;
}

Json service_json(const PeriodReport& period) {
    Json outages = Json::object();
    for (const auto& [part, outage] : period.outages) {
        outages.set(part, {{"times", outage.times}, {"bad_ms", outage.bad_ms}, {"detail", outage.detail}});
    }
    Json events = Json::object();
    for (const auto& [kind, counts] : period.events) {
        events.set(kind, counts_json(counts));
    }
    const KeeperUse& keeper = period.keeper;
    return {{"outages", std::move(outages)},
            {"events", std::move(events)},
            {"alerts", counts_json(period.alerts)},
            {"keeper",
             {{"runs", keeper.runs},
              {"failed", keeper.failed},
              {"late", keeper.late},
              {"late_ms_max", keeper.late_ms_max},
              {"duration_ms_max", keeper.duration_ms_max},
              {"trimmed_bytes", keeper.trimmed_bytes},
              {"first_bytes", keeper.memory.empty() ? Json(nullptr) : Json(keeper.memory.front().second)},
              {"last_bytes", keeper.memory.empty() ? Json(nullptr) : Json(keeper.memory.back().second)}}}};
}

}  // namespace

std::string period_json(const PeriodReport& period) {
    Json signals = Json::array();
    for (const SignalFate& signal : period.signals) {
        signals.push_back(signal_json(signal));
    }
    const Json whole = {{"schema", "virtuoso.report/1"},
                        {"exchange", period.exchange},
                        {"from_ms", period.from_ms},
                        {"to_ms", period.to_ms},
                        {"market", market_json(period.market)},
                        {"signals", std::move(signals)},
                        {"calibration", calibration_json(period)},
                        {"samples", period.samples},
                        {"components", components_json(period)},
                        {"service", service_json(period)}};
    return whole.text() + "\n";
}

}  // namespace virtuoso::report
