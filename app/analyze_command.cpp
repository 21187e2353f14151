#include "base/assert.hpp"
#include "command.hpp"
#include "engine/replay.hpp"
#include "output.hpp"
#include "pipeline_notes.hpp"
#include "present/breakdown_table.hpp"
#include "present/confluence_json.hpp"
#include "present/signal_text.hpp"
#include "progress_bar.hpp"
#include "recording_arguments.hpp"
#include "screen/breakdown.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace virtuoso::app {

namespace {

struct Arguments {
    std::string symbol;
    std::string at;
    ScoringArguments scoring;
    double equity = 0;
    double risk_percent = 1;
    bool json = false;
    RecordingArguments recording;
};

Error unknown_symbol(const std::string& symbol, std::vector<std::string> met) {
    std::sort(met.begin(), met.end());
    met.erase(std::unique(met.begin(), met.end()), met.end());
    return {ErrorCode::unknown_symbol,
            met.empty() ? fmt::format("--symbol {} is not in the input, which holds no symbol at all", symbol)
                        : fmt::format("--symbol {} is not in the input, which holds: {}", symbol,
                                      fmt::join(met, ", "))};
}

/// The table; on a terminal that it does not fit, what the live screen shows.
std::string breakdown_text(const TrackedSymbol& symbol, const Confluence& confluence) {
    const std::string& name = symbol.state.symbol();
    const auto size = terminal_size();
    if (!size) {
        return breakdown_table(symbol.exchange, name, confluence);
    }
    if (size->columns >= breakdown_table_columns) {
        return breakdown_table(symbol.exchange, name, confluence, size->columns);
    }
    const auto breakdown = screen::Breakdown::read(confluence_json(symbol.exchange, symbol.state, confluence),
                                                   terminal_glyphs());
    VIRTUOSO_ASSERT(breakdown.has_value(), "our own document is one");
    std::string text;
    for (const auto& line : screen::breakdown_lines(*breakdown, size->columns)) {
        text += line.text + "\n";
    }
    return text;
}

int run_analyze(const Arguments& arguments) {
    const auto scoring = arguments.scoring.options();
    if (!scoring) {
        return report(scoring.error());
    }
    PipelineOptions options = *scoring;
    options.symbol = arguments.symbol;
    if (!arguments.at.empty()) {
        const auto time = parse_time(arguments.at, "--at");
        if (!time) {
            return report(time.error());
        }
        options.until = *time;
    }
    Pipeline pipeline(options);
    ProgressBar bar("reading");
    const ReplayObserver observer{.on_progress = [&](double share) { bar.show(share); }};
    const auto notices =
        replay(arguments.recording.files, pipeline, {.recording = arguments.recording.options()}, observer);
    bar.clear();
    if (!notices) {
        return report(notices.error());
    }
    print_notes(pipeline, *notices);
    if (pipeline.symbols().empty()) {
        if (!arguments.symbol.empty()) {
            return report(unknown_symbol(arguments.symbol, pipeline.symbols_met()));
        }
        return report({ErrorCode::file_format,
                       options.until ? fmt::format("the input holds no market data received by {}",
                                                   iso_text(*options.until))
                                     : std::string("the input holds no market data")});
    }
    bool first = true;
    for (const auto& symbol : pipeline.symbols()) {
        const Confluence confluence = pipeline.evaluate(*symbol);
        if (arguments.json) {
            print_text(confluence_json(symbol->exchange, symbol->state, confluence) + "\n");
        } else {
            print("{}{}", first ? "" : "\n", breakdown_text(*symbol, confluence));
            if (const auto plan =
                    plan_trade(confluence.price, confluence.verdict.value_or(Verdict::neutral))) {
                print("\n{}", plan_text(*plan));
                if (arguments.equity > 0) {
                    print("{}",
                          size_text(position_size(*plan, arguments.equity, arguments.risk_percent / 100)));
                }
            } else if (confluence.verdict.value_or(Verdict::neutral) != Verdict::neutral) {
                print("\nno {} plan: {}\n", name_of(*confluence.verdict),
                      confluence.price.from_book ? "there is no ATR yet to place a stop by"
                                                 : "without a book there is no price to enter at");
            }
        }
        first = false;
    }
    return exit_ok;
}

}  // namespace

void add_analyze(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand("analyze", "Print the confluence breakdown of recordings");
    arguments->recording.add_files_to(command);
    command.option("--symbol", arguments->symbol, "Print only this symbol");
    command.option(
        "--at", arguments->at,
        "As of this time, with what was received by then: ms since 1970 or ISO 8601; default: the end");
    arguments->scoring.add_to(command);
    command
        .option("--equity", arguments->equity,
                "Account in quote currency: size the plan of a LONG or SHORT verdict")
        .positive(1e15);
    command.option("--risk", arguments->risk_percent, "Percent of the account that the stop may cost")
        .default_shown()
        .between(0.01, 100.0);
    command.flag("--json", arguments->json, "One JSON object per symbol (docs/schema.md)");
    arguments->recording.add_to(command);
    command.runs([arguments] { return run_analyze(*arguments); });
}

}  // namespace virtuoso::app
