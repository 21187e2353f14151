// Symbols and their breakdowns as JSON.
#pragma once

#include "analysis/evaluation/calibration.hpp"
#include "api/symbol_list.hpp"
#include "service/latest_results.hpp"

#include <optional>
#include <string>

namespace virtuoso {

/// Schema "virtuoso.symbols/1": one row a result.
[[nodiscard]] std::string symbols_json(const SymbolPage& page, LocalTime now);
/// Schema "virtuoso.symbol/1": the row of one symbol, and how its score came about.
[[nodiscard]] std::string symbol_json(const SymbolResult& result, LocalTime now);
/// Schema "virtuoso.interpretations/1": its breakdown in words.
[[nodiscard]] std::string interpretations_json(const SymbolResult& result, LocalTime now);

/// Schema "virtuoso.confluence/1" with `calibration`, and `service`: when it was evaluated, its age, how
/// often it was read.
[[nodiscard]] std::string result_json(const KeptResult& kept,
                                      const std::optional<CalibrationAnswer>& calibration, LocalTime now);

}  // namespace virtuoso
