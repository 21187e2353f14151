// Text from outside, made safe to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

/// What stands at the beginning of a text.
struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;  ///< how many of the text it takes; one byte when it is not valid UTF-8
    bool valid = false;
};

/// A range of values, both ends included.
struct CodePointRange {
    char32_t first;
    char32_t last;
};
/// Precondition: `ranges` are in order and apart. O(log ranges).
[[nodiscard]] bool any_contains(std::span<const CodePointRange> ranges, char32_t value) noexcept;

/// Precondition: `text` is not empty. Overlong forms, surrogates and values above U+10FFFF are not valid.
[[nodiscard]] CodePoint first_code_point(std::string_view text) noexcept;
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;
/// Appends the UTF-8 form of a value below 0x110000.
void append_utf8(std::string& text, char32_t value);

/// False for what a terminal or a page acts on instead of showing it: control characters, format characters
/// (direction overrides, invisible ones), separators of lines, private and unassigned places.
[[nodiscard]] bool is_shown(char32_t value) noexcept;

/// One line that can be printed: what is not shown is written as \x0a or \u{202e}, and so are bytes that
/// are not UTF-8. O(length).
[[nodiscard]] std::string printable(std::string_view text);
/// The same, but lines stay lines.
[[nodiscard]] std::string printable_lines(std::string_view text);
/// A JSON document as one whose strings hold no character that is not shown: those become \u escapes.
/// Precondition: `json` is valid JSON in UTF-8.
[[nodiscard]] std::string printable_json(std::string_view json);

}  // namespace virtuoso
