// The part of the configuration's table that is about the API.
#pragma once

#include "service/config_key.hpp"

namespace virtuoso {

[[nodiscard]] std::span<const ConfigKey> config_api_keys() noexcept;

}  // namespace virtuoso
