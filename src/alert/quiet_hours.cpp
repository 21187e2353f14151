#include "alert/quiet_hours.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace virtuoso {

struct QuietHours::Zone {
    cctz::time_zone zone;
};

namespace {

constexpr int minutes_an_hour = 60;

/// "07:30" as minutes; "24:00" is none. Precondition: five characters.
std::optional<int> minutes_in(std::string_view text) {
    constexpr int hours_a_day = 24;
    for (const std::size_t at : {0U, 1U, 3U, 4U}) {
        if (text[at] < '0' || text[at] > '9') {
            return std::nullopt;
        }
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    return text[2] == ':' && hour < hours_a_day && minute < minutes_an_hour
               ? std::optional(hour * minutes_an_hour + minute)
               : std::nullopt;
}

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

}  // namespace

Result<QuietHours> QuietHours::parse(std::string_view text, std::string_view field) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::config, fmt::format("{} = {}: {}; write for example 22:00-07:00@Europe/Berlin",
                                                   field, in_quotes(text), why));
    };
    const auto at = std::min(text.find('@'), text.size());
    const std::string_view hours = text.substr(0, at);
    const std::string_view name = at == text.size() ? std::string_view("UTC") : text.substr(at + 1);
    constexpr std::size_t length = 11;  // HH:MM-HH:MM
    constexpr std::size_t dash = 5;
    const bool shaped = hours.size() == length && hours[dash] == '-';
    const auto begin = shaped ? minutes_in(hours.substr(0, dash)) : std::nullopt;
    const auto end = shaped ? minutes_in(hours.substr(dash + 1)) : std::nullopt;
    if (!begin || !end) {
        return refuse("that is not from one time of the day to another, each HH:MM from 00:00 to 23:59");
    }
    if (*begin == *end) {
        return refuse("they begin when they end: for a whole day without alerts leave the rule out");
    }
    cctz::time_zone zone;
    if (!is_zone_name(name) || !cctz::load_time_zone(std::string(name), &zone)) {
        return refuse(
            fmt::format("this machine knows no time zone {}: take a name of the IANA's, and install "
                        "tzdata where it is missing",
                        in_quotes(name)));
    }
    QuietHours quiet;
    quiet.text_ = text;
    quiet.begin_ = *begin;
    quiet.end_ = *end;
    quiet.zone_ = std::make_shared<const Zone>(Zone{zone});
    return quiet;
}

int QuietHours::minute_of_day(LocalTime time) const {
    const auto civil = zone_->zone.lookup(point_of(time)).cs;
    return civil.hour() * minutes_an_hour + civil.minute();
}

bool QuietHours::hold(LocalTime time) const {
    const int minute = minute_of_day(time);
    return begin_ < end_ ? minute >= begin_ && minute < end_ : minute >= begin_ || minute < end_;
}

// The next end on the wall. Where clocks go back over it, it comes twice: the first that is not quiet counts.
LocalTime QuietHours::end_after(LocalTime time) const {
    const auto now = point_of(time);
    const auto civil = zone_->zone.lookup(now).cs;
    cctz::civil_day day(civil);
    if (minute_of_day(time) >= end_) {
        ++day;
    }
    const cctz::civil_second end(day.year(), day.month(), day.day(), end_ / minutes_an_hour,
                                 end_ % minutes_an_hour);
    const auto found = zone_->zone.lookup(end);
    std::array<cctz::time_point<cctz::seconds>, 3> points{found.pre, found.trans, found.post};
    std::ranges::sort(points);
    for (const auto point : points) {
        const LocalTime candidate = local_time_of(point);
        if (candidate > time && !hold(candidate)) {
            return candidate;
        }
    }
    constexpr int seconds_a_minute = 60;
    return local_time_of(now + cctz::seconds(seconds_a_minute));  // asked again then
}

}  // namespace virtuoso
