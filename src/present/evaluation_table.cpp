#include "present/evaluation_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

std::string heading(const SymbolEvaluation& report) {
    std::string text = fmt::format("{} · {} · {} … {}\n", report.symbol, report.exchange,
                                   iso_text(report.from), iso_text(report.to));
    text += fmt::format("{} scores, one every {:.0f} s; {} of them published (METHODOLOGY §8)\n",
                        report.samples, static_cast<double>(report.step_ms) / 1000, report.sufficient);
    if (!report.absent.empty()) {
        text += fmt::format("absent throughout: {}\n", fmt::join(report.absent, ", "));
    }
    if (report.partial) {
        text += "\"whole\" is the score of what is present: too little for one that would be published\n";
    }
    return text;
}

/// Stars where the interval excludes zero.
std::string ic_cell(const Estimate& ic) {
    if (ic.samples < 3) {
        return "–";
    }
    return fmt::format("{:+.3f}{}", ic.value, ic.low > 0 || ic.high < 0 ? "*" : " ");
}

std::string skill_table(const SymbolEvaluation& report, bool detailed) {
    std::string text =
        "\nInformation coefficient (Spearman; * its 95 % block-bootstrap interval excludes zero)\n";
    text += fmt::format("  {:<36} {:>9}", "score", "samples");
    for (std::size_t h = 0; h < outcome_horizons_ms.size(); ++h) {
        text += fmt::format(" {:>8}", horizon_name(h));
    }
    text += fmt::format("   {}\n", "hit rate 1h [Wilson]");
    for (const auto& column : report.columns) {
        const bool sub = column.name.find('.') != std::string::npos;
        if (sub && !detailed) {
            continue;
        }
        text += fmt::format("  {:<36} {:>9}", column.name, column.present);
        for (const auto& skill : column.horizons) {
            text += fmt::format(" {:>8}", ic_cell(skill.ic));
        }
        const Skill& hour = column.horizons[2];
        text += hour.calls > 0 ? fmt::format("   {:.1f} % [{:.1f}, {:.1f}]\n", hour.hit_share * 100,
                                             hour.hit_interval.low * 100, hour.hit_interval.high * 100)
                               : "   –\n";
    }
    return text;
}

std::string calibration_table(const SymbolEvaluation& report) {
    // The longest horizon that has samples, at most an hour.
    std::size_t horizon = 2;
    while (horizon > 0 && report.calibration[horizon].front().samples == 0) {
        --horizon;
    }
    std::string text = fmt::format("\nCalibration by decile of the score, {} ahead\n", horizon_name(horizon));
    text += fmt::format("  {:>6} {:>9} {:>11} {:>15} {:>8}\n", "decile", "samples", "mean score",
                        "mean return", "rose");
    std::size_t decile = 0;
    for (const auto& bin : report.calibration[horizon]) {
        ++decile;
        if (bin.samples > 0) {
            text += fmt::format("  {:>6} {:>9} {:>11.2f} {:>11.2f} bps {:>6.1f} %\n", decile, bin.samples,
                                bin.mean_score, bin.mean_return_bps, bin.up_share * 100);
        }
    }
    return text;
}

std::string trades_text(const SymbolEvaluation& report) {
    const TradeSummary& trades = report.summary;
    std::string text =
        fmt::format("\nSignals{}: {}, {} ran to their end\n", report.partial ? " of the partial score" : "",
                    trades.signals, trades.finished);
    if (trades.finished == 0) {
        return text;
    }
    text += fmt::format("  won {} [{:.0f} %, {:.0f} %] · first reached: stop {}, target {}, time {}\n",
                        trades.won, trades.won_interval.low * 100, trades.won_interval.high * 100,
                        trades.stopped_first, trades.target_first, trades.timed_out);
    text += fmt::format("  expectancy {:+.3f} R [{:+.3f}, {:+.3f}] after costs, {:+.3f} R before\n",
                        trades.net_r.value, trades.net_r.low, trades.net_r.high, trades.gross_r.value);
    text += fmt::format("  mean excursion {:+.2f} R in favour, {:.2f} R against\n", trades.mean_favourable_r,
                        trades.mean_adverse_r);
    return text;
}

std::string walk_text(const WalkForward& walk) {
    std::string text = fmt::format("\nWalk-forward, {:.0f} min ahead, embargo {:.0f} min\n",
                                   static_cast<double>(walk.rules.horizon_ms) / ms_per_minute,
                                   static_cast<double>(walk.rules.embargo_ms) / ms_per_minute);
    for (const auto& fold : walk.folds) {
        text +=
            fmt::format("  {} … {}  train {:>7}  test {:>7}  IC fitted {:+.4f}  standard {:+.4f}  weights",
                        iso_text(fold.test_from), iso_text(fold.test_to), fold.train_samples,
                        fold.test_samples, fold.ic_fitted, fold.ic_standard);
        for (std::size_t c = 0; c < component_count; ++c) {
            if (fold.weights[c] > 0) {
                text += fmt::format(" {} {:.2f}", all_components()[c].name, fold.weights[c]);
            }
        }
        text += '\n';
    }
    return text + "  " + walk.conclusion + "\n";
}

}  // namespace

std::string evaluation_table(const SymbolEvaluation& report, bool detailed) {
    std::string text =
        heading(report) + skill_table(report, detailed) + calibration_table(report) + trades_text(report);
    if (report.walk_forward) {
        text += walk_text(*report.walk_forward);
    }
    return text + "\n" + report.conclusion + "\n";
}

}  // namespace virtuoso
