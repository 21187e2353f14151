// A subcommand while it is being described.
#pragma once

#include "option.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace virtuoso::app {

/// What a subcommand does; gives the exit code.
using Run = std::function<int()>;

/// Variables that are bound here have to live until the subcommand has run. A handle: valid as long as its
/// CommandLine.
class Subcommand {
  public:
    Subcommand(CLI::App& command, Run& chosen) noexcept : command_(&command), chosen_(&chosen) {}

    /// One of several that this one is divided into; it has to be chosen, then.
    [[nodiscard]] Subcommand subcommand(const std::string& name, const std::string& description);

    /// `name`: "--name", "-n,--name", or without dashes for one that is told by its position. `Value`:
    /// string, string that may be absent, vector of strings, double, int, or an unsigned integer of 16 or 64
    /// bits; others do not link.
    template <typename Value>
    Option option(const std::string& name, Value& value, const std::string& description);

    /// Sets `value` when it is given.
    void flag(const std::string& name, bool& value, const std::string& description);

    /// What is to be done when this subcommand was chosen.
    void runs(Run run);

  private:
    CLI::App* command_;
    Run* chosen_;
};

}  // namespace virtuoso::app
