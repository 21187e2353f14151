#include "command_line.hpp"

#include "base/nearest_name.hpp"
#include "command.hpp"
#include "output.hpp"
#include "screen/cells.hpp"
#include "terminal.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

constexpr std::size_t explanations_at = 34;  ///< column where those of options and commands begin

OptionTexts texts_of(const CLI::Option& option) {
    OptionTexts texts{.names = {}, .description = option.get_description(), .values = {}};
    for (const auto& name : option.get_snames()) {
        texts.names.push_back("-" + name);
    }
    for (const auto& name : option.get_lnames()) {
        texts.names.push_back("--" + name);
    }
    if (option.get_positional()) {
        texts.names = {option.get_name()};
    }
    texts.takes_value = option.get_items_expected_max() > 0;
    // "TEXT:{one,another}"
    const std::string type = option.get_type_name();
    const auto begin = type.find('{');
    const auto end = type.rfind('}');
    if (begin != std::string::npos && end != std::string::npos && begin < end) {
        texts.values = CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
    }
    return texts;
}

CommandTexts texts_of(const CLI::App& command) {
    CommandTexts texts{.name = command.get_name(), .description = command.get_description()};
    for (const CLI::Option* const option : command.get_options()) {
        texts.options.push_back(texts_of(*option));
    }
    for (const CLI::App* const below : command.get_subcommands([](const CLI::App*) { return true; })) {
        texts.commands.push_back(texts_of(*below));
    }
    return texts;
}

// A help, its lines broken where the terminal ends.
std::string within_columns(const std::string& help) {
    constexpr std::size_t columns_max = 100;  // longer lines are hard to read
    constexpr std::size_t room_min = 30;      // for explanations beside the names
    constexpr std::size_t narrow_indent = 6;
    const auto size = terminal_size();
    const std::size_t columns = std::min(size ? size->columns : columns_max, columns_max);
    const std::size_t indent = columns >= explanations_at + room_min ? explanations_at : narrow_indent;
    std::istringstream lines(help);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        for (const auto& part : screen::wrapped(line, columns, line.starts_with("  ") ? indent : 0)) {
            result += part + '\n';
        }
    }
    return result;
}

bool is_option(std::string_view word) {
    const auto letter = word.find_first_not_of('-');
    return letter == 1 || letter == 2 ? (word[letter] < '0' || word[letter] > '9') && word[letter] != '.'
                                      : false;
}

/// ": is it NEAREST?" where one of the names is near.
std::string guess(std::string_view word, std::span<const std::string_view> names) {
    const auto nearest = nearest_name(word, names);
    return is_near(word, nearest) ? fmt::format(": is it {}?", nearest) : std::string();
}

/// "`virtuoso watch --help` lists them."
std::string help_of(const CLI::App& command) {
    std::string words = command.get_name();
    for (const CLI::App* above = command.get_parent(); above != nullptr; above = above->get_parent()) {
        words = fmt::format("{} {}", above->get_name(), words);
    }
    return fmt::format("`{} --help`", words);
}

std::string unknown_option(const CLI::App& command, std::string_view name) {
    std::vector<std::string> names;
    for (const CLI::Option* const option : command.get_options()) {
        for (const auto& each : option->get_lnames()) {
            names.push_back("--" + each);
        }
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    return fmt::format("{} is no option of {}{}; {} lists them", in_quotes(name), command.get_name(),
                       guess(name, views), help_of(command));
}

/// The first word that is no command where one is expected, or no option of its command; empty when there is
/// none.
std::string unknown_word(const CLI::App& app, std::span<const char* const> words) {
    const CLI::App* level = &app;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--") {
            return {};
        }
        if (is_option(word)) {
            const auto name = word.substr(0, word.find('='));
            const CLI::Option* const option = level->get_option_no_throw(std::string(name));
            if (option == nullptr && name.starts_with("--")) {
                return unknown_option(*level, name);
            }
            const bool value_follows = option != nullptr && option->get_items_expected_min() > 0;
            i += value_follows && name == word ? 1 : 0;
            continue;
        }
        const auto commands = level->get_subcommands([](const CLI::App*) { return true; });
        if (commands.empty()) {
            continue;
        }
        std::vector<std::string_view> names;
        const CLI::App* next = nullptr;
        for (const CLI::App* const command : commands) {
            names.emplace_back(command->get_name());
            next = command->get_name() == word ? command : next;
        }
        if (next == nullptr) {
            return fmt::format("{} is no command{}; there are: {}", in_quotes(word), guess(word, names),
                               fmt::join(names, ", "));
        }
        level = next;
    }
    return {};
}

/// The command that the words chose, as far as they were understood.
const CLI::App& chosen_command(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : chosen_command(*chosen.front());
}

/// What CLI11 found wrong, and where to look.
std::string fault_text(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App& command = chosen_command(app);
    return fmt::format("{}; see {}", error.what(), help_of(command));
}

