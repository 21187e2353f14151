#include "exchange/rest_lists.hpp"

namespace virtuoso {

namespace {

/// The string that `text` begins with, without its quotes; escapes are skipped over, not resolved.
std::string_view string_at(std::string_view text) noexcept {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return text.substr(1, i - 1);
        }
    }
    return {};
}

std::string_view behind_space(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

}  // namespace

std::string_view symbol_in_object(std::string_view text) noexcept {
    if (!text.starts_with('{')) {
        return {};
    }
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{' || text[i] == '[') {
            ++depth;
        } else if (text[i] == '}' || text[i] == ']') {
            if (--depth == 0) {
                return {};
            }
        } else if (text[i] == '"') {
            const auto name = string_at(text.substr(i));
            i += name.size() + 1;
            const auto rest = behind_space(text.substr(std::min(i + 1, text.size())));
            if (depth == 1 && name == "symbol" && rest.starts_with(':')) {
                const auto value = behind_space(rest.substr(1));
                return value.starts_with('"') ? string_at(value) : std::string_view{};
            }
        }
    }
    return {};
}

}  // namespace virtuoso
