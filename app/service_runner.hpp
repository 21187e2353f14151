// Runs the service from its configuration until it is stopped.
#pragma once

#include "service/config_loader.hpp"

#include <expected>
#include <functional>

namespace virtuoso::app {

/// Reads the configuration, from whatever it is made of; a reload is the same call again.
using LoadConfig = std::function<std::expected<LoadedConfig, ConfigErrors>()>;

/// Gives the exit code.
[[nodiscard]] int run_service(const LoadConfig& load);

}  // namespace virtuoso::app
