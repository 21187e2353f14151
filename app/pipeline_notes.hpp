// What every command that drives a pipeline does before and after.
#pragma once

#include "engine/pipeline.hpp"
#include "engine/weights_file.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

namespace virtuoso::app {

/// The weights of a file, the standard ones when none is given. Errors: those of the file.
[[nodiscard]] inline Result<Weights> weights_of(const std::string& path) {
    return path.empty() ? Weights::standard() : read_weights_file(path);
}

/// Notices of the recordings and the records that were refused, to the error stream.
inline void print_notes(const Pipeline& pipeline, const std::vector<std::string>& notices) {
    for (const auto& notice : notices) {
        fmt::print(stderr, "virtuoso: note: {}\n", notice);
    }
    for (const auto& [code, refusals] : pipeline.refusals()) {
        fmt::print(stderr, "virtuoso: note: {} of {} records refused with {}, first: {}\n", refusals.count,
                   pipeline.records(), name_of(code), refusals.first_message);
    }
}

}  // namespace virtuoso::app
