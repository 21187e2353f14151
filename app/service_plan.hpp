// What the configuration means for the service's parts.
#pragma once

#include "engine/embedded_exchange.hpp"
#include "service/config.hpp"
#include "service/service.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace virtuoso::app {

/// The simulated exchange, if that is the one, has to live as long as the service.
struct ServicePlan {
    ServiceSettings settings;
    std::unique_ptr<EmbeddedExchange> embedded;
    std::string exchange;  ///< whose, in words: "Bybit", "the simulated exchange"
};

/// Errors: argument, file_open, weights, network (no port is free for the simulated exchange).
/// `state`: the folder that is kept for the next start.
[[nodiscard]] Result<ServicePlan> plan_service(const ServiceConfig& config,
                                               const std::filesystem::path& state, const Clock& clock);

/// What of the configuration applies to a service that is running.
[[nodiscard]] LiveSettings live_settings(const ServiceConfig& config);

}  // namespace virtuoso::app
