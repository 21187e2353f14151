#include "net/transport.hpp"

#include <algorithm>

namespace virtuoso {

std::string_view header_named(std::span<const HttpHeader> headers, std::string_view name) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (const auto& field : headers) {
        if (std::equal(field.name.begin(), field.name.end(), name.begin(), name.end(),
                       [&](char a, char b) { return lower(a) == lower(b); })) {
            return field.value;
        }
    }
    return {};
}

}  // namespace virtuoso
