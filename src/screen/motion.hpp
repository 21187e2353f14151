// Keys that move up and down.
#pragma once

#include "screen/key.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace virtuoso::screen {

enum class Motion : std::uint8_t { up, down, page_up, page_down, first, last };

/// Arrows and pages, and the letters k, j, g, G, space and b. nullopt: another key.
[[nodiscard]] std::optional<Motion> motion_of(const Key& key) noexcept;

/// A place among `count` after a motion; a page has `page` places. 0 where there is none.
[[nodiscard]] std::size_t moved(std::size_t place, Motion motion, std::size_t page,
                                std::size_t count) noexcept;

}  // namespace virtuoso::screen
