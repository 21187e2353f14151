#include "command.hpp"
#include "service_config_arguments.hpp"
#include "service_runner.hpp"

#include <memory>

namespace virtuoso::app {

void add_run(CommandLine& line) {
    auto arguments = std::make_shared<ServiceConfigArguments>();
    auto command =
        line.subcommand("run", "The service: follows an exchange and scores its symbols until it is stopped");
    arguments->add_to(command);
    command.runs([arguments] { return run_service([arguments] { return arguments->load(); }); });
}

}  // namespace virtuoso::app
