// Integers in headers and at the front of bodies.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace virtuoso {

/// What `text` begins with.
[[nodiscard]] inline std::optional<std::int64_t> integer_in(std::string_view text) noexcept {
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc{} && end != text.data() ? std::optional(value) : std::nullopt;
}

/// The number that follows `name`, a quoted key with its colon, near the front of a JSON body.
[[nodiscard]] inline std::optional<std::int64_t> number_after(std::string_view body,
                                                              std::string_view name) noexcept {
    constexpr std::size_t front = 256;
    const auto found = body.substr(0, front).find(name);
    if (found == std::string_view::npos) {
        return std::nullopt;
    }
    auto rest = body.substr(found + name.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return integer_in(rest.substr(0, 12));
}

}  // namespace virtuoso
