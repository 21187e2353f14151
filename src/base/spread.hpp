// Places that are alike for the same value and evenly spread over different ones.
#pragma once

#include <cstddef>
#include <cstdint>

namespace virtuoso {

/// In 0…count − 1, by Fibonacci hashing (Knuth, The Art of Computer Programming, vol. 3, 6.4). Precondition:
/// count > 0.
[[nodiscard]] constexpr std::size_t spread_place(std::uint64_t value, std::size_t count) noexcept {
    constexpr int upper = 32;
    return static_cast<std::size_t>((value * 0x9e3779b97f4a7c15U) >> upper) % count;
}

}  // namespace virtuoso
