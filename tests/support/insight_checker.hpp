// Holds what is said across components, and of what would change the verdict, against the confluence.
#pragma once

#include "analysis/confluence.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::test {

/// Empty when the line says what is; else what is wrong. What has no pattern is a fault.
[[nodiscard]] std::string fault_of_insight(const Confluence& confluence, const std::string& line,
                                           std::string_view quote);
[[nodiscard]] std::string fault_of_turning_point(const Confluence& confluence, const std::string& line);
/// Of two clear leans of flow and book one line speaks; of leans that are not none.
[[nodiscard]] std::string fault_of_silence(const Confluence& confluence,
                                           const std::vector<std::string>& lines);

}  // namespace virtuoso::test
