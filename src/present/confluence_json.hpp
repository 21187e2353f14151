// The confluence as JSON, schema "virtuoso.confluence/1" (docs/schema.md).
#pragma once

#include "analysis/confluence.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// One object on one line, without a newline. Prices and sizes are exact decimal strings; numbers are
/// the shortest text that reads back as the same double.
[[nodiscard]] std::string confluence_json(std::string_view exchange, const SymbolState& state,
                                          const Confluence& confluence);

}  // namespace virtuoso
