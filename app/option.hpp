// One option of a subcommand while it is being described.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class Option;
}

namespace virtuoso::app {

/// Each call adds to the description and gives the option back, so that they can stand in a row. Values that
/// break a rule end the program with exit_usage and a message that names the option. A handle: valid as long
/// as its CommandLine.
class Option {
  public:
    explicit Option(CLI::Option& option) noexcept : option_(&option) {}

    Option& required();
    /// Help shows the value that the bound variable has now.
    Option& default_shown();
    /// One argument may give several values, with this between them.
    Option& separated_by(char delimiter);
    Option& one_of(std::initializer_list<std::string_view> allowed);
    Option& one_of(std::vector<std::string> allowed);
    Option& one_of(std::initializer_list<int> allowed);
    /// Both ends are allowed.
    Option& between(int low, int high);
    Option& between(double low, double high);
    /// Finite, above 0 and up to `most`.
    Option& positive(double most = 1e9);

  private:
    CLI::Option* option_;
};

}  // namespace virtuoso::app
