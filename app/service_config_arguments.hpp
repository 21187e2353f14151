// The service's configuration, as a command's options and the machine's environment set it.
#pragma once

#include "service/config_loader.hpp"
#include "subcommand.hpp"

#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso::app {

/// Has to live, at one place, until the subcommand has run.
class ServiceConfigArguments {
  public:
    ServiceConfigArguments() = default;
    ServiceConfigArguments(const ServiceConfigArguments&) = delete;
    ServiceConfigArguments& operator=(const ServiceConfigArguments&) = delete;

    /// --config, and the flag of every key that has one.
    void add_to(Subcommand& command);
    /// --config alone.
    void add_file_to(Subcommand& command);

    /// Reads file and environment anew with every call: a reload is the same call again. Where no file was
    /// named, the user's or the machine's is looked for.
    [[nodiscard]] std::expected<LoadedConfig, ConfigErrors> load() const;

  private:
    struct Flag {
        const ConfigKey* key = nullptr;
        std::optional<std::string> text;
        std::vector<std::string> list;
        bool is_given = false;
    };
    [[nodiscard]] std::vector<ConfigFlag> given_flags() const;

    std::optional<std::string> file_;
    std::deque<Flag> flags_;  ///< options are bound to them: they stay where they are
};

/// All variables of this process.
[[nodiscard]] std::vector<EnvironmentVariable> machine_environment();
[[nodiscard]] EnvironmentLookup machine_lookup();

/// Prints every error and gives the exit code of the first.
[[nodiscard]] int report(const ConfigErrors& errors);

}  // namespace virtuoso::app
