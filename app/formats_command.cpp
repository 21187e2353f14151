#include "command.hpp"
#include "journal/recording_formats.hpp"
#include "output.hpp"

#include <string>
#include <string_view>

namespace virtuoso::app {

namespace {

// Each line of an example below its format.
void print_example(std::string_view example) {
    while (!example.empty()) {
        const auto end = example.find('\n');
        print("    {}\n", example.substr(0, end));
        example.remove_prefix(end == std::string_view::npos ? example.size() : end + 1);
    }
}

int run_formats() {
    print(
        "Read by import, analyze, replay and evaluate (tables of candles by indicators too), found out from "
        "the\n"
        "contents, gzipped, in a zip archive or plain, in UTF-8 or UTF-16:\n");
    for (const auto& format : recording_examples()) {
        print("\n{}: {}\n", format.name, format.what);
        print_example(format.example);
    }
    print(
        "\nColumns may be in any order and be divided by commas, semicolons or tabs; times are numbers since "
        "1970\n"
        "of any unit or ISO 8601; lines before the header are passed over. A symbol that no column names is "
        "taken\n"
        "from the file's name, or from --symbol-name. The standard input is -; pipes are read, "
        "too.\n\nKnown, but nothing of them is used:\n");
    for (const auto& format : unused_tables()) {
        print("\n{}: {}: {}\n", format.name, format.what, format.example);
    }
    return exit_ok;
}

}  // namespace

void add_formats(CommandLine& line) {
    auto command = line.subcommand("formats", "List the files that are read, with an example of each");
    command.runs([] { return run_formats(); });
}

}  // namespace virtuoso::app
