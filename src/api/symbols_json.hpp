// Symbols and their breakdowns as JSON.
#pragma once

#include "analysis/evaluation/calibration.hpp"
#include "service/latest_results.hpp"

#include <optional>
#include <span>
#include <string>

namespace virtuoso {

/// Schema "virtuoso.symbols/1": one row a result, in the order given.
[[nodiscard]] std::string symbols_json(std::span<const ResultPointer> results, std::size_t total,
                                       LocalTime now);

/// Schema "virtuoso.confluence/1" with `calibration`, and `service`: when it was evaluated, its age, how
/// often it was read.
[[nodiscard]] std::string result_json(const KeptResult& kept,
                                      const std::optional<CalibrationAnswer>& calibration, LocalTime now);

}  // namespace virtuoso
