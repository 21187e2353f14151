// Which of several parts a contract belongs to.
#pragma once

#include "base/text_hash.hpp"

#include <cstdint>
#include <string_view>

namespace virtuoso {

/// Part `index` of `count`. Every name is owned by exactly one part, today and tomorrow, on every machine: by
/// a stable hash of the name alone. Precondition: index < count.
struct SymbolPartition {
    std::uint32_t index = 0;
    std::uint32_t count = 1;

    [[nodiscard]] constexpr bool owns(std::string_view symbol) const noexcept {
        const std::uint64_t hash = text_hash(symbol);
        return count <= 1 || (hash ^ (hash >> 32U)) % count == index;  // the low bits alone are a poor mix
    }
    [[nodiscard]] constexpr bool whole() const noexcept { return count <= 1; }
};

}  // namespace virtuoso
