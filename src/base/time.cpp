#include "base/time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <optional>

namespace virtuoso {

namespace {

// Consumes exactly `digits` digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int value = 0;
    if (text.size() < digits) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return std::nullopt;
        }
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take_character(std::string_view& text, std::string_view allowed) {
    if (text.empty() || allowed.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    const std::string_view divider = text.substr(0, 1);
    if (!year || !take_character(text, "-/.")) {
        return std::nullopt;
    }
    const auto month = take_number(text, 2);
    if (!month || !take_character(text, divider)) {
        return std::nullopt;
    }
    const auto day = take_number(text, 2);
    if (!day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date}.time_since_epoch().count() * ms_per_day;
}

std::optional<std::int64_t> take_clock(std::string_view& text) {
    const auto hour = take_number(text, 2);
    if (!hour || !take_character(text, ":")) {
        return std::nullopt;
    }
    const auto minute = take_number(text, 2);
    if (!minute || *hour > 23 || *minute > 59) {
        return std::nullopt;
    }
    std::int64_t ms = *hour * ms_per_hour + *minute * ms_per_minute;
    if (take_character(text, ":")) {
        const auto second = take_number(text, 2);
        if (!second || *second > 59) {
            return std::nullopt;
        }
        ms += *second * ms_per_second;
        if (take_character(text, ".")) {
            std::int64_t unit = 100;
            std::size_t digits = 0;
            for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
                ms += unit * (text.front() - '0');
                unit /= 10;
                ++digits;
            }
            if (digits == 0) {
                return std::nullopt;
            }
        }
    }
    return ms;
}

std::optional<std::int64_t> take_zone(std::string_view& text) {
    for (const std::string_view utc : {"Z", " Z", "UTC", " UTC", "GMT", " GMT"}) {
        if (text == utc) {
            text = {};
        }
    }
    if (text.empty()) {
        return 0;
    }
    const bool negative = text.front() == '-';
    if (!take_character(text, "+-")) {
        return std::nullopt;
    }
    const auto hour = take_number(text, 2);
    take_character(text, ":");
    const auto minute = take_number(text, 2);
    if (!hour || !minute || *hour > 14 || *minute > 59) {
        return std::nullopt;
    }
    const auto offset = *hour * ms_per_hour + *minute * ms_per_minute;
    return negative ? -offset : offset;
}

std::optional<std::int64_t> parse_iso(std::string_view text) {
    const auto date = take_date(text);
    if (!date) {
        return std::nullopt;
    }
    if (text.empty()) {
        return date;
    }
    if (!take_character(text, "T ")) {
        return std::nullopt;
    }
    const auto clock = take_clock(text);
    if (!clock) {
        return std::nullopt;
    }
    const auto zone = take_zone(text);
    if (!zone || !text.empty()) {
        return std::nullopt;
    }
    return *date + *clock - *zone;
}

/// What is meant by such a number of milliseconds, days after 1970 began, is most likely a number of seconds.
constexpr std::int64_t seconds_min = 100'000'000;
constexpr std::int64_t seconds_max = plausible_ms_max / ms_per_second;

}  // namespace

Result<ExchangeTime> parse_time(std::string_view text, std::string_view field) {
    std::int64_t ms = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), ms);
    std::optional<std::int64_t> time;
    if (code == std::errc{} && end == text.data() + text.size()) {
        if (ms >= seconds_min && ms <= seconds_max) {
            return fail(
                ErrorCode::time_syntax,
                fmt::format("{} = {} is a time of 1970 in milliseconds: if it is in seconds, {}, write "
                            "{}000",
                            field, in_quotes(text), iso_text({ms * ms_per_second}), ms));
        }
        time = ms;
    } else {
        time = parse_iso(text);
    }
    if (!time || *time < plausible_ms_min || *time > plausible_ms_max) {
        return fail(ErrorCode::time_syntax,
                    fmt::format("{} = {} is not a time: give milliseconds since 1970 or ISO 8601 such as "
                                "2024-08-08T23:59:00Z",
                                field, in_quotes(text)));
    }
    return ExchangeTime{*time};
}

std::string iso_text(ExchangeTime time) {
    using namespace std::chrono;
    const sys_time<milliseconds> point{milliseconds{time.ms}};
    const auto day = floor<days>(point);
    const year_month_day date{day};
    const hh_mm_ss clock{point - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

}  // namespace virtuoso
