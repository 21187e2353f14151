// The part of the configuration's table that is about events.
#pragma once

#include "service/config_key.hpp"

namespace virtuoso {

[[nodiscard]] std::span<const ConfigKey> config_event_keys();
[[nodiscard]] std::span<const ConfigSection> config_event_sections();

}  // namespace virtuoso
