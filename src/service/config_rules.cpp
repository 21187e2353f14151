#include "service/config_rules.hpp"

#include "alert/alert_setup.hpp"
#include "service/report_time.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace virtuoso {

namespace {

bool is_same_symbol(const std::string& a, const std::string& b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

bool are_apart(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::ranges::none_of(a, [&](const std::string& symbol) {
        return std::ranges::any_of(b,
                                   [&](const std::string& other) { return is_same_symbol(symbol, other); });
    });
}

Result<AlertSetup> setup_of(const ServiceConfig& config) {
    return AlertSetup::parse(config.alerts.sinks, config.alerts.rules);
}

/// Each of them, whatever became of its signals. What cannot be read is refused elsewhere.
bool are_reports_told(const ServiceConfig& config) {
    auto setup = setup_of(config);
    if (!setup) {
        return true;
    }
    for (AlertRule& rule : setup->rules) {
        std::erase_if(rule.thresholds, [](const AlertThreshold& threshold) {
            return threshold.number == "signals" || threshold.number == "won" || threshold.number == "net_r";
        });
    }
    return std::ranges::all_of(config.alerts.reports, [&](const std::string& text) {
        const auto time = ReportTime::parse(text);
        Occurrence report;
        report.kind = "report";
        report.words = {{"phase", "moment"}};
        report.numbers = {{"days", time ? time->days() : 1.0}};
        return setup->has_sink_for(report);
    });
}

constexpr std::int64_t limit_min = 64LL * 1024 * 1024;

constexpr std::array rules{
    ConfigRule{{{{"exchange", "region"}, {"exchange", "name"}}},
               [](const ServiceConfig& config) {
                   return config.exchange.region == "global" || config.exchange.name == "bybit";
               },
               R"(regions are Bybit's sites: leave region out, or take name = "bybit")"},
    ConfigRule{{{{"exchange", "rest_url"}, {"exchange", "stream_url"}}},
               [](const ServiceConfig& config) {
                   return config.exchange.rest_url.empty() == config.exchange.stream_url.empty();
               },
               "one address alone would mix two exchanges: give both or none"},
    ConfigRule{{{{"exchange", "rest_url"}, {"exchange", "name"}}},
               [](const ServiceConfig& config) {
                   return config.exchange.rest_url.empty() || config.exchange.name != "sim";
               },
               "the exchange inside this process has its own addresses: to reach one that was started by "
               "`virtuoso sim`, name the exchange whose protocol it speaks, with ca_file"},
    ConfigRule{{{{"exchange", "sim_faults"}, {"exchange", "name"}}},
               [](const ServiceConfig& config) {
                   return config.exchange.sim_faults.empty() || config.exchange.name == "sim";
               },
               R"(only the simulated exchange has faults to order: leave them out, or take name = "sim")"},
    ConfigRule{
        {{{"universe", "only"}, {"universe", "exclude"}}},
        [](const ServiceConfig& config) { return are_apart(config.universe.only, config.universe.exclude); },
        "a symbol stands in both: take it out of one"},
    ConfigRule{{{{"universe", "include"}, {"universe", "exclude"}}},
               [](const ServiceConfig& config) {
                   return are_apart(config.universe.include, config.universe.exclude);
               },
               "a symbol stands in both: take it out of one"},
    ConfigRule{
        {{{"universe", "deep_only"}, {"universe", "deep"}, {"universe", "include"}, {"universe", "only"}}},
        [](const ServiceConfig& config) {
            const auto& universe = config.universe;
            return !universe.deep_only || universe.deep > 0 || !universe.include.empty() ||
                   !universe.only.empty();
        },
        "nothing would be followed: give deep at least 1"},
    ConfigRule{{{{"engine", "deep_interval_ms"}, {"engine", "interval_ms"}}},
               [](const ServiceConfig& config) {
                   return config.engine.deep_interval_ms <= config.engine.interval_ms;
               },
               "deep symbols are evaluated at least as often as the others: give deep_interval_ms at most "
               "interval_ms"},
    ConfigRule{
        {{{"keeper", "interval_min_s"}, {"keeper", "interval_s"}}},
        [](const ServiceConfig& config) { return config.keeper.interval_min_s <= config.keeper.interval_s; },
        "under pressure the interval shortens: give interval_min_s at most interval_s"},
    ConfigRule{
        {{{"keeper", "memory_soft"}, {"keeper", "memory_hard"}}},
        [](const ServiceConfig& config) { return config.keeper.memory_soft < config.keeper.memory_hard; },
        "memory is short before it is nearly out: give memory_soft less than memory_hard"},
    ConfigRule{{{{"keeper", "memory_limit"}}},
               [](const ServiceConfig& config) {
                   return config.keeper.memory_limit == 0 || config.keeper.memory_limit >= limit_min;
               },
               "no service fits: give at least 67108864 (64 MiB), or 0 to have the limit found out"},
    ConfigRule{{{{"events.funding_extreme", "warning"}, {"events.funding_extreme", "critical"}}},
               [](const ServiceConfig& config) {
                   const auto& funding = config.events.funding_extreme;
                   return funding.warning <= funding.critical;
               },
               "a warning comes first: give warning at most critical"},
    ConfigRule{{{{"events.breadth_extreme", "share"}, {"events.breadth_extreme", "critical"}}},
               [](const ServiceConfig& config) {
                   const auto& breadth = config.events.breadth_extreme;
                   return breadth.share <= breadth.critical;
               },
               "a warning comes first: give share at most critical"},
    ConfigRule{{{{"events.leverage_extreme", "warning_z"}, {"events.leverage_extreme", "critical_z"}}},
               [](const ServiceConfig& config) {
                   const auto& leverage = config.events.leverage_extreme;
                   return leverage.warning_z <= leverage.critical_z;
               },
               "a warning comes first: give warning_z at most critical_z"},
    ConfigRule{{{{"alerts", "sinks"}, {"alerts", "rules"}}},
               [](const ServiceConfig& config) { return setup_of(config).has_value(); },
               "sinks and rules have names of their own, and to= names sinks that there are",
               [](const ServiceConfig& config) { return setup_of(config).error().message; }},
    ConfigRule{{{{"alerts", "reports"}, {"store", "address"}}},
               [](const ServiceConfig& config) {
                   return config.alerts.reports.empty() || config.store.address != "off";
               },
               "a report is made of what is kept: give the store a place, or leave reports out"},
    ConfigRule{
        {{{"alerts", "reports"}, {"alerts", "rules"}, {"alerts", "sinks"}}},
        are_reports_told,
        "a report would be told to nobody: give a rule that takes it, such as \"reports: kind=report\", and "
        "a sink that takes what is of severity info and kind report"},
};

}  // namespace

std::vector<const ConfigKey*> ConfigRule::keys() const {
    std::vector<const ConfigKey*> found;
    for (const auto& name : names) {
        if (const ConfigKey* const key = config_key(name.section, name.key)) {
            found.push_back(key);
        }
    }
    return found;
}

std::span<const ConfigRule> config_rules() noexcept {
    return rules;
}

}  // namespace virtuoso
