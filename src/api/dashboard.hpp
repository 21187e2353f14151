// The dashboard's files, which are part of the program.
#pragma once

#include "net/transport.hpp"

#include <optional>
#include <string_view>

namespace virtuoso {

/// "/" is the page itself. It may speak to this service alone and load nothing from elsewhere. nullopt: no
/// file of the dashboard has this path. O(files).
[[nodiscard]] std::optional<HttpAnswer> dashboard_page(std::string_view path);

}  // namespace virtuoso
