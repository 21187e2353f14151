// What the subcommands share.
#pragma once

#include "base/error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <string>

namespace virtuoso::app {

/// Documented in docs/errors.md.
enum ExitCode : int {
    exit_ok = 0,
    exit_usage = 2,           ///< unknown option, missing or impossible value
    exit_cannot_open = 3,     ///< a file cannot be opened
    exit_bad_input = 4,       ///< a file is not what it should be
    exit_unknown_symbol = 5,  ///< the symbol does not occur in the input
    exit_cannot_write = 6,    ///< output cannot be written
    exit_network = 7          ///< the exchange cannot be reached
};

[[nodiscard]] inline int exit_code_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::file_open:
            return exit_cannot_open;
        case ErrorCode::file_write:
            return exit_cannot_write;
        case ErrorCode::network:
        case ErrorCode::tls:
            return exit_network;
        case ErrorCode::unknown_symbol:
            return exit_unknown_symbol;
        case ErrorCode::argument:
        case ErrorCode::time_syntax:
            return exit_usage;
        default:
            return exit_bad_input;
    }
}

/// Prints the error and gives the exit code.
[[nodiscard]] inline int report(const Error& error) {
    fmt::print(stderr, "virtuoso: {}\n", error.text());
    return exit_code_of(error.code);
}

/// Each adds its subcommand; `run` is set to what has to be done when it was chosen.
using Run = std::function<int()>;
void add_account(CLI::App& app, Run& run);
void add_analyze(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
void add_evaluate(CLI::App& app, Run& run);
void add_import(CLI::App& app, Run& run);
void add_indicators(CLI::App& app, Run& run);
void add_record(CLI::App& app, Run& run);
void add_replay(CLI::App& app, Run& run);
void add_run(CLI::App& app, Run& run);
void add_sim(CLI::App& app, Run& run);

}  // namespace virtuoso::app
