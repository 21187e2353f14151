// Moving recorded traffic to another time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso::sim {

/// The text with every time moved by `shift_ms`: integers of 13 digits, bare or quoted, under the names that
/// Bybit and Binance give times in stream frames. Numbers more than a year from `around_ms` are none, so that
/// update ids stay. O(bytes).
[[nodiscard]] std::string shift_times(std::string_view text, std::int64_t shift_ms, std::int64_t around_ms);

}  // namespace virtuoso::sim
