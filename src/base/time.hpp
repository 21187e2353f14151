// Two times that must not be mixed: the exchange's, in ms, and the receiving machine's, in ns.
#pragma once

#include "base/error.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso {

/// Event time given by the exchange: ms since the Unix epoch, UTC. All analysis runs on it.
struct ExchangeTime {
    std::int64_t ms = 0;
    friend constexpr auto operator<=>(ExchangeTime, ExchangeTime) noexcept = default;
    friend constexpr std::int64_t operator-(ExchangeTime a, ExchangeTime b) noexcept { return a.ms - b.ms; }
    friend constexpr ExchangeTime operator+(ExchangeTime a, std::int64_t step_ms) noexcept {
        return {a.ms + step_ms};
    }
};

/// Time of the receiving machine: ns since the Unix epoch, UTC. Used for pacing, never for analysis.
struct LocalTime {
    std::int64_t ns = 0;
    friend constexpr auto operator<=>(LocalTime, LocalTime) noexcept = default;
    friend constexpr std::int64_t operator-(LocalTime a, LocalTime b) noexcept { return a.ns - b.ns; }
};

inline constexpr std::int64_t ms_per_second = 1000;
inline constexpr std::int64_t ms_per_minute = 60 * ms_per_second;
inline constexpr std::int64_t ms_per_hour = 60 * ms_per_minute;
inline constexpr std::int64_t ms_per_day = 24 * ms_per_hour;

/// Times outside 2009…2100 are taken for damage, not for market data.
inline constexpr std::int64_t plausible_ms_min = 0;
inline constexpr std::int64_t plausible_ms_max = 4'102'444'800'000;

/// Reads ms since the epoch ("1709891679000") or ISO 8601 with 'T' or a space, optional fraction and
/// optional zone ("2024-08-08T23:54:15Z", "2023-03-01 00:00:00+00:00"); without a zone it is UTC.
/// Error: time_syntax naming `field`.
[[nodiscard]] Result<ExchangeTime> parse_time(std::string_view text, std::string_view field);

/// "2024-08-08T23:54:15.030Z"
[[nodiscard]] std::string iso_text(ExchangeTime time);

}  // namespace virtuoso
