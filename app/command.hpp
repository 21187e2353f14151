// What the subcommands share.
#pragma once

#include "base/error.hpp"
#include "command_line.hpp"

namespace virtuoso::app {

/// Documented in docs/errors.md.
enum ExitCode : int {
    exit_ok = 0,
    exit_no_room = 1,         ///< the machine gives too little memory, or the program has a fault
    exit_usage = 2,           ///< unknown option, missing or impossible value
    exit_cannot_open = 3,     ///< a file cannot be opened
    exit_bad_input = 4,       ///< a file is not what it should be
    exit_unknown_symbol = 5,  ///< no symbol of that name in the input, or on the exchange
    exit_cannot_write = 6,    ///< output cannot be written
    exit_network = 7,         ///< the exchange cannot be reached
    exit_not_passed = 8       ///< of what was validated, something failed or was not seen
};

[[nodiscard]] int exit_code_of(ErrorCode code);

/// Prints the error and gives the exit code.
[[nodiscard]] int report(const Error& error);

/// Each adds its subcommand.
void add_account(CommandLine& line);
void add_alert(CommandLine& line);
void add_analyze(CommandLine& line);
void add_completion(CommandLine& line);
void add_config(CommandLine& line);
void add_db(CommandLine& line);
void add_doctor(CommandLine& line);
void add_evaluate(CommandLine& line);
void add_formats(CommandLine& line);
void add_export(CommandLine& line);
void add_import(CommandLine& line);
void add_indicators(CommandLine& line);
void add_keeper(CommandLine& line);
void add_mcp(CommandLine& line);
void add_record(CommandLine& line);
void add_replay(CommandLine& line);
void add_report(CommandLine& line);
void add_run(CommandLine& line);
void add_sim(CommandLine& line);
void add_validate(CommandLine& line);
void add_version(CommandLine& line);
void add_watch(CommandLine& line);

}  // namespace virtuoso::app
