#include "exchange/retry_after.hpp"

#include "exchange/number_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::int64_t seconds_max = 1'000'000'000;

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t length) {
    const auto digits = text.substr(at, length);
    if (!std::ranges::all_of(digits, [](char letter) { return letter >= '0' && letter <= '9'; })) {
        return std::nullopt;
    }
    return static_cast<int>(*integer_in(digits));
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" as milliseconds since 1970.
std::optional<std::int64_t> date_ms(std::string_view text) {
    constexpr std::size_t length = 29;
    if (text.size() != length || text.substr(3, 2) != ", " || text.substr(25) != " GMT") {
        return std::nullopt;
    }
    const auto month = std::ranges::find(months, text.substr(8, 3));
    const auto day = number_at(text, 5, 2);
    const auto year = number_at(text, 12, 4);
    const auto hour = number_at(text, 17, 2);
    const auto minute = number_at(text, 20, 2);
    const auto second = number_at(text, 23, 2);
    if (month == months.end() || !day || !year || !hour || !minute || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) {
        return std::nullopt;
    }
    const auto time = std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(*hour) +
                      std::chrono::minutes(*minute) + std::chrono::seconds(*second);
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

std::optional<std::int64_t> retry_after_ms(const HttpAnswer& answer, LocalTime now) {
    const std::string_view text = answer.header("Retry-After");
    if (const auto until = date_ms(text)) {
        const std::int64_t sent = date_ms(answer.header("Date")).value_or(now.ns / 1'000'000);
        return std::max<std::int64_t>(1, *until - sent);
    }
    const auto seconds = integer_in(text);
    if (!seconds) {
        return std::nullopt;
    }
    return std::max<std::int64_t>(1, std::clamp<std::int64_t>(*seconds, 0, seconds_max) * 1'000);
}

}  // namespace virtuoso
