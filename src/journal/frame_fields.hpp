// Single fields of frames that are not decoded yet.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace virtuoso {

/// What stands behind the first key of this name, however the JSON is spaced; empty when there is none.
[[nodiscard]] std::string_view value_behind(std::string_view frame, std::string_view name);
/// Its whole number; 0 when it is none.
[[nodiscard]] std::uint64_t number_behind(std::string_view frame, std::string_view name);
/// Its text without quotes; empty when it is none.
[[nodiscard]] std::string_view text_behind(std::string_view frame, std::string_view name);

/// When the exchange sent it, by "ts", "E" or "T" in any unit.
[[nodiscard]] std::optional<LocalTime> time_of_frame(std::string_view frame);

}  // namespace virtuoso
