#include "analysis/wording.hpp"
#include "report/period_report.hpp"
#include "report/report_wording.hpp"
#include "report/signal_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace virtuoso::report {

namespace {

std::string market_line(const PeriodReport& period) {
    const Market& market = period.market;
    if (market.minutes == 0) {
        return "Market: nothing of it is on record.";
    }
    const auto& [regime, minutes] =
        *std::ranges::max_element(market.regimes, {}, [](const auto& entry) { return entry.second; });
    return fmt::format(
        "Market, {} of {} minutes on record: at the last of them {} of {} contracts had risen and {} "
        "fallen in 24 h; their mean change of 24 h was {} on average; the regime was {} for {:.0f} % "
        "of that time.",
        market.minutes, (period.to_ms - period.from_ms) / ms_per_minute, market.gainers, market.total,
        market.losers, percent_text(market.mean_change.mean), regime,
        100.0 * static_cast<double>(minutes) / static_cast<double>(market.minutes));
}

std::string result_text(const SignalFate& signal) {
    return fmt::format("{} {} {:+.2f} R", signal.symbol, signal.direction, signal.net_r.value_or(0));
}

void add_signal_lines(const SignalResults& results, std::vector<std::string>& lines) {
    lines.push_back(count_sentence(results));
    if (results.over.empty()) {
        return;
    }
    lines.push_back(record_sentence(results));
    if (results.over.size() > 1) {
        lines.push_back(fmt::format("Best: {}; worst: {}.", result_text(*results.over.front()),
                                    result_text(*results.over.back())));
    }
}

std::optional<std::string> calibration_line(const PeriodReport& period) {
    const std::string horizon = "1h";
    const auto found = period.calibration.find(horizon);
    ScoreBin all;
    if (found != period.calibration.end()) {
        for (const ScoreBin& bin : found->second) {
            all.signals += bin.signals;
            all.right += bin.right;
            all.return_sum += bin.return_sum;
        }
    }
    if (all.signals == 0) {
        return std::nullopt;
    }
    const auto count = static_cast<double>(all.signals);
    return fmt::format(
        "Calibration: after 1 h {} of {} had gone their way, {:.0f} %; the mean return in their "
        "favour was {}.",
        all.right, count_text(all.signals, "signal"), 100 * static_cast<double>(all.right) / count,
        percent_text(all.return_sum / count, 3));
}

std::optional<std::string> component_line(const PeriodReport& period) {
    if (period.samples == 0) {
        return std::nullopt;
    }
    std::vector<std::string> absent;
    for (std::size_t i = 0; i < component_columns.size(); ++i) {
        if (const std::size_t times = period.components.at(i).absent; times > 0) {
            absent.push_back(
                fmt::format("{} from {:.2f} %", component_columns.at(i),
                            100.0 * static_cast<double>(times) / static_cast<double>(period.samples)));
        }
    }
    return absent.empty()
               ? fmt::format("Components: all six in each of {}.", count_text(period.samples, "score"))
               : fmt::format("Components: absent from {}: {}.", count_text(period.samples, "score"),
                             fmt::join(absent, ", "));
}

std::size_t events_of(const PeriodReport& period, const std::string& severity) {
    std::size_t count = 0;
    for (const auto& kind : period.events) {
        const auto found = kind.second.find(severity);
        count += found == kind.second.end() ? 0 : found->second;
    }
    return count;
}

std::string service_line(const PeriodReport& period) {
    if (period.market.minutes == 0 && period.outages.empty() && period.keeper.runs == 0) {
        return "Service: nothing of it is on record.";
    }
    std::vector<std::string> outages;
    outages.reserve(period.outages.size());
    for (const auto& [part, outage] : period.outages) {
        outages.push_back(fmt::format("{}, {} for {}", part,
                                      outage.times == 1 ? "once" : fmt::format("{} times", outage.times),
                                      span_text(static_cast<double>(outage.bad_ms) / 1e3)));
    }
    return fmt::format("Service: {}. Events: {} warning, {} critical.",
                       outages.empty() ? "every part was good throughout, as far as it is on record"
                                       : fmt::format("not good were {}", fmt::join(outages, "; ")),
                       events_of(period, "warning"), events_of(period, "critical"));
}

std::optional<std::string> memory_line(const KeeperUse& keeper) {
    if (keeper.runs == 0) {
        return std::nullopt;
    }
    return fmt::format(
        "Memory: {} after the first run of the keeper, {} after the last of {}; {} failed, {} "
        "were late.",
        mib_text(keeper.memory.front().second), mib_text(keeper.memory.back().second), keeper.runs,
        keeper.failed, keeper.late);
}

}  // namespace

std::vector<std::string> summary_of(const PeriodReport& period) {
    std::vector<std::string> lines{market_line(period)};
    add_signal_lines(results_of(period), lines);
    for (auto& line : {calibration_line(period), component_line(period)}) {
        if (line) {
            lines.push_back(*line);
        }
    }
    lines.push_back(service_line(period));
    if (auto line = memory_line(period.keeper)) {
        lines.push_back(*std::move(line));
    }
    return lines;
}

}  // namespace virtuoso::report
