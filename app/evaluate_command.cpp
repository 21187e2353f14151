#include "command.hpp"
#include "engine/replay.hpp"
#include "engine/weights_file.hpp"
#include "output.hpp"
#include "pipeline_notes.hpp"
#include "present/evaluation_report.hpp"
#include "progress_bar.hpp"
#include "recording_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>

namespace virtuoso::app {

namespace {

struct Arguments {
    double every_seconds = 60;
    bool json = false;
    bool details = false;
    bool walk_forward = false;
    std::string horizon = "1h";
    std::string html;
    ScoringArguments scoring;
    std::string save_weights;
    EvaluationRules rules;
    RecordingArguments recording;
};

Result<void> write_text(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    if (!(file << text) || !file.flush()) {
        return fail(ErrorCode::file_write,
                    fmt::format("{} cannot be written: check the folder, its permissions and free space",
                                in_quotes(path)));
    }
    return {};
}

/// Prices traded since the last look: closed candles of the shortest there are.
class PriceFollower {
  public:
    void feed(const SymbolState& state, SymbolEvaluator& evaluator) {
        const auto found = std::ranges::find_if(all_timeframes, [&](Timeframe timeframe) {
            return !state.candles().series(timeframe).closed().empty();
        });
        if (found == all_timeframes.end()) {
            return;
        }
        if (*found != timeframe_) {
            timeframe_ = *found;
            cursor_ = {};
        }
        cursor_.follow(
            state.candles().series(timeframe_), [] {},
            [&](const Candle& candle) {
                const ExchangeTime end = candle.open_time + interval_ms(timeframe_);
                if (end > last_) {
                    evaluator.step({candle.open_time, end, candle.high.value(), candle.low.value(),
                                    candle.close.value()});
                    last_ = end;
                }
            });
    }

