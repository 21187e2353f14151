// Options of commands that ask a running service, wherever it listens.
#pragma once

#include "service_client.hpp"
#include "service_config_arguments.hpp"
#include "subcommand.hpp"

#include <functional>
#include <string>

namespace virtuoso::app {

struct ServiceArguments {
    ServiceConfigArguments config = {};
    std::string url = {};
    std::string token_file = {};

    void add_to(Subcommand& command);
};

/// Asks whoever listens there and gives the exit code; one of its own, with a message, where that cannot be
/// found out.
[[nodiscard]] int with_service(const ServiceArguments& arguments,
                               const std::function<int(ServiceClient&)>& ask);

}  // namespace virtuoso::app
