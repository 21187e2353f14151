#include "service/report_time.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
/// Behind a time there is one within a week, and a day more where clocks are set over it.
constexpr int days_max = 8;

/// What is before the next space; that and the space are taken off.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

}  // namespace

Result<ReportTime> ReportTime::parse(std::string_view text) {
    std::string_view rest = text;
    const std::string_view period = take_word(rest);
    if (period != "day" && period != "week") {
        return fail(ErrorCode::config, "it begins with neither day nor week");
    }
    std::optional<int> weekday;
    if (period == "week") {
        const auto* const found = std::ranges::find(weekdays, take_word(rest));
        if (found == weekdays.end()) {
            return fail(ErrorCode::config,
                        fmt::format("behind week stands none of {}", fmt::join(weekdays, ", ")));
        }
        weekday = static_cast<int>(found - weekdays.begin());
    }
    const auto at = std::min(rest.find('@'), rest.size());
    const auto minute = day_minute_from(rest.substr(0, at));
    if (!minute) {
        return fail(ErrorCode::config, fmt::format("{} is no time of the day, HH:MM from 00:00 to 23:59",
                                                   in_quotes(rest.substr(0, at))));
    }
    auto clock = WallClock::of_zone(at == rest.size() ? std::string_view("UTC") : rest.substr(at + 1));
    if (!clock) {
        return std::unexpected(std::move(clock.error()));
    }
    return ReportTime(weekday, *minute, *std::move(clock));
}

bool ReportTime::is_on(LocalTime time, int days_on) const {
    return !weekday_ || clock_.weekday(time, days_on) == *weekday_;
}

LocalTime ReportTime::nearest(LocalTime time, int step) const {
    for (int days_on = 0;; days_on += step) {
        const LocalTime due = clock_.when(time, days_on, minute_);
        const bool is_beyond = step > 0 ? due > time : due < time;
        if ((is_beyond && is_on(time, days_on)) || days_on * step > days_max) {
            return due;
        }
    }
}

}  // namespace virtuoso
