// Escapes in JSON strings.
#pragma once

#include <string>
#include <string_view>

namespace virtuoso {

/// The length of the string that begins at `text`, behind its opening quote, up to its closing one, which may
/// be preceded by escaped ones; npos when there is none. O(length).
[[nodiscard]] std::size_t json_string_length(std::string_view text) noexcept;

/// Appends what a string's raw text stands for, as UTF-8. False for an escape that JSON does not have and for
/// half of a surrogate pair. O(length).
[[nodiscard]] bool append_unescaped(std::string_view raw, std::string& out);

}  // namespace virtuoso
