// The program as its users run it.
#pragma once

#include "support/places.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace virtuoso::test {

struct Outcome {
    int code = -1;
    std::string text;  ///< standard output, and error unless sent elsewhere
};

/// As one word of the shell's.
inline std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char letter : text) {
        result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return result + "'";
}

/// A line of the shell's: what it prints, and what it ends with.
inline Outcome run_line(const std::string& line) {
    Outcome outcome;
    FILE* const pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) {
        ADD_FAILURE() << "popen failed";
        return outcome;
    }
    char chunk[4096];
    for (std::size_t size = 0; (size = std::fread(chunk, 1, sizeof(chunk), pipe)) > 0;) {
        outcome.text.append(chunk, size);
    }
    const int status = ::pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
}

inline Outcome run(const std::string& arguments, const std::string& errors = "2>&1") {
    return run_line(quoted(virtuoso_binary()) + " " + arguments + " " + errors);
}

/// Lines of bash, in which "$virtuoso" is the program.
inline Outcome run_in_bash(const std::string& lines) {
    return run_line("virtuoso=" + quoted(virtuoso_binary()) + "; export virtuoso; exec bash -c " +
                    quoted(lines) + " 2>&1");
}

}  // namespace virtuoso::test
