// The tools that the Model Context Protocol offers, and what they ask the API.
#pragma once

#include "base/error.hpp"
#include "present/json.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// Of a call: the text of an argument as it goes into a query, or nullopt where it was not given. Error:
/// argument, when it is neither a text, a number, nor a truth.
using McpArguments = std::function<Result<std::optional<std::string>>(std::string_view name)>;

/// As `tools/list` tells them: names, what they are for, schemas of their arguments.
[[nodiscard]] Json mcp_tools();
[[nodiscard]] bool is_mcp_tool(std::string_view name) noexcept;
/// The path and query that a call asks the API. The API itself judges values. Error: argument, when one that
/// is needed is missing. Precondition: is_mcp_tool(name).
[[nodiscard]] Result<std::string> mcp_target(std::string_view name, const McpArguments& arguments);

}  // namespace virtuoso
