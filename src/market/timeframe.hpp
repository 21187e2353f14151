// The candle intervals kept for every symbol.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace virtuoso {

enum class Timeframe : std::uint8_t { m1, m5, m15, m30, h1, h4, d1 };

inline constexpr std::size_t timeframe_count = 7;
inline constexpr std::array<Timeframe, timeframe_count> all_timeframes{
    Timeframe::m1, Timeframe::m5, Timeframe::m15, Timeframe::m30,
    Timeframe::h1, Timeframe::h4, Timeframe::d1};

[[nodiscard]] constexpr std::size_t index_of(Timeframe timeframe) noexcept {
    return static_cast<std::size_t>(timeframe);
}

/// Length of one candle in ms. All divide a day, so candles are aligned to 00:00 UTC.
[[nodiscard]] constexpr std::int64_t interval_ms(Timeframe timeframe) noexcept {
    constexpr std::array<std::int64_t, timeframe_count> lengths{
        ms_per_minute, 5 * ms_per_minute, 15 * ms_per_minute, 30 * ms_per_minute,
        ms_per_hour,   4 * ms_per_hour,   ms_per_day};
    return lengths[index_of(timeframe)];
}

/// True when a candle of this timeframe begins at `time`.
[[nodiscard]] constexpr bool on_grid(ExchangeTime time, Timeframe timeframe) noexcept {
    return time.ms % interval_ms(timeframe) == 0;
}

/// Closed candles kept per timeframe.
[[nodiscard]] constexpr std::size_t candle_retention(Timeframe timeframe) noexcept {
    constexpr std::array<std::size_t, timeframe_count> limits{1440, 864, 672, 672, 720, 360, 365};
    return limits[index_of(timeframe)];
}

/// "1m", "5m", "15m", "30m", "1h", "4h", "1d"
[[nodiscard]] std::string_view name_of(Timeframe timeframe) noexcept;
[[nodiscard]] std::optional<Timeframe> timeframe_named(std::string_view name) noexcept;
[[nodiscard]] std::optional<Timeframe> timeframe_of_interval(std::int64_t ms) noexcept;

}  // namespace virtuoso
