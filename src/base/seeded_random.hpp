// Randomness that a seed repeats.
#pragma once

#include <cstdint>

namespace virtuoso {

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers on every machine. O(1).
class SeededRandom {
  public:
    explicit constexpr SeededRandom(std::uint64_t seed) noexcept : state_(seed) {}

    constexpr std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    /// 0 … bound − 1; bound > 0. The bias is below bound / 2^64.
    constexpr std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
    /// [0, 1)
    constexpr double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  private:
    std::uint64_t state_;
};

}  // namespace virtuoso
