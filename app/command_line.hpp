// The program's command line. Behind it is CLI11, which only command_line.cpp includes: its header alone
// takes longer to compile than any command.
#pragma once

#include "command_texts.hpp"
#include "subcommand.hpp"

#include <memory>
#include <string>

namespace virtuoso::app {

/// The texts of the program itself.
struct ProgramTexts {
    std::string name;
    std::string title;
    std::string version;
    std::string footer;  ///< at the end of its help
};

class CommandLine {
  public:
    explicit CommandLine(const ProgramTexts& texts);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    [[nodiscard]] Subcommand subcommand(const std::string& name, const std::string& description);

    /// Reads the arguments and runs the subcommand they choose. Gives its exit code; exit_ok after help and
    /// version, exit_usage after a message about arguments that cannot be understood.
    [[nodiscard]] int run(int argc, const char* const* argv);

    [[nodiscard]] const ProgramTexts& program() const noexcept { return program_; }
    /// Of the program and all its commands, as they were described.
    [[nodiscard]] CommandTexts texts() const;

  private:
    ProgramTexts program_;
    std::unique_ptr<CLI::App> app_;
    Run chosen_;
};

}  // namespace virtuoso::app
