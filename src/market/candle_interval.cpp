#include "market/candle_interval.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <system_error>

namespace virtuoso {

namespace {

struct Unit {
    char letter;
    std::int64_t ms;
};
constexpr std::array units{Unit{'d', ms_per_day}, Unit{'h', ms_per_hour}, Unit{'m', ms_per_minute},
                           Unit{'s', ms_per_second}};

}  // namespace

std::optional<CandleInterval> candle_interval_of(std::int64_t ms) noexcept {
    const bool fits = ms >= ms_per_second && ms % ms_per_second == 0 && ms <= ms_per_day &&
                      ms_per_day % ms == 0 && (ms % ms_per_minute == 0 || ms_per_minute % ms == 0);
    return fits ? std::optional(CandleInterval{ms}) : std::nullopt;
}

std::optional<CandleInterval> candle_interval_named(std::string_view name) noexcept {
    constexpr int count_max = 86'400;
    int count = 0;
    const char* const last = name.data() + name.size();
    const auto [end, code] = std::from_chars(name.data(), last, count);
    if (code != std::errc{} || last - end != 1 || count < 1 || count > count_max) {
        return std::nullopt;
    }
    for (const Unit& unit : units) {
        if (*end == unit.letter) {
            return candle_interval_of(count * unit.ms);
        }
    }
    return std::nullopt;
}

std::string length_text(std::int64_t ms) {
    for (const Unit& unit : units) {
        if (ms >= unit.ms && ms % unit.ms == 0) {
            return fmt::format("{}{}", ms / unit.ms, unit.letter);
        }
    }
    return fmt::format("{}ms", ms);
}

std::string name_of(CandleInterval interval) {
    return length_text(interval.ms);
}

Timeframe first_kept(CandleInterval interval) noexcept {
    for (const Timeframe timeframe : all_timeframes) {
        if (interval_ms(timeframe) % interval.ms == 0) {
            return timeframe;
        }
    }
    return Timeframe::d1;
}

}  // namespace virtuoso
