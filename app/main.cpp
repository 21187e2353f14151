#include "command.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
    using namespace virtuoso::app;
    CLI::App app{"Virtuoso: market intelligence for crypto perpetuals", "virtuoso"};
    app.set_version_flag("--version", "virtuoso " VIRTUOSO_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);
    app.footer(
        "Exit codes: 0 done, 2 wrong usage, 3 file cannot be opened, 4 bad input, 5 symbol not in the "
        "input,\n"
        "6 output cannot be written, 7 exchange cannot be reached. Error codes such as E_FIELD_VALUE are "
        "explained in docs/errors.md.");
    Run run;
    add_run(app, run);
    add_record(app, run);
    add_sim(app, run);
    add_doctor(app, run);
    add_account(app, run);
    add_analyze(app, run);
    add_replay(app, run);
    add_evaluate(app, run);
    add_import(app, run);
    add_indicators(app, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    const int code = run();
    if (std::fflush(stdout) != 0 && code == exit_ok) {
        return exit_cannot_write;
    }
    return code;
}
