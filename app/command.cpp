#include "command.hpp"

#include "output.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace virtuoso::app {

int exit_code_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::resources:
            return exit_no_room;
        case ErrorCode::file_open:
        case ErrorCode::store_open:
            return exit_cannot_open;
        case ErrorCode::file_write:
        case ErrorCode::store_busy:
            return exit_cannot_write;
        case ErrorCode::network:
        case ErrorCode::restricted_place:
        case ErrorCode::rate_limit:
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

int report(const Error& error) {
    print_error("virtuoso: {}\n", error.text());
    return exit_code_of(error.code);
}

}  // namespace virtuoso::app
