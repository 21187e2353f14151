// A running service's symbols as a table.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace virtuoso::app {

/// Of a document of schema "virtuoso.symbols/1". Error: file_format when it is none.
[[nodiscard]] Result<std::string> service_picture(std::string_view document);

}  // namespace virtuoso::app
