// What a store may be kept by.
#pragma once

#include <cstdint>
#include <string_view>

namespace virtuoso {

enum class StoreEngine : std::uint8_t { sqlite, postgres };

/// "SQLite", "PostgreSQL"
[[nodiscard]] constexpr std::string_view name_of(StoreEngine engine) noexcept {
    return engine == StoreEngine::sqlite ? "SQLite" : "PostgreSQL";
}

}  // namespace virtuoso
