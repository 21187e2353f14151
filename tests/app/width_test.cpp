// What is printed for people, on terminals of every width: no line is broken by the terminal itself.
#include "screen/cells.hpp"
#include "support/candle_table.hpp"
#include "support/places.hpp"
#include "support/program_on_terminal.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

using Words = std::vector<std::string>;

/// What it prints to its terminal.
Words lines_of(const Words& words, std::size_t columns, int code = 0) {
    test::ProgramOnTerminal program(words, {.columns = columns, .rows = 24});
    EXPECT_EQ(program.end(), (test::ProgramEnd{.code = code})) << program.terminal().plain();
    std::istringstream text(program.terminal().plain());
    Words lines;
    for (std::string line; std::getline(text, line);) {
        // A bar is drawn again and again in one line.
        std::istringstream drawn(line);
        for (std::string part; std::getline(drawn, part, '\r');) {
            EXPECT_LE(screen::cells_in(part), columns) << words.front() << ": " << part;
        }
        std::erase(line, '\r');
        lines.push_back(line);
    }
    EXPECT_FALSE(lines.empty());
    return lines;
}

// The names after "Subcommands:", each in a line of its own that begins with two spaces.
Words commands_of(const Words& help) {
    Words names;
    for (auto line = std::ranges::find(help, "Subcommands:"); line != help.end() && !line->empty(); ++line) {
        if (line->starts_with("  ") && (*line)[2] != ' ') {
            names.push_back(line->substr(2, line->find(' ', 2) - 2));
        }
    }
    return names;
}

std::size_t ask_for_help(const Words& command, std::size_t columns) {
    Words words = command;
    words.emplace_back("--help");
    const auto below = commands_of(lines_of(words, columns));
    for (const auto& name : below) {
        words = command;
        words.push_back(name);
        ask_for_help(words, columns);
    }
    return below.size();
}

TEST(Width, EveryHelpFitsTheTerminal) {
    for (const std::size_t columns : {40U, 80U, 130U}) {
        EXPECT_GT(ask_for_help({}, columns), 10U);
    }
}

TEST(Width, WhatIsPrintedFitsTheTerminal) {
    const test::TemporaryDirectory folder;
    const std::string candles = folder.file("BTCUSDT.csv");
    std::ofstream(candles) << test::candle_table(300, 300'000);
    const std::string demo = test::source_path("tests/fixtures/demo.jsonl.gz");
    for (const std::size_t columns : {40U, 80U, 130U}) {
        for (const Words& words : {Words{"analyze", demo}, Words{"replay", demo}, Words{"evaluate", candles},
                                   Words{"formats"}, Words{"config", "show"}, Words{"version"},
                                   Words{"alert", "try", demo}, Words{"account", "--exchange", "sim"},
                                   Words{"doctor", "--exchange", "sim", "--sim-symbols", "2", "--wait", "1"},
                                   Words{"import", demo, "-o", folder.file(std::to_string(columns))}}) {
            lines_of(words, columns);
        }
        lines_of({"analyze", folder.file("there is no such file")}, columns, 3);
        lines_of({"anlyze", demo}, columns, 2);
        lines_of({"analyze", demo, "--symbol", "ETHUSDT"}, columns, 5);
    }
}

}  // namespace
}  // namespace virtuoso
