// The confluence as JSON, schema "virtuoso.confluence/1" (docs/schema.md).
#pragma once

#include "analysis/confluence.hpp"
#include "present/json.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// Everything of the schema but `market`, in its order.
[[nodiscard]] Json confluence_object(std::string_view exchange, std::string_view symbol,
                                     const Confluence& confluence);

/// One object on one line, without a newline. Prices and sizes are exact decimal strings; numbers are
/// the shortest text that reads back as the same double.
[[nodiscard]] std::string confluence_json(std::string_view exchange, const SymbolState& state,
                                          const Confluence& confluence);

}  // namespace virtuoso
