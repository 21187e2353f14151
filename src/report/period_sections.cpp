#include "base/time.hpp"
#include "report/period_report.hpp"
#include "report/report_wording.hpp"
#include "report/signal_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace virtuoso::report {

namespace {

constexpr std::size_t best_shown = 5;

/// "11-27 16:43", of a period whose years and zone are known.
std::string hour_of(std::int64_t ms) {
    const std::string iso = iso_text(ExchangeTime{ms});
    return fmt::format("{} {}", iso.substr(5, 5), iso.substr(11, 5));
}

Section market(const PeriodReport& period) {
    const Market& market = period.market;
    Section section{"The market", {}};
    if (market.minutes == 0) {
        section.blocks.emplace_back(Paragraph{"Nothing of it is on record."});
        return section;
    }
    section.blocks.emplace_back(Paragraph{fmt::format(
        "{} of {} minutes are on record. At the end {} of {} rose and {} fell in 24 h, turnover {:.1f} "
        "billion USDT. The mean change was {} "
        "on "
        "average, "
        "the dispersion {:.2f} %.{}",
        market.minutes, (period.to_ms - period.from_ms) / ms_per_minute, market.gainers, market.total,
        market.losers, market.turnover_24h / 1e9, percent_text(market.mean_change.mean),
        market.volatility.mean * 100,
        market.bitcoin_volatility ? fmt::format(" Bitcoin's realised volatility: {:.1f} % a year.",
                                                *market.bitcoin_volatility * 100)
                                  : "")});
    Table regimes{.head = {"regime", "share of the time"}, .rows = {}};
    for (const auto& [regime, minutes] : market.regimes) {
        regimes.rows.push_back({regime, fmt::format("{:.1f} %", 100.0 * static_cast<double>(minutes) /
                                                                    static_cast<double>(market.minutes))});
    }
    section.blocks.emplace_back(std::move(regimes));
    Chart chart{.title = "Mean change of 24 h and dispersion, %",
                .kind = Chart::Kind::line,
                .labels = {},
                .series = {{"mean change", {}}, {"dispersion", {}}}};
    for (const MarketHour& hour : market.hours) {
        chart.labels.push_back(hour_of(hour.time_ms));
        chart.series[0].values.emplace_back(hour.mean_change.mean * 100);
        chart.series[1].values.emplace_back(hour.volatility.mean * 100);
    }
    section.blocks.emplace_back(std::move(chart));
    return section;
}

Table table_of(std::span<const SignalFate* const> signals) {
    Table table{.head = {"time", "symbol", "direction", "score", "result, R", "ended by"}, .rows = {}};
    for (const SignalFate* const signal : signals) {
        table.rows.push_back({hour_of(signal->time_ms), signal->symbol, signal->direction,
                              fmt::format("{:.1f}", signal->score),
                              fmt::format("{:+.2f}", signal->net_r.value_or(0)), signal->first_barrier});
    }
    return table;
}

Section signals(const PeriodReport& period) {
    Section section{"Signals", {}};
    SignalResults results = results_of(period);
    section.blocks.emplace_back(Paragraph{count_sentence(results)});
    std::vector<const SignalFate*>& over = results.over;
    if (over.empty()) {
        return section;
    }
    section.blocks.emplace_back(Paragraph{record_sentence(results)});
    const std::size_t shown = std::min(best_shown, over.size());
    section.blocks.emplace_back(Paragraph{"The best, in R after costs:"});
    section.blocks.emplace_back(table_of(std::span(over).first(shown)));
    section.blocks.emplace_back(Paragraph{"The worst, in R after costs:"});
    std::ranges::reverse(over);
    section.blocks.emplace_back(table_of(std::span(over).first(shown)));

    std::ranges::sort(over, {}, &SignalFate::time_ms);
    Chart chart{.title = "Cumulative result after costs, R",
                .kind = Chart::Kind::line,
                .labels = {},
                .series = {{"R", {}}}};
    double sum = 0;
    for (const SignalFate* const signal : over) {
        chart.labels.push_back(hour_of(signal->time_ms));
        chart.series[0].values.emplace_back(sum += *signal->net_r);
    }
    section.blocks.emplace_back(std::move(chart));
    return section;
}

Section calibration(const PeriodReport& period) {
    Section section{"Calibration", {}};
    Table table{.head = {"ahead", "score", "signals", "went their way", "mean return in their favour"},
                .rows = {}};
    Chart chart{.title = "Mean return in the signals' favour by score, bps",
                .kind = Chart::Kind::bar,
                .labels = {},
                .series = {}};
    for (int bin = 0; bin < 10; ++bin) {
        chart.labels.push_back(fmt::format("{}–{}", bin * 10, bin * 10 + 10));
    }
    for (const std::string_view horizon : {"5m", "15m", "1h", "4h", "24h"}) {
        const auto found = period.calibration.find(std::string(horizon));
        if (found == period.calibration.end()) {
            continue;
        }
        ChartSeries series{.name = std::string(horizon), .values = {}};
        for (std::size_t i = 0; i < found->second.size(); ++i) {
            const ScoreBin& bin = found->second.at(i);
            series.values.push_back(
                bin.signals > 0 ? std::optional(bin.return_sum / static_cast<double>(bin.signals) * 1e4)
                                : std::nullopt);
            if (bin.signals > 0) {
                table.rows.push_back({std::string(horizon), chart.labels[i], fmt::format("{}", bin.signals),
                                      fmt::format("{:.0f} %", 100.0 * static_cast<double>(bin.right) /
                                                                  static_cast<double>(bin.signals)),
                                      percent_text(bin.return_sum / static_cast<double>(bin.signals), 3)});
            }
        }
        chart.series.push_back(std::move(series));
    }
    if (table.rows.empty()) {
        section.blocks.emplace_back(Paragraph{"No outcome of the period's signals is known yet."});
        return section;
    }
    section.blocks.emplace_back(std::move(table));
    section.blocks.emplace_back(std::move(chart));
    return section;
}

Section components(const PeriodReport& period) {
    Section section{"Components", {}};
    if (period.samples == 0) {
        section.blocks.emplace_back(Paragraph{"No score is on record."});
        return section;
    }
    Table table{.head = {"component", "mean", "deviation", "absent", "lean, won", "lean, lost"}, .rows = {}};
    const auto lean = [](const Spread& spread) {
        return spread.count == 0 ? std::string("–") : fmt::format("{:+.1f}", spread.mean);
    };
    for (std::size_t i = 0; i < component_columns.size(); ++i) {
        const ComponentUse& use = period.components.at(i);
        table.rows.push_back({component_columns.at(i),
                              use.scores.count == 0 ? "–" : fmt::format("{:.1f}", use.scores.mean),
                              fmt::format("{:.1f}", use.scores.deviation()),
                              fmt::format("{:.2f} %", 100.0 * static_cast<double>(use.absent) /
                                                          static_cast<double>(period.samples)),
                              lean(use.won), lean(use.lost)});
    }
    section.blocks.emplace_back(
        Paragraph{fmt::format("Of {} scores, one a symbol and minute. The lean is how far a component stood "
                              "from 50 on the side of signals that won, and that lost.",
                              period.samples)});
    section.blocks.emplace_back(std::move(table));
    return section;
}

std::string count_of(const std::map<std::string, std::size_t>& counts, const std::string& severity) {
    const auto found = counts.find(severity);
    return fmt::format("{}", found == counts.end() ? 0 : found->second);
}

Section feed(const PeriodReport& period) {
    Section section{"Feed and service", {}};
    Table outages{.head = {"part", "times not good", "for", "the last time"}, .rows = {}};
    for (const auto& [part, outage] : period.outages) {
        outages.rows.push_back({part, fmt::format("{}", outage.times),
                                fmt::format("{:.1f} s", static_cast<double>(outage.bad_ms) / 1e3),
                                outage.detail});
    }
    if (outages.rows.empty()) {
        section.blocks.emplace_back(Paragraph{"Every part was good throughout, as far as it is on record."});
    } else {
        section.blocks.emplace_back(std::move(outages));
    }
    Table events{.head = {"event", "info", "warning", "critical"}, .rows = {}};
    for (const auto& [kind, counts] : period.events) {
        events.rows.push_back(
            {kind, count_of(counts, "info"), count_of(counts, "warning"), count_of(counts, "critical")});
    }
    if (!events.rows.empty()) {
        section.blocks.emplace_back(std::move(events));
    }
    if (!period.alerts.empty()) {
        std::string text = "Alerts:";
        for (const auto& [state, count] : period.alerts) {
            text += fmt::format(" {} {},", count, state);
        }
        text.back() = '.';
        section.blocks.emplace_back(Paragraph{std::move(text)});
    }
    return section;
}

Section memory(const PeriodReport& period) {
    const KeeperUse& keeper = period.keeper;
    Section section{"Memory", {}};
    if (keeper.runs == 0) {
        section.blocks.emplace_back(Paragraph{"No run of the memory keeper is on record."});
        return section;
    }
    section.blocks.emplace_back(Paragraph{
        fmt::format("{} runs of the keeper, {} failed, {} late by more than a second (at most {} "
                    "ms), the longest {} ms; {} trimmed. "
                    "Memory {} after the first and {} after the last.",
                    keeper.runs, keeper.failed, keeper.late, keeper.late_ms_max, keeper.duration_ms_max,
                    mib_text(keeper.trimmed_bytes), mib_text(keeper.memory.front().second),
                    mib_text(keeper.memory.back().second))});
    Chart chart{.title = "Memory after each run, MiB",
                .kind = Chart::Kind::line,
                .labels = {},
                .series = {{"MiB", {}}}};
    for (const auto& [time, bytes] : keeper.memory) {
        chart.labels.push_back(hour_of(time));
        chart.series[0].values.emplace_back(mib_of(bytes));
    }
    section.blocks.emplace_back(std::move(chart));
    return section;
}

}  // namespace

std::string title_of(const PeriodReport& period, std::string_view what) {
    return fmt::format("{} on {}, {} to {}", what, period.exchange, time_text(period.from_ms),
                       time_text(period.to_ms));
}

SectionedReport text_of(const PeriodReport& period) {
    return {.schema = "virtuoso.report/1",
            .title = title_of(period),
            .sections = {market(period), signals(period), calibration(period), components(period),
                         feed(period), memory(period)}};
}

}  // namespace virtuoso::report
