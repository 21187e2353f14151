// Every help on terminals of every width: no line is broken by the terminal itself.
#include "screen/cells.hpp"
#include "support/program_on_terminal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

using test::ProgramEnd;

std::vector<std::string> help(std::vector<std::string> words, std::size_t columns) {
    words.emplace_back("--help");
    test::ProgramOnTerminal program(std::move(words), {.columns = columns, .rows = 24});
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    std::istringstream text(program.terminal().plain());
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) {
        std::erase(line, '\r');
        lines.push_back(line);
    }
    return lines;
}

// The names after "Subcommands:", each in a line of its own that begins with two spaces.
std::vector<std::string> commands_of(const std::vector<std::string>& lines) {
    std::vector<std::string> names;
    for (auto line = std::ranges::find(lines, "Subcommands:"); line != lines.end() && !line->empty();
         ++line) {
        if (line->starts_with("  ") && (*line)[2] != ' ') {
            names.push_back(line->substr(2, line->find(' ', 2) - 2));
        }
    }
    return names;
}

void expect_within(const std::vector<std::string>& words, std::size_t columns) {
    const auto lines = help(words, columns);
    EXPECT_GT(lines.size(), 3U);
    for (const auto& line : lines) {
        EXPECT_LE(screen::cells_in(line), columns) << line;
    }
    for (const auto& name : commands_of(lines)) {
        auto longer = words;
        longer.push_back(name);
        expect_within(longer, columns);
    }
}

TEST(Help, FitsTheTerminal) {
    EXPECT_GT(commands_of(help({}, 80)).size(), 10U);
    for (const std::size_t columns : {40U, 80U, 130U}) {
        expect_within({}, columns);
    }
}

}  // namespace
}  // namespace virtuoso
