// How long an exchange asks to be left alone.
#pragma once

#include "base/time.hpp"
#include "net/transport.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// Milliseconds that the header Retry-After asks for, at least one, whichever of its two forms it has:
/// seconds, or a date (RFC 9110 §10.2.3), which is held against the answer's own Date, else against `now`.
/// Nothing when there is none or it cannot be read. What a date asks for that has passed is one.
[[nodiscard]] std::optional<std::int64_t> retry_after_ms(const HttpAnswer& answer, LocalTime now);

}  // namespace virtuoso