/// A rule for the text of an option's value. `allowed` stands in the help.
CLI::Validator rule(std::string allowed, std::function<std::string(const std::string&)> fault) {
    return {[fault = std::move(fault)](std::string& text) { return fault(text); }, std::move(allowed)};
}

/// nullopt: it is no finite number.
std::optional<double> number_in(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && std::isfinite(value)
               ? std::optional(value)
               : std::nullopt;
}

CLI::Validator from_to(double low, double high, bool whole) {
    return rule(fmt::format("{} in [{} - {}]", whole ? "INT" : "FLOAT", low, high),
                [low, high, whole](const std::string& text) {
                    const auto value = number_in(text);
                    return value && *value >= low && *value <= high &&
                                   (!whole || std::floor(*value) == *value)
                               ? std::string()
                               : fmt::format("{} is not a {} from {} to {}", in_quotes(text),
                                             whole ? "whole number" : "number", low, high);
                });
}

CLI::Validator member_of(std::vector<std::string> allowed) {
    std::string listed = fmt::format("{{{}}}", fmt::join(allowed, ","));
    return rule(std::move(listed), [allowed = std::move(allowed)](const std::string& text) {
        if (std::ranges::find(allowed, text) != allowed.end()) {
            return std::string();
        }
        const std::vector<std::string_view> names(allowed.begin(), allowed.end());
        return fmt::format("{} is none of {}{}", in_quotes(text), fmt::join(allowed, ", "),
                           guess(text, names));
    });
}

}  // namespace

Option& Option::required() {
    option_->required();
    return *this;
}

Option& Option::default_shown() {
    option_->capture_default_str();
    return *this;
}

Option& Option::separated_by(char delimiter) {
    option_->delimiter(delimiter);
    return *this;
}

Option& Option::one_of(std::initializer_list<std::string_view> allowed) {
    return one_of(std::vector<std::string>(allowed.begin(), allowed.end()));
}

Option& Option::one_of(std::vector<std::string> allowed) {
    option_->check(member_of(std::move(allowed)));
    return *this;
}

Option& Option::one_of(std::initializer_list<int> allowed) {
    std::vector<std::string> texts;
    for (const int each : allowed) {
        texts.push_back(fmt::to_string(each));
    }
    return one_of(std::move(texts));
}

Option& Option::between(int low, int high) {
    option_->check(from_to(low, high, true));
    return *this;
}

Option& Option::between(double low, double high) {
    option_->check(from_to(low, high, false));
    return *this;
}

Option& Option::positive(double most) {
    option_->check(rule("POSITIVE", [most](const std::string& text) {
        const auto value = number_in(text);
        return value && *value > 0 && *value <= most
                   ? std::string()
                   : fmt::format("{} is not a number above 0 and up to {}", in_quotes(text), most);
    }));
    return *this;
}

Subcommand Subcommand::subcommand(const std::string& name, const std::string& description) {
    command_->require_subcommand(1);
    return {*command_->add_subcommand(name, description), *chosen_};
}

template <typename Value>
Option Subcommand::option(const std::string& name, Value& value, const std::string& description) {
    return Option(*command_->add_option(name, value, description));
}

template Option Subcommand::option(const std::string&, std::string&, const std::string&);
template Option Subcommand::option(const std::string&, std::optional<std::string>&, const std::string&);
template Option Subcommand::option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Subcommand::option(const std::string&, double&, const std::string&);
template Option Subcommand::option(const std::string&, int&, const std::string&);
template Option Subcommand::option(const std::string&, std::uint16_t&, const std::string&);
template Option Subcommand::option(const std::string&, std::uint64_t&, const std::string&);

void Subcommand::flag(const std::string& name, bool& value, const std::string& description) {
    command_->add_flag(name, value, description);
}

void Subcommand::runs(Run run) {
    command_->callback([chosen = chosen_, run = std::move(run)] { *chosen = run; });
}

CommandLine::CommandLine(const ProgramTexts& texts)
    : program_(texts), app_(std::make_unique<CLI::App>(texts.title, texts.name)) {
    app_->set_version_flag("--version", texts.version);
    app_->require_subcommand(1);
    app_->get_formatter()->column_width(explanations_at);
    app_->footer(texts.footer);
}

CommandLine::~CommandLine() = default;

Subcommand CommandLine::subcommand(const std::string& name, const std::string& description) {
    return {*app_->add_subcommand(name, description), chosen_};
}

CommandTexts CommandLine::texts() const {
    return texts_of(*app_);
}

int CommandLine::run(int argc, const char* const* argv) {
    const std::span words(argv, static_cast<std::size_t>(argc));
    if (const auto unknown = unknown_word(*app_, words.subspan(words.empty() ? 0 : 1)); !unknown.empty()) {
        return report({ErrorCode::argument, unknown});
    }
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            std::ostringstream asked_for;
            app_->exit(error, asked_for, asked_for);
            print_text(within_columns(asked_for.str()));
            return exit_ok;
        }
        return report({ErrorCode::argument, fault_text(*app_, error)});
    }
    return chosen_();
}

}  // namespace virtuoso::app
