// What is made of the command line itself: completions for shells, the manual page.
#include "build_info.hpp"
#include "command.hpp"
#include "completion_script.hpp"
#include "manual_page.hpp"
#include "output.hpp"

#include <memory>
#include <string>
#include <vector>

namespace virtuoso::app {

void add_completion(CommandLine& line) {
    const auto shell = std::make_shared<std::string>();
    auto completion = line.subcommand(
        "completion", "What a shell reads to complete command lines: source <(virtuoso completion bash)");
    completion.option("SHELL", *shell, "The shell")
        .required()
        .one_of(std::vector<std::string>(completed_shells.begin(), completed_shells.end()));
    completion.runs([shell, &line] {
        print_text(completion_script(*shell, line.texts()));
        return exit_ok;
    });
    line.subcommand("manual", "This program's manual page, for man: virtuoso manual | man -l -")
        .runs([&line] {
            print_text(manual_page(
                line.texts(),
                {.version = line.program().version, .date = source_date(), .footer = line.program().footer}));
            return exit_ok;
        });
}

}  // namespace virtuoso::app
