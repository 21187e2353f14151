// A component's result as JSON, in whatever document it stands.
#pragma once

#include "analysis/component.hpp"
#include "present/json.hpp"

#include <string>

namespace virtuoso {

/// Score, weight, impact, coverage and every sub-indicator with its raw values, reading and reason of
/// absence.
[[nodiscard]] Json component_json(const ComponentResult& component, const std::string& interpretation);

}  // namespace virtuoso
