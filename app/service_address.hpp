// Where a running service is asked.
#pragma once

#include "base/error.hpp"
#include "service_config_arguments.hpp"

#include <expected>
#include <string>

namespace virtuoso::app {

/// `url` when it is given; else the address that the configuration has a service listen on. Errors: those of
/// the configuration; a port that is any free one.
[[nodiscard]] std::expected<std::string, ConfigErrors> service_address(const std::string& url,
                                                                       const ServiceConfigArguments& config);

}  // namespace virtuoso::app
