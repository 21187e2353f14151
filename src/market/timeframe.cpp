#include "market/timeframe.hpp"

namespace virtuoso {

std::string_view name_of(Timeframe timeframe) noexcept {
    constexpr std::array<std::string_view, timeframe_count> names{"1m", "5m", "15m", "30m", "1h", "4h", "1d"};
    return names[index_of(timeframe)];
}

std::optional<Timeframe> timeframe_named(std::string_view name) noexcept {
    for (const auto timeframe : all_timeframes) {
        if (name_of(timeframe) == name) {
            return timeframe;
        }
    }
    return std::nullopt;
}

std::optional<Timeframe> timeframe_of_interval(std::int64_t ms) noexcept {
    for (const auto timeframe : all_timeframes) {
        if (interval_ms(timeframe) == ms) {
            return timeframe;
        }
    }
    return std::nullopt;
}

}  // namespace virtuoso
