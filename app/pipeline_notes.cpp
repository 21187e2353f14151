#include "pipeline_notes.hpp"

#include "engine/pipeline.hpp"
#include "engine/weights_file.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace virtuoso::app {

void add_weights_option(Subcommand& command, std::string& path) {
    command.option("--weights", path, "Weights file (docs/methodology.md); default: the standard ones");
}

Result<Weights> weights_of(const std::string& path) {
    return path.empty() ? Weights::standard() : read_weights_file(path);
}

void print_notes(const Pipeline& pipeline, const std::vector<std::string>& notices) {
    for (const auto& notice : notices) {
        fmt::print(stderr, "virtuoso: note: {}\n", notice);
    }
    for (const auto& [code, refusals] : pipeline.refusals()) {
        fmt::print(stderr, "virtuoso: note: {} of {} records refused with {}, first: {}\n", refusals.count,
                   pipeline.records(), name_of(code), refusals.first_message);
    }
}

}  // namespace virtuoso::app
