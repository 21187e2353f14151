#include "command.hpp"
#include "engine/replay.hpp"
#include "engine/weights_file.hpp"
#include "output.hpp"
#include "output_target.hpp"
#include "pipeline_notes.hpp"
#include "present/evaluation_report.hpp"
#include "progress_bar.hpp"
#include "recording_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

struct Arguments {
    double every_seconds = 60;
    bool json = false;
    bool details = false;
    bool walk_forward = false;
    std::string horizon = "1h";
    std::string html;
    bool force = false;
    ScoringArguments scoring;
    std::string save_weights;
    EvaluationRules rules;
    RecordingArguments recording;
};

/// The files that are written: made before the work, so that it is not done for nothing.
struct Outputs {
    std::optional<OutputFile> page;
    std::optional<OutputFile> weights;
};

Result<Outputs> open_outputs(const Arguments& arguments) {
    std::vector<std::string> inputs = arguments.recording.files;
    if (!arguments.scoring.weights.empty()) {
        inputs.push_back(arguments.scoring.weights);
    }
    Outputs outputs;
    const auto open = [&](OutputKind kind, const std::string& option, const std::string& path,
                          std::optional<OutputFile>& into) -> Result<void> {
        if (path.empty()) {
            return {};
        }
        auto file = open_output(kind, option, path, inputs, arguments.force);
        if (!file) {
            return std::unexpected(file.error());
        }
        into.emplace(std::move(*file));
        return {};
    };
    if (auto page = open(OutputKind::evaluation_page, "--html", arguments.html, outputs.page); !page) {
        return std::unexpected(page.error());
    }
    if (auto weights = open(OutputKind::weights, "--save-weights", arguments.save_weights, outputs.weights);
        !weights) {
        return std::unexpected(weights.error());
    }
    if (outputs.page && outputs.weights && outputs.page->target() == outputs.weights->target()) {
        return fail(ErrorCode::argument,
                    fmt::format("--html and --save-weights are both {}: give another name",
                                in_quotes(arguments.html)));
    }
    return outputs;
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

/// Scores every symbol at each step.
class Judge {
  public:
    Judge(Pipeline& pipeline, const EvaluationRules& rules) : pipeline_(pipeline), rules_(rules) {}

    void step() {
        if (pipeline_.newest() <= judged_) {
            return;  // what came since told nothing yet: parts of a longer candle
        }
        judged_ = pipeline_.newest();
        for (const auto& symbol : pipeline_.symbols()) {
            auto found = watched_.find(symbol.get());
            if (found == watched_.end()) {
                found = watched_.emplace(symbol.get(), Watched{SymbolEvaluator(rules_), {}}).first;
            }
            const Confluence confluence = pipeline_.evaluate(*symbol, pipeline_.newest());
            found->second.prices.feed(symbol->state, found->second.evaluator);
            found->second.evaluator.add(confluence, symbol->exchange, symbol->state.symbol());
        }
    }
    [[nodiscard]] std::vector<SymbolEvaluation> finished();
    /// Why there is none of those. `every_seconds`: the step.
    [[nodiscard]] Error nothing_to_judge(double every_seconds) const;

  private:
    Pipeline& pipeline_;
    EvaluationRules rules_;
    std::map<const TrackedSymbol*, Watched> watched_;
    ExchangeTime judged_;
};

Result<void> write_outputs(const Arguments& arguments, Outputs& outputs,
                           const std::vector<SymbolEvaluation>& reports) {
    if (outputs.page) {
        if (auto written = write_whole(*outputs.page, evaluation_page(reports, arguments.rules)); !written) {
            return written;
        }
        print_error("virtuoso: page written to {}\n", arguments.html);
    }
    if (!outputs.weights) {
        return {};
    }
    for (const auto& report : reports) {
        if (report.walk_forward && !report.walk_forward->folds.empty()) {
            Weights weights = Weights::standard();
            weights.component = report.walk_forward->final_weights;
            return write_whole(*outputs.weights,
                               fmt::format("{}{} {} to {}; {}\n{}", mark_of(OutputKind::weights),
                                           report.symbol, iso_text(report.from), iso_text(report.to),
                                           report.walk_forward->conclusion, weights_text(weights)));
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

// Of the symbols of which a price was known.
std::vector<SymbolEvaluation> Judge::finished() {
    std::vector<SymbolEvaluation> reports;
    for (const auto& symbol : pipeline_.symbols()) {
        if (const auto found = watched_.find(symbol.get()); found != watched_.end()) {
            reports.push_back(found->second.evaluator.finish(symbol->exchange, symbol->state.symbol()));
        }
    }
    const auto priceless = [](const SymbolEvaluation& report) { return report.samples == 0; };
    if (!std::ranges::all_of(reports, priceless)) {
        for (const auto& report : reports) {
            if (priceless(report)) {
                note(fmt::format("{} is not judged: the input tells no price of it", report.symbol));
            }
        }
    }
    std::erase_if(reports, priceless);
    return reports;
}

Error Judge::nothing_to_judge(double every_seconds) const {
    return {
        ErrorCode::file_format,
        pipeline_.symbols().empty() ? std::string("the input holds no market data")
        : !watched_.empty()
            ? std::string("the input tells no price: give candles, trades or a book beside it")
            : fmt::format("the input is shorter than one step of {} s: give a smaller --every, or a longer "
                          "recording",
                          every_seconds)};
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
    auto outputs = open_outputs(arguments);
    if (!outputs) {
        return report(outputs.error());
    }
    Pipeline pipeline(*options);
    ProgressBar bar("evaluating");
    Judge judge(pipeline, arguments.rules);
    const ReplayObserver observer{.on_step = [&](ExchangeTime) { judge.step(); },
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
    const std::vector<SymbolEvaluation> reports = judge.finished();
    if (reports.empty()) {
        return report(judge.nothing_to_judge(arguments.every_seconds));
    }
    if (arguments.json) {
        print_text(evaluation_json(reports, arguments.rules) + "\n");
    } else {
        for (const auto& evaluation : reports) {
            print("{}{}", &evaluation == reports.data() ? "" : "\n",
                  evaluation_table(evaluation, arguments.details));
        }
    }
    const auto written = write_outputs(arguments, *outputs, reports);
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
    add_force_to(command, arguments->force);
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
