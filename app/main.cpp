#include "command.hpp"
#include "exceptions.hpp"
#include "output.hpp"
#include "signals.hpp"
#include "standard_streams.hpp"

namespace virtuoso::app {
namespace {

int run_command(int argc, const char* const* argv) {
    CommandLine line({.name = "virtuoso",
                      .title = "Virtuoso: market intelligence for crypto perpetuals",
                      .version = "virtuoso " VIRTUOSO_VERSION,
                      .footer = "Exit codes: 0 done; 1 too little memory, or a fault of the program; 2 wrong "
                                "usage; 3 file cannot be opened; 4 bad input; 5 symbol not in the input; "
                                "6 output cannot be written; 7 network: exchange out of reach, address to "
                                "listen on taken; 8 something that was validated failed or was not seen; 128 "
                                "+ its number: ended by a signal, with nothing done. "
                                "Error codes such as E_FIELD_VALUE are explained in docs/errors.md."});
    add_run(line);
    add_watch(line);
    add_keeper(line);
    add_validate(line);
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
    add_report(line);
    add_db(line);
    add_indicators(line);
    add_mcp(line);
    add_completion(line);
    add_version(line);
    const int code = line.run(argc, argv);
    const auto written = finish_output();
    return written ? code : report(written.error());
}

}  // namespace
}  // namespace virtuoso::app

int main(int argc, char** argv) {
    using namespace virtuoso::app;
    hold_standard_streams();
    end_on_signals();
    end_on_lost_exceptions();
    try {
        return run_command(argc, argv);
    } catch (...) {
        return report_exception();
    }
}
