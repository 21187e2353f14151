// What every command that drives a pipeline does before and after.
#pragma once

#include "base/error.hpp"
#include "engine/pipeline.hpp"
#include "subcommand.hpp"

#include <string>
#include <vector>

namespace virtuoso::app {

/// Weights and thresholds: what the scores are made and judged by.
struct ScoringArguments {
    std::string weights;
    std::string thresholds;

    void add_to(Subcommand& command);
    /// Errors: those of the file, and thresholds that are none.
    [[nodiscard]] Result<PipelineOptions> options() const;
};

/// Notices of the recordings, and what was refused, late, repeated or old, to the error stream.
void print_notes(const Pipeline& pipeline, const std::vector<std::string>& notices);

}  // namespace virtuoso::app
