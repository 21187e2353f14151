// Times as files of all kinds write them.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <string_view>

namespace virtuoso::archive {

/// A number since 1970 of any unit, told by its size (10 digits are seconds, 13 milliseconds, 16
/// microseconds, 19 nanoseconds) with or without a fraction; a day as 20250330; or what `parse_time` reads.
/// Error: field_value naming `field`.
[[nodiscard]] Result<LocalTime> spelled_time(std::string_view text, std::string_view field);

[[nodiscard]] constexpr ExchangeTime to_ms(LocalTime time) noexcept {
    return {time.ns / 1'000'000};
}

}  // namespace virtuoso::archive
