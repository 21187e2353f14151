// The confluence in sentences a trader can check against the raw values.
#pragma once

#include "analysis/confluence.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Per component, in the order of ComponentId, one or two sentences: what weighed most on the side of its
/// score, and what weighs against it or else next. The same confluence gives the same text.
[[nodiscard]] std::array<std::string, component_count> interpret(const Confluence& confluence,
                                                                 std::string_view symbol);

/// Where components confirm or contradict each other: flow and book, price and open interest, funding
/// and positioning, short and long timeframes. Empty when nothing stands out.
[[nodiscard]] std::vector<std::string> insights(const Confluence& confluence, std::string_view symbol);

/// What would change the verdict: the nearest threshold, the component that could carry the score there,
/// and the nearest levels of price.
[[nodiscard]] std::vector<std::string> turning_points(const Confluence& confluence);

}  // namespace virtuoso
