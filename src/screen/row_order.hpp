// Which rows are shown, and in which order.
#pragma once

#include "screen/symbol_row.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace virtuoso::screen {

/// What rows are sorted by.
enum class SortKey : std::uint8_t {
    traded,    ///< as they came: the most traded first
    symbol,    ///< A first
    score,     ///< the highest first, as of the others
    lean,      ///< distance of the score from 50
    change,    ///< of the last 24 hours
    coverage,  ///< share of the sub-indicators that are there
};
inline constexpr std::size_t sort_key_count = 6;

/// In a user's words: "most traded", "score".
[[nodiscard]] std::string_view name_of(SortKey key) noexcept;
/// The one after it; after the last the first.
[[nodiscard]] SortKey next(SortKey key) noexcept;

/// Places of the rows whose symbol holds `search`, small and capital letters alike. Rows without a value come
/// last, whatever the direction; equal ones stay in their order. O(n log n).
[[nodiscard]] std::vector<std::size_t> ordered(std::span<const SymbolRow> rows, SortKey key, bool reversed,
                                               std::string_view search);

}  // namespace virtuoso::screen
