// Lengths of candles that files hold: more than the program keeps.
#pragma once

#include "market/timeframe.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// Whole seconds up to a day that divide a day, so that candles are aligned to 00:00 UTC.
struct CandleInterval {
    std::int64_t ms = ms_per_minute;
    friend constexpr auto operator<=>(CandleInterval, CandleInterval) noexcept = default;
};

/// nullopt for what is no such length: a week, seven minutes.
[[nodiscard]] std::optional<CandleInterval> candle_interval_of(std::int64_t ms) noexcept;
/// "1s", "3m", "2h", "1d"; nullopt for others.
[[nodiscard]] std::optional<CandleInterval> candle_interval_named(std::string_view name) noexcept;
/// In the largest unit that it is a whole number of: "90m", "2h".
[[nodiscard]] std::string name_of(CandleInterval interval);
/// The same for any length: "7m", "7d".
[[nodiscard]] std::string length_text(std::int64_t ms);

[[nodiscard]] constexpr CandleInterval interval_of(Timeframe timeframe) noexcept {
    return {interval_ms(timeframe)};
}
/// nullopt for lengths that are not kept.
[[nodiscard]] inline std::optional<Timeframe> timeframe_of(CandleInterval interval) noexcept {
    return timeframe_of_interval(interval.ms);
}

/// The shortest candles that are kept and can be made of such ones: themselves, or the first longer one that
/// they divide.
[[nodiscard]] Timeframe first_kept(CandleInterval interval) noexcept;

}  // namespace virtuoso
