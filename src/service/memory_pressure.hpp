// How near the memory is to what it may be.
#pragma once

#include "service/memory_reading.hpp"

#include <cstdint>
#include <string_view>

namespace virtuoso {

enum class MemoryPressure : std::uint8_t { normal, soft, hard };

/// "normal", "soft", "hard"
[[nodiscard]] constexpr std::string_view name_of(MemoryPressure pressure) noexcept {
    return pressure == MemoryPressure::hard ? "hard" : pressure == MemoryPressure::soft ? "soft" : "normal";
}

struct PressureMarks {
    double soft = 0.80;  ///< shares of the limit
    double hard = 0.92;
    double hysteresis = 0.05;  ///< a state is left so far below its mark
};

/// The state at `share` of the limit after having been in `before`.
[[nodiscard]] constexpr MemoryPressure pressure_of(double share, MemoryPressure before,
                                                   const PressureMarks& marks) noexcept {
    const double hard = before == MemoryPressure::hard ? marks.hard - marks.hysteresis : marks.hard;
    const double soft = before == MemoryPressure::normal ? marks.soft : marks.soft - marks.hysteresis;
    return share >= hard   ? MemoryPressure::hard
           : share >= soft ? MemoryPressure::soft
                           : MemoryPressure::normal;
}

}  // namespace virtuoso