  private:
    Timeframe timeframe_ = Timeframe::m1;
    CandleCursor cursor_;
    ExchangeTime last_;
};

struct Watched {
    SymbolEvaluator evaluator;
    PriceFollower prices;
};

Result<void> write_outputs(const Arguments& arguments, const std::vector<SymbolEvaluation>& reports) {
    if (!arguments.html.empty()) {
        if (auto written = write_text(arguments.html, evaluation_page(reports, arguments.rules)); !written) {
            return written;
        }
        print_error("virtuoso: page written to {}\n", arguments.html);
    }
    if (arguments.save_weights.empty()) {
        return {};
    }
    for (const auto& report : reports) {
        if (report.walk_forward && !report.walk_forward->folds.empty()) {
            Weights weights = Weights::standard();
            weights.component = report.walk_forward->final_weights;
            return write_text(
                arguments.save_weights,
                fmt::format("# fitted on {} {} to {}; {}\n{}", report.symbol, iso_text(report.from),
                            iso_text(report.to), report.walk_forward->conclusion, weights_text(weights)));
        }
    }
    return fail(ErrorCode::argument,
                "--save-weights has nothing to save: no history was long enough to fit weights");
}

Result<EvaluationRules> rules_of(const Arguments& arguments) {
    EvaluationRules rules = arguments.rules;
    rules.walk_forward = arguments.walk_forward || !arguments.save_weights.empty();
    for (std::size_t h = 0; h < outcome_horizons_ms.size(); ++h) {
        if (horizon_name(h) == arguments.horizon) {
            rules.walk.horizon_ms = outcome_horizons_ms[h];
            rules.walk.embargo_ms = outcome_horizons_ms[h];
        }
    }
    return rules;
}

std::vector<SymbolEvaluation> finished(const Pipeline& pipeline,
                                       std::map<const TrackedSymbol*, Watched>& watched) {
    std::vector<SymbolEvaluation> reports;
    for (const auto& symbol : pipeline.symbols()) {
        if (const auto found = watched.find(symbol.get()); found != watched.end()) {
            reports.push_back(found->second.evaluator.finish(symbol->exchange, symbol->state.symbol()));
        }
    }
    return reports;
}

int run_evaluate(Arguments arguments) {
    const auto options = arguments.scoring.options();
    if (!options) {
        return report(options.error());
    }
    arguments.rules.signals.thresholds = options->thresholds;
    const auto rules = rules_of(arguments);
    if (!rules) {
        return report(rules.error());
    }
    arguments.rules = *rules;
    Pipeline pipeline(*options);
    ProgressBar bar("evaluating");
    std::map<const TrackedSymbol*, Watched> watched;
    ExchangeTime judged{-1};
    const ReplayObserver observer{
        .on_step =
            [&](ExchangeTime) {
                if (pipeline.newest() <= judged) {
                    return;  // what came since told nothing yet: parts of a longer candle
                }
                judged = pipeline.newest();
                for (const auto& symbol : pipeline.symbols()) {
                    auto found = watched.find(symbol.get());
                    if (found == watched.end()) {
                        found = watched.emplace(symbol.get(), Watched{SymbolEvaluator(arguments.rules), {}})
                                    .first;
                    }
                    const Confluence confluence = pipeline.evaluate(*symbol, pipeline.newest());
                    found->second.prices.feed(symbol->state, found->second.evaluator);
                    found->second.evaluator.add(confluence, symbol->exchange, symbol->state.symbol());
                }
            },
        .on_progress = [&](double share) { bar.show(share); }};
    const auto notices = replay(arguments.recording.files, pipeline,
                                {.recording = arguments.recording.options(),
                                 .every_ms = static_cast<std::int64_t>(arguments.every_seconds * 1000)},
                                observer);
    bar.clear();
    if (!notices) {
        return report(notices.error());
    }
    print_notes(pipeline, *notices);
    const std::vector<SymbolEvaluation> reports = finished(pipeline, watched);
    if (reports.empty()) {
        return report(
            {ErrorCode::file_format, fmt::format("the input is shorter than one step of {} s: give a smaller "
                                                 "--every, or a longer recording",
                                                 arguments.every_seconds)});
    }
    if (arguments.json) {
        print("{}\n", evaluation_json(reports, arguments.rules));
    } else {
        for (const auto& evaluation : reports) {
            print("{}{}", &evaluation == reports.data() ? "" : "\n",
                  evaluation_table(evaluation, arguments.details));
        }
    }
    const auto written = write_outputs(arguments, reports);
    return written ? exit_ok : report(written.error());
}

}  // namespace

void add_evaluate(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand(
        "evaluate", "Judge scores and signals by what came after them, over recordings or candles");
    arguments->recording.add_files_to(command);
    command.option("--every", arguments->every_seconds, "Seconds of exchange time between scores")
        .default_shown()
        .between(0.1, 86400.0);
    command.flag("--details", arguments->details, "Judge every sub-indicator in the table too");
    command.flag("--json", arguments->json, "One JSON object (docs/schema.md)");
    command.option("--html", arguments->html, "Write one self-contained page with charts to this file");
    command.flag("--walk-forward", arguments->walk_forward,
                 "Fit component weights on the past, test on the future");
    command.option("--horizon", arguments->horizon, "Return that walk-forward fits and tests")
        .default_shown()
        .one_of({"5m", "15m", "1h", "4h", "24h"});
    arguments->scoring.add_to(command);
    command.option("--save-weights", arguments->save_weights,
                   "Write the weights fitted on everything to this file");
    command.option("--fee", arguments->rules.costs.taker_fee_bps, "Taker fee in bps, each way")
        .default_shown()
        .between(0.0, 1000.0);
    command
        .option("--half-spread", arguments->rules.costs.half_spread_bps, "Half the spread in bps, each way")
        .default_shown()
        .between(0.0, 1000.0);
    command.option("--seed", arguments->rules.seed, "Seed of the bootstrap").default_shown();
    arguments->recording.add_to(command);
    command.runs([arguments] { return run_evaluate(*arguments); });
}

}  // namespace virtuoso::app
