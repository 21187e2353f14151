#include "alert/wall_clock.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace virtuoso {

struct WallClock::Zone {
    cctz::time_zone zone;
};

namespace {

constexpr int minutes_an_hour = 60;

cctz::time_point<cctz::seconds> point_of(LocalTime time) {
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    const std::int64_t whole = time.ns / ns_per_s - (time.ns % ns_per_s < 0 ? 1 : 0);
    return cctz::time_point<cctz::seconds>(cctz::seconds(whole));
}

LocalTime local_time_of(cctz::time_point<cctz::seconds> point) {
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    return {static_cast<std::int64_t>(point.time_since_epoch().count()) * ns_per_s};
}

/// Names of zones are names of files: nothing that leads elsewhere.
bool is_zone_name(std::string_view name) {
    constexpr std::size_t length_max = 64;
    return !name.empty() && name.size() <= length_max && name.front() != '/' &&
           name.find("..") == name.npos && std::ranges::all_of(name, [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') ||
                      std::string_view("/_+-").find(letter) != std::string_view::npos;
           });
}

cctz::civil_day day_of(const cctz::time_zone& zone, LocalTime time, int days_on) {
    return cctz::civil_day(zone.lookup(point_of(time)).cs) + days_on;
}

cctz::time_zone::civil_lookup lookup(const cctz::time_zone& zone, LocalTime time, int days_on, int minute) {
    const cctz::civil_day day = day_of(zone, time, days_on);
    return zone.lookup(cctz::civil_second(day.year(), day.month(), day.day(), minute / minutes_an_hour,
                                          minute % minutes_an_hour));
}

}  // namespace

std::optional<int> day_minute_from(std::string_view text) noexcept {
    constexpr std::size_t length = 5;
    constexpr int hours_a_day = 24;
    if (text.size() != length || text[2] != ':') {
        return std::nullopt;
    }
    for (const std::size_t at : {0U, 1U, 3U, 4U}) {
        if (text[at] < '0' || text[at] > '9') {
            return std::nullopt;
        }
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    return hour < hours_a_day && minute < minutes_an_hour ? std::optional(hour * minutes_an_hour + minute)
                                                          : std::nullopt;
}

Result<WallClock> WallClock::of_zone(std::string_view name) {
    if (name.empty()) {
        return fail(ErrorCode::config, "behind @ stands no time zone: give the name of one of the IANA's");
    }
    cctz::time_zone zone;
    if (!is_zone_name(name) || !cctz::load_time_zone(std::string(name), &zone)) {
        return fail(ErrorCode::config,
                    fmt::format("this machine knows no time zone {}: take a name of the IANA's, and install "
                                "tzdata where it is missing",
                                in_quotes(name)));
    }
    return WallClock(std::make_shared<const Zone>(Zone{zone}));
}

int WallClock::minute_of_day(LocalTime time) const {
    const auto civil = zone_->zone.lookup(point_of(time)).cs;
    return civil.hour() * minutes_an_hour + civil.minute();
}

int WallClock::weekday(LocalTime time, int days_on) const {
    return static_cast<int>(cctz::get_weekday(day_of(zone_->zone, time, days_on)));
}

LocalTime WallClock::when(LocalTime time, int days_on, int minute) const {
    const auto found = lookup(zone_->zone, time, days_on, minute);
    return local_time_of(found.kind == cctz::time_zone::civil_lookup::SKIPPED ? found.trans : found.pre);
}

std::array<LocalTime, 3> WallClock::candidates(LocalTime time, int days_on, int minute) const {
    const auto found = lookup(zone_->zone, time, days_on, minute);
    std::array<LocalTime, 3> times{local_time_of(found.pre), local_time_of(found.trans),
                                   local_time_of(found.post)};
    std::ranges::sort(times);
    return times;
}

}  // namespace virtuoso
