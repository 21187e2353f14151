// The dashboard's files, which are part of the program.
#pragma once

#include "api/finished_answer.hpp"

#include <optional>
#include <string_view>

namespace virtuoso {

/// "/" is the page itself. It may speak to this service alone and load nothing from elsewhere. nullopt: no
/// file of the dashboard has this path. Its tag and its gzip form are
/// made once. O(files).
[[nodiscard]] std::optional<HttpAnswer> dashboard_page(std::string_view path, const AnswerWishes& wishes);

}  // namespace virtuoso
