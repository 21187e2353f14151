#include "base/text_hash.hpp"
#include "command.hpp"
#include "engine/replay.hpp"
#include "engine/system_clock.hpp"
#include "output.hpp"
#include "pipeline_notes.hpp"
#include "present/confluence_json.hpp"
#include "present/signal_text.hpp"
#include "progress_bar.hpp"
#include "recording_arguments.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>

namespace virtuoso::app {

namespace {

struct Arguments {
    double speed = 0;
    double every_seconds = 10;
    bool json = false;
    ScoringArguments scoring;
    RecordingArguments recording;
};

std::string component_cells(const Confluence& confluence) {
    std::string text;
    for (const auto& component : confluence.components) {
        if (component.score) {
            text += fmt::format(" {} {:.2f}", spec_of(component.id).name, *component.score);
        }
    }
    return text.empty() ? " nothing yet" : text;
}

std::string step_line(ExchangeTime step, const TrackedSymbol& symbol, const Confluence& confluence) {
    const auto verdict = confluence.score
                             ? fmt::format("{:.2f} {} (raw {})", *confluence.score,
                                           name_of(*confluence.verdict), name_of(*confluence.raw_verdict))
                             : std::string("insufficient");
    return fmt::format("{} {} {}{} coverage {:.2f} reliability {:.2f}\n", iso_text(step),
                       symbol.state.symbol(), verdict, component_cells(confluence), confluence.coverage,
                       confluence.reliability);
}

std::string summary_line(const TrackedSymbol& symbol) {
    const FeedTotals& totals = symbol.state.totals();
    const auto book = symbol.state.book().view();
    return fmt::format(
        "{} {}: {} messages, {} trades, {} gaps, {} crossings, {} duplicates, {} late trades, {} rejected, "
        "book {}, {} "
        "bytes\n",
        symbol.exchange, symbol.state.symbol(), totals.messages, totals.trades, totals.gaps, totals.crossings,
        totals.duplicates, totals.late_trades, totals.rejected,
        book ? fmt::format("valid at update {}", book->update_id())
             : fmt::format("invalid ({})", name_of(book.error())),
        symbol.bytes());
}

/// Everything a replay says goes through here, so that its digest covers it.
class Output {
  public:
    explicit Output(bool documents) noexcept : documents_(documents) {}
    void print(const std::string& text) {
        documents_ ? print_text(text) : print_prose(text);
        digest_ = (digest_ ^ text_hash(text)) * 0x100000001b3;
    }
    [[nodiscard]] std::uint64_t digest() const { return digest_; }

  private:
    bool documents_;
    std::uint64_t digest_ = 0xcbf29ce484222325;
};

int run_replay(const Arguments& arguments) {
    const auto scoring = arguments.scoring.options();
    if (!scoring) {
        return report(scoring.error());
    }
    SignalRules rules;
    rules.thresholds = scoring->thresholds;
    Pipeline pipeline(*scoring);
    std::map<const TrackedSymbol*, SignalTracker> trackers;
    Output output(arguments.json);
    ProgressBar bar("replaying");
    const ReplayOptions options{.recording = arguments.recording.options(),
                                .speed = arguments.speed,
                                .every_ms = static_cast<std::int64_t>(arguments.every_seconds * 1000)};
    const ReplayObserver observer{
        .on_step =
            [&](ExchangeTime step) {
                for (const auto& symbol : pipeline.symbols()) {
                    const Confluence confluence = pipeline.evaluate(*symbol, pipeline.newest());
                    output.print(arguments.json
                                     ? confluence_json(symbol->exchange, symbol->state, confluence) + "\n"
                                     : step_line(step, *symbol, confluence));
                    const auto signal =
                        trackers.try_emplace(symbol.get(), rules)
                            .first->second.update(confluence, symbol->exchange, symbol->state.symbol());
                    if (signal != nullptr) {
                        output.print(arguments.json ? signal_json(*signal) + "\n" : signal_text(*signal));
                    }
                }
            },
        .on_progress = [&](double share) { bar.show(share); },
        .go_on = check_output};
    const SystemClock clock;
    const LocalTime started = clock.now();
    const auto notices = replay(arguments.recording.files, pipeline, options, observer);
    const double seconds = static_cast<double>(clock.now() - started) / 1e9;
    bar.clear();
    if (!notices) {
        return report(notices.error());
    }
    for (const auto& symbol : pipeline.symbols()) {
        // The last word of a JSON replay is the final confluence, of a text replay the totals.
        output.print(arguments.json
                         ? confluence_json(symbol->exchange, symbol->state, pipeline.evaluate(*symbol)) + "\n"
                         : summary_line(*symbol));
    }
    print_notes(pipeline, *notices);
    if (!arguments.json) {
        print("{} records, digest {:016x}\n", pipeline.records(), output.digest());
    }
    print_error("{} records in {:.3f} s: {:.0f} records/s\n", pipeline.records(), seconds,
                seconds > 0 ? static_cast<double>(pipeline.records()) / seconds : 0.0);
    return exit_ok;
}

}  // namespace

void add_replay(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand(
        "replay", "Drive the whole pipeline from recordings; the same input gives the same bytes of output");
    arguments->recording.add_files_to(command);
    command
        .option("--speed", arguments->speed,
                "Times real time, for example 1 or 10; default: as fast as possible")
        .positive();
    command.option("--every", arguments->every_seconds, "Seconds of exchange time between evaluations")
        .default_shown()
        .between(0.1, 86400.0);
    arguments->scoring.add_to(command);
    command.flag("--json", arguments->json, "Print every evaluation as JSON (docs/schema.md)");
    arguments->recording.add_to(command);
    command.runs([arguments] { return run_replay(*arguments); });
}

}  // namespace virtuoso::app
