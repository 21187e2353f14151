#include "command_line.hpp"

#include "base/nearest_name.hpp"
#include "command.hpp"
#include "output.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

/// The first word that is no command where one is expected; empty when there is none.
std::string unknown_command(const CLI::App& app, std::span<const char* const> words) {
    const CLI::App* level = &app;
    for (const std::string_view word : words) {
        const auto commands = level->get_subcommands([](const CLI::App*) { return true; });
        if (commands.empty() || word.empty() || word.front() == '-') {
            return {};
        }
        std::vector<std::string_view> names;
        const CLI::App* next = nullptr;
        for (const CLI::App* const command : commands) {
            names.emplace_back(command->get_name());
            next = command->get_name() == word ? command : next;
        }
        if (next == nullptr) {
            const auto nearest = nearest_name(word, names);
            return fmt::format("{} is no command{}; there are: {}", in_quotes(word),
                               is_near(word, nearest) ? fmt::format(": is it {}?", nearest) : std::string(),
                               fmt::join(names, ", "));
        }
        level = next;
    }
    return {};
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
    option_->check(CLI::IsMember(std::move(allowed)));
    return *this;
}

Option& Option::one_of(std::initializer_list<int> allowed) {
    option_->check(CLI::IsMember(std::vector<int>(allowed)));
    return *this;
}

Option& Option::between(int low, int high) {
    option_->check(CLI::Range(low, high));
    return *this;
}

Option& Option::between(double low, double high) {
    option_->check(CLI::Range(low, high));
    return *this;
}

Option& Option::positive() {
    option_->check(CLI::PositiveNumber);
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
    : app_(std::make_unique<CLI::App>(texts.title, texts.name)) {
    app_->set_version_flag("--version", texts.version);
    app_->require_subcommand(1);
    app_->get_formatter()->column_width(34);
    app_->footer(texts.footer);
}

CommandLine::~CommandLine() = default;

Subcommand CommandLine::subcommand(const std::string& name, const std::string& description) {
    return {*app_->add_subcommand(name, description), chosen_};
}

int CommandLine::run(int argc, const char* const* argv) {
    const std::span words(argv, static_cast<std::size_t>(argc));
    if (const auto unknown = unknown_command(*app_, words.subspan(words.empty() ? 0 : 1)); !unknown.empty()) {
        return report({ErrorCode::argument, unknown});
    }
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app_->exit(error) == 0 ? exit_ok : exit_usage;
    }
    return chosen_();
}

}  // namespace virtuoso::app
