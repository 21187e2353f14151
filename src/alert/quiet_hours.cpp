#include "alert/quiet_hours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

Result<QuietHours> QuietHours::parse(std::string_view text, std::string_view field) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::config, fmt::format("{} = {}: {}; write for example 22:00-07:00@Europe/Berlin",
                                                   field, in_quotes(text), why));
    };
    const auto at = std::min(text.find('@'), text.size());
    const std::string_view hours = text.substr(0, at);
    constexpr std::size_t length = 11;  // HH:MM-HH:MM
    constexpr std::size_t dash = 5;
    const bool is_shaped = hours.size() == length && hours[dash] == '-';
    const auto begin = is_shaped ? day_minute_from(hours.substr(0, dash)) : std::nullopt;
    const auto end = is_shaped ? day_minute_from(hours.substr(dash + 1)) : std::nullopt;
    if (!begin || !end) {
        return refuse("that is not from one time of the day to another, each HH:MM from 00:00 to 23:59");
    }
    if (*begin == *end) {
        return refuse("they begin when they end: for a whole day without alerts leave the rule out");
    }
    auto clock = WallClock::of_zone(at == text.size() ? std::string_view("UTC") : text.substr(at + 1));
    if (!clock) {
        return refuse(clock.error().message);
    }
    return QuietHours(std::string(text), *begin, *end, *std::move(clock));
}

bool QuietHours::hold(LocalTime time) const {
    const int minute = clock_.minute_of_day(time);
    return begin_ < end_ ? minute >= begin_ && minute < end_ : minute >= begin_ || minute < end_;
}

// The next end on the wall. Where clocks go back over it, it comes twice: the first that is not quiet counts.
LocalTime QuietHours::end_after(LocalTime time) const {
    const int days_on = clock_.minute_of_day(time) >= end_ ? 1 : 0;
    for (const LocalTime candidate : clock_.candidates(time, days_on, end_)) {
        if (candidate > time && !hold(candidate)) {
            return candidate;
        }
    }
    constexpr std::int64_t minute_ns = ms_per_minute * 1'000'000;
    return {time.ns + minute_ns};  // asked again then
}

}  // namespace virtuoso
