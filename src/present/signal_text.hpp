// Signals and trade plans for the terminal and as JSON.
#pragma once

#include "analysis/signal.hpp"

#include <string>

namespace virtuoso {

/// Entry, stop and targets, a line each, with the reason.
[[nodiscard]] std::string plan_text(const TradePlan& plan);
[[nodiscard]] std::string size_text(const PositionSize& size);
/// The signal with its plan, interpretations and insights.
[[nodiscard]] std::string signal_text(const Signal& signal);
/// One object, schema "virtuoso.signal/1" (docs/schema.md), on one line without a newline.
[[nodiscard]] std::string signal_json(const Signal& signal);

}  // namespace virtuoso
