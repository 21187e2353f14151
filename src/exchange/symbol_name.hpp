// Names of contracts: they come from outside and end in files' contents, queries, terminals and pages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace virtuoso {

inline constexpr std::size_t symbol_name_length_max = 40;

/// One to forty characters: ASCII letters and digits, '.', '_', '-', and letters, their marks and digits of
/// other scripts (as of Unicode 14). Nothing that is invisible, a control or a symbol. O(length); a few
/// instructions a character of ASCII.
[[nodiscard]] bool is_symbol_name(std::string_view text) noexcept;

/// A text as the value of a query's parameter: every byte but unreserved ones as %E5. Source: RFC 3986, §2.
[[nodiscard]] std::string percent_encoded(std::string_view text);
/// The same for what may be encoded already, as cursors of an exchange are: '%' stays.
[[nodiscard]] std::string query_safe(std::string_view text);
/// The reverse; what is not an escape stays as it is.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace virtuoso
