// Health as JSON, schema "virtuoso.health/1".
#pragma once

#include "service/health.hpp"

#include <string>

namespace virtuoso {

[[nodiscard]] std::string health_json(const ServiceHealth& health, std::span<const QueueStatus> queues);

}  // namespace virtuoso
