// What followed scores like one, as JSON.
#pragma once

#include "analysis/evaluation/calibration.hpp"
#include "present/json.hpp"

#include <optional>

namespace virtuoso {

/// `calibration` of "virtuoso.confluence/1" (docs/schema.md); null where too little is known.
[[nodiscard]] Json calibration_json(const std::optional<CalibrationAnswer>& answer);

}  // namespace virtuoso
