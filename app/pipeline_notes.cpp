#include "pipeline_notes.hpp"

#include "engine/weights_file.hpp"
#include "output.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace virtuoso::app {

void ScoringArguments::add_to(Subcommand& command) {
    command.option("--weights", weights, "Weights file (docs/methodology.md); default: the standard ones");
    command.option(
        "--thresholds", thresholds,
        "Scores that LONG and SHORT begin at: symmetric (70/30, the default), reference (70/35), or two of "
        "your own as 72/28");
}

Result<PipelineOptions> ScoringArguments::options() const {
    PipelineOptions options;
    if (!weights.empty()) {
        const auto read = read_weights_file(weights);
        if (!read) {
            return std::unexpected(read.error());
        }
        options.weights = *read;
    }
    const auto chosen = thresholds_from(thresholds);
    if (!chosen) {
        return std::unexpected(chosen.error());
    }
    options.thresholds = *chosen;
    return options;
}

namespace {

constexpr std::int64_t old_input_ms = ms_per_minute;

void note_repetitions(const Pipeline& pipeline) {
    std::uint64_t late = 0;
    std::uint64_t duplicates = 0;
    for (const auto& symbol : pipeline.symbols()) {
        late += symbol->state.totals().late_trades;
        duplicates += symbol->state.totals().duplicates;
    }
    if (late > 0) {
        note(fmt::format("{} trade(s) came late: too old for the flow of trades", late));
    }
    if (duplicates > 0) {
        note(fmt::format("{} trade(s) and book frame(s) came again: counted once", duplicates));
    }
}

void note_old_input(const Pipeline& pipeline) {
    const auto until = pipeline.until();
    if (until && pipeline.newest().ms > 0 && *until - pipeline.newest() > old_input_ms) {
        note(fmt::format(
            "nothing was received between {} and the time asked for, {}: all of it is old by then",
            iso_text(pipeline.newest()), iso_text(*until)));
    }
}

}  // namespace

void print_notes(const Pipeline& pipeline, const std::vector<std::string>& notices) {
    for (const auto& notice : notices) {
        note(notice);
    }
    for (const auto& symbol : pipeline.symbols()) {
        const FeedTotals& totals = symbol->state.totals();
        if (totals.off_market > 0) {
            note(fmt::format(
                "{}: {} prints of the insurance fund, auto-deleveraging or nothing are in no volume and "
                "no candle",
                symbol->state.symbol(), totals.off_market));
        }
        if (totals.sizes_capped > 0) {
            note(fmt::format(
                "{}: {} sizes are beyond {} and were taken as that: depth and volume are too small",
                symbol->state.symbol(), totals.sizes_capped, to_text(largest_size)));
        }
    }
    for (const auto& [code, refusals] : pipeline.refusals()) {
        note(fmt::format("{} of {} records refused with {}, first: {}", refusals.count, pipeline.records(),
                         name_of(code), refusals.first_message));
    }
    note_repetitions(pipeline);
    note_old_input(pipeline);
}

}  // namespace virtuoso::app
