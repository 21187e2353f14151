// A component's result as JSON, in whatever document it stands.
#pragma once

#include "analysis/component.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace virtuoso {

/// Score, weight, impact, coverage and every sub-indicator with its raw values, reading and reason of
/// absence.
[[nodiscard]] nlohmann::ordered_json component_json(const ComponentResult& component,
                                                    const std::string& interpretation);

}  // namespace virtuoso
