// How the configuration's table points at a value.
#pragma once

#include "service/config_key.hpp"

namespace virtuoso {

/// The members that lead from the configuration to one value.
template <auto... Members>
constexpr ConfigField field(ServiceConfig& config) {
    return &(config.*....*Members);
}

}  // namespace virtuoso
