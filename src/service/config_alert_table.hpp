// The part of the configuration's table that is about alerts.
#pragma once

#include "service/config_key.hpp"

namespace virtuoso {

[[nodiscard]] std::span<const ConfigKey> config_alert_keys();
[[nodiscard]] std::span<const ConfigSection> config_alert_sections();

}  // namespace virtuoso
