#include "manual_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace virtuoso::app {

namespace {

/// As it is to be read: roff takes a leading point or apostrophe for a command, a hyphen for one that may
/// break a line.
std::string roff(std::string_view text) {
    std::string result;
    if (text.starts_with('.') || text.starts_with('\'')) {
        result = "\\&";
    }
    for (const char letter : text) {
        result += letter == '\\'  ? std::string("\\e")
                  : letter == '-' ? std::string("\\-")
                                  : std::string(1, letter);
    }
    return result;
}

void add_options(const CommandTexts& command, std::string& page) {
    for (const auto& option : command.options) {
        std::vector<std::string> names;
        names.reserve(option.names.size());
        for (const auto& each : option.names) {
            names.push_back(roff(each));
        }
        const std::string_view value = option.by_position() || !option.takes_value ? "" : " \\fIVALUE\\fR";
        page += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", fmt::join(names, "\\fR, \\fB"), value,
                            roff(option.description));
        if (!option.values.empty()) {
            page += fmt::format("One of {}.\n", roff(fmt::format("{}", fmt::join(option.values, ", "))));
        }
    }
}

void add_command(const CommandTexts& command, const std::string& name, std::string& page) {
    page += fmt::format(".SS {}\n{}\n", roff(name), roff(command.description));
    add_options(command, page);
    for (const auto& below : command.commands) {
        add_command(below, fmt::format("{} {}", name, below.name), page);
    }
}

}  // namespace

std::string manual_page(const CommandTexts& program, const ManualTexts& texts) {
    std::string title = program.name;
    std::ranges::transform(title, title.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    // "Virtuoso: market intelligence" of the program's help begins with its name.
    const std::string_view subject =
        std::string_view(program.description).substr(program.description.find(": ") + 2);
    std::string page = fmt::format(
        ".TH {} 1 \"{}\" \"{}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B {}\n\\fICOMMAND\\fR "
        "[\\fIOPTIONS\\fR]\n.SH OPTIONS\n",
        title, texts.date, roff(texts.version), program.name, roff(subject), program.name);
    add_options(program, page);
    page += ".SH COMMANDS\n";
    for (const auto& command : program.commands) {
        add_command(command, command.name, page);
    }
    return page + fmt::format(".SH EXIT STATUS\n{}\n", roff(texts.footer));
}

}  // namespace virtuoso::app
