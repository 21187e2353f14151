#include "exchange/archive/spelled_time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>
#include <system_error>

namespace virtuoso::archive {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_second = 1'000'000'000;
/// Seconds from 1973 on; smaller numbers are milliseconds, as tests and examples have.
constexpr std::int64_t seconds_min = 100'000'000;

// What one of a number of this size is, in ns.
std::int64_t unit_of(std::int64_t number) noexcept {
    constexpr std::int64_t ms_from = 100'000'000'000;
    constexpr std::int64_t us_from = ms_from * 1'000;
    constexpr std::int64_t ns_from = us_from * 1'000;
    return number < seconds_min ? ns_per_ms
           : number < ms_from   ? ns_per_second
           : number < us_from   ? ns_per_ms
           : number < ns_from   ? 1'000
                                : 1;
}

// "20250330" and "20250330000000", which are no times in any unit.
std::optional<LocalTime> compact_date(std::string_view digits) {
    constexpr std::size_t day = 8;
    constexpr std::size_t second = 14;
    if (digits.size() != day && digits.size() != second) {
        return std::nullopt;
    }
    std::string text = fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2));
    if (digits.size() == second) {
        text += fmt::format("T{}:{}:{}", digits.substr(8, 2), digits.substr(10, 2), digits.substr(12, 2));
    }
    const auto time = parse_time(text, {});
    if (!time || text < "2009") {
        return std::nullopt;
    }
    return LocalTime{time->ms * ns_per_ms};
}

std::optional<LocalTime> in_its_unit(std::int64_t number) {
    std::int64_t ns = 0;
    const bool beyond = number < 0 || __builtin_mul_overflow(number, unit_of(number), &ns) ||
                        ns / ns_per_ms > plausible_ms_max;
    return beyond ? std::nullopt : std::optional(LocalTime{ns});
}

// "1.7432928e12": no finer than the unit.
std::optional<LocalTime> real_time(std::string_view text) {
    constexpr double beyond = 9e18;
    double value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, value);
    const bool read = code == std::errc{} && end == last && value >= 0 && value < beyond;
    return read ? in_its_unit(static_cast<std::int64_t>(value)) : std::nullopt;
}

std::optional<LocalTime> numeric_time(std::string_view text) {
    std::int64_t whole = 0;
    const char* const last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, whole);
    if (code != std::errc{}) {
        return std::nullopt;
    }
    if (end == last) {
        const auto date = compact_date(text);
        return date ? date : in_its_unit(whole);
    }
    auto time = *end == '.' ? in_its_unit(whole) : std::nullopt;
    std::int64_t place = unit_of(whole) / 10;
    for (const char* digit = end + 1; time && digit != last; ++digit, place /= 10) {
        if (*digit < '0' || *digit > '9') {
            time.reset();
        } else {
            time->ns += place * (*digit - '0');
        }
    }
    return time ? time : real_time(text);
}

}  // namespace

Result<LocalTime> spelled_time(std::string_view text, std::string_view field) {
    auto time = numeric_time(text);
    if (!time) {
        if (const auto parsed = parse_time(text, field)) {
            time = LocalTime{parsed->ms * ns_per_ms};
        }
    }
    if (!time || time->ns / ns_per_ms < plausible_ms_min || time->ns / ns_per_ms > plausible_ms_max) {
        return fail(ErrorCode::field_value,
                    fmt::format("{} = {} is not a time: give a number since 1970 or ISO 8601 such as "
                                "2024-08-08T23:59:00Z",
                                field, in_quotes(text)));
    }
    return *time;
}

}  // namespace virtuoso::archive
