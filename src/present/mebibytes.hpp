// Bytes as people read them.
#pragma once

#include <concepts>

namespace virtuoso {

template <typename Number>
requires std::integral<Number> || std::floating_point<Number>
[[nodiscard]] constexpr double mib_of(Number bytes) noexcept {
    constexpr double bytes_a_mib = 1024.0 * 1024.0;
    return static_cast<double>(bytes) / bytes_a_mib;
}

}  // namespace virtuoso
