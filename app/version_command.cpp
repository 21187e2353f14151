// `virtuoso version`
#include "build_info.hpp"
#include "command.hpp"
#include "output.hpp"
#include "present/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

Json document() {
    Json libraries = Json::object();
    for (const Library& library : libraries_used()) {
        libraries.set(library.name, library.version);
    }
    return {{"schema", "virtuoso.version/1"}, {"version", VIRTUOSO_VERSION},
            {"commit", source_commit()},      {"date", source_date()},
            {"compiler", __VERSION__},        {"libraries", std::move(libraries)}};
}

void print_words() {
    std::vector<std::string> libraries;
    for (const Library& library : libraries_used()) {
        libraries.push_back(fmt::format("{} {}", library.name, library.version));
    }
    print("virtuoso {}, commit {} {}\nbuilt by a compiler of version {} with {}\n", VIRTUOSO_VERSION,
          source_commit(), source_date(), __VERSION__, fmt::format("{}", fmt::join(libraries, ", ")));
}

}  // namespace

void add_version(CommandLine& line) {
    const auto as_json = std::make_shared<bool>(false);
    auto command = line.subcommand("version", "What this program is and what it was built from");
    command.flag("--json", *as_json, "A JSON object (docs/schema.md)");
    command.runs([as_json] {
        if (*as_json) {
            print_text(document().text(2) + "\n");
        } else {
            print_words();
        }
        return exit_ok;
    });
}

}  // namespace virtuoso::app
