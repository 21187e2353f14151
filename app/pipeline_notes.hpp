// What every command that drives a pipeline does before and after.
#pragma once

#include "analysis/weights.hpp"
#include "base/error.hpp"
#include "subcommand.hpp"

#include <string>
#include <vector>

namespace virtuoso {
class Pipeline;
}

namespace virtuoso::app {

/// The option that names a weights file.
void add_weights_option(Subcommand& command, std::string& path);

/// The weights of a file, the standard ones when none is given. Errors: those of the file.
[[nodiscard]] Result<Weights> weights_of(const std::string& path);

/// Notices of the recordings, and what was refused, late, repeated or old, to the error stream.
void print_notes(const Pipeline& pipeline, const std::vector<std::string>& notices);

}  // namespace virtuoso::app
