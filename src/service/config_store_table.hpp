// The part of the configuration's table that is about the store.
#pragma once

#include "service/config_key.hpp"

#include <span>

namespace virtuoso {

[[nodiscard]] std::span<const ConfigKey> config_store_keys() noexcept;

}  // namespace virtuoso
