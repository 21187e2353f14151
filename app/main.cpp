#include "command.hpp"
#include "standard_streams.hpp"

#include <cstdio>

int main(int argc, char** argv) {
    using namespace virtuoso::app;
    hold_standard_streams();
    CommandLine line(
        {.name = "virtuoso",
         .title = "Virtuoso: market intelligence for crypto perpetuals",
         .version = "virtuoso " VIRTUOSO_VERSION,
         .footer =
             "Exit codes: 0 done, 2 wrong usage, 3 file cannot be opened, 4 bad input, 5 symbol not in the "
             "input,\n"
             "6 output cannot be written, 7 network: exchange out of reach, address to listen on taken. "
             "Error codes such as E_FIELD_VALUE "
             "are "
             "explained in docs/errors.md."});
    add_run(line);
    add_watch(line);
    add_keeper(line);
    add_record(line);
    add_sim(line);
    add_doctor(line);
    add_alert(line);
    add_config(line);
    add_account(line);
    add_analyze(line);
    add_replay(line);
    add_evaluate(line);
    add_import(line);
    add_formats(line);
    add_export(line);
    add_db(line);
    add_indicators(line);
    const int code = line.run(argc, argv);
    if (std::fflush(stdout) != 0 && code == exit_ok) {
        return exit_cannot_write;
    }
    return code;
}
