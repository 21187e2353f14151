// A stable hash for identifiers that are not numbers.
#pragma once

#include <cstdint>
#include <string_view>

namespace virtuoso {

/// FNV-1a, 64 bits: the same on every machine, never 0.
[[nodiscard]] constexpr std::uint64_t text_hash(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char character : text) {
        hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3;
    }
    return hash == 0 ? 1 : hash;
}

}  // namespace virtuoso
