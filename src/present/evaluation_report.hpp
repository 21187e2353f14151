// What an evaluation found: for the terminal, as JSON, and as one page with charts.
#pragma once

#include "analysis/evaluation/evaluation.hpp"

#include <span>
#include <string>

namespace virtuoso {

/// Skill per component at every horizon, calibration, trades, walk-forward and the conclusion. `detailed`
/// adds the sub-indicators.
[[nodiscard]] std::string evaluation_table(const SymbolEvaluation& report, bool detailed);

/// One object, schema "virtuoso.evaluation/1" (docs/schema.md), on one line without a newline.
[[nodiscard]] std::string evaluation_json(std::span<const SymbolEvaluation> reports,
                                          const EvaluationRules& rules);

/// A page of its own: data, style and the chart library lie within it, nothing is loaded from elsewhere.
[[nodiscard]] std::string evaluation_page(std::span<const SymbolEvaluation> reports,
                                          const EvaluationRules& rules);

}  // namespace virtuoso
