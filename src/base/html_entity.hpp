// What a letter of a text is in HTML, where HTML would act on it.
#pragma once

#include <string>
#include <string_view>

namespace virtuoso {

/// "&lt;"; empty for a letter that stands for itself. Also within quotation marks of an attribute.
[[nodiscard]] constexpr std::string_view html_entity_of(char letter) noexcept {
    switch (letter) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        default:
            return {};
    }
}

/// O(letters).
[[nodiscard]] inline std::string html_escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char letter : text) {
        if (const auto entity = html_entity_of(letter); !entity.empty()) {
            result += entity;
        } else {
            result += letter;
        }
    }
    return result;
}

}  // namespace virtuoso
