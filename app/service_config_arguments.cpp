#include "service_config_arguments.hpp"

#include "command.hpp"
#include "service/config_file.hpp"
#include "service/config_value.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace virtuoso::app {

namespace {

std::string help_of(const ConfigKey& key) {
    std::string sentence(key.sentence.substr(0, key.sentence.rfind('.')));
    if (type_of(key) == ConfigType::truth) {
        return sentence;
    }
    const std::string initial = toml_text(value_of(key, ServiceConfig{}));
    const bool is_unset = initial == "\"\"" || initial == "[]";
    return fmt::format("{} ({}{})", sentence, allowed_text(key),
                       is_unset ? "" : fmt::format("; default {}", initial));
}

}  // namespace

void ServiceConfigArguments::add_file_to(Subcommand& command) {
    command.option("--config", file_,
                   fmt::format("Configuration file; default: $XDG_CONFIG_HOME/virtuoso/config.toml, else {}, "
                               "else none",
                               system_config_file));
}

void ServiceConfigArguments::add_to(Subcommand& command) {
    add_file_to(command);
    for (const auto& key : config_keys()) {
        if (key.flag.empty()) {
            continue;
        }
        Flag& flag = flags_.emplace_back();
        flag.key = &key;
        const std::string name(key.flag);
        if (type_of(key) == ConfigType::truth) {
            command.flag(name, flag.is_given, help_of(key));
        } else if (type_of(key) != ConfigType::list) {
            command.option(name, flag.text, help_of(key));
        } else if (auto option = command.option(name, flag.list, help_of(key)); key.separator == ',') {
            option.separated_by(key.separator);
        }
    }
}

std::vector<ConfigFlag> ServiceConfigArguments::given_flags() const {
    std::vector<ConfigFlag> given;
    for (const auto& flag : flags_) {
        if (flag.is_given) {
            given.push_back({flag.key, true});
        } else if (flag.text) {
            given.push_back({flag.key, *flag.text});
        } else if (!flag.list.empty()) {
            given.push_back({flag.key, flag.list});
        }
    }
    return given;
}

std::expected<LoadedConfig, ConfigErrors> ServiceConfigArguments::load() const {
    const auto environment = machine_environment();
    const auto flags = given_flags();
    ConfigSources sources{.environment = environment, .flags = flags};
    if (const auto path = file_ ? file_ : find_config_file(machine_lookup())) {
        auto file = read_config_file(*path);
        if (!file) {
            return std::unexpected(ConfigErrors{file.error()});
        }
        sources.file = std::move(*file);
    }
    return load_config(sources);
}

std::vector<EnvironmentVariable> machine_environment() {
    std::vector<EnvironmentVariable> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) {
            variables.push_back({std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))});
        }
    }
    return variables;
}

EnvironmentLookup machine_lookup() {
    return [](const std::string& name) -> std::optional<std::string> {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody here changes the environment
        const char* const value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
}

int report(const ConfigErrors& errors) {
    for (const auto& error : errors) {
        static_cast<void>(report(error));
    }
    return exit_code_of(errors.front().code);
}

}  // namespace virtuoso::app
