#include "exchange/archive/spelled_number.hpp"

#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <system_error>

namespace virtuoso::archive {

namespace {

constexpr std::size_t length_max = 64;
constexpr int exponent_max = 400;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// "96,500.5", "96.500,5", "96500,5" → "96500.5": the last of the two divides, the other one groups.
std::string plain_text(std::string_view text, bool decimal_comma) {
    std::string plain(text);
    if (!text.contains(',')) {
        return plain;
    }
    const auto comma = text.rfind(',');
    const auto dot = text.rfind('.');
    const bool groups_alone = !decimal_comma && text.size() - comma == 4;
    const bool divides =
        dot == std::string_view::npos ? std::ranges::count(text, ',') == 1 && !groups_alone : comma > dot;
    std::erase(plain, divides ? '.' : ',');
    std::ranges::replace(plain, ',', '.');
    return plain;
}

/// `digits` · 10^exponent
struct Scientific {
    bool negative = false;
    std::string digits = {};  ///< without leading zeros
    int exponent = 0;
};

std::optional<Scientific> scientific(std::string_view text) {
    Scientific number;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        number.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    bool fraction = false;
    bool any = false;
    for (; !text.empty() && (is_digit(text.front()) || text.front() == '.'); text.remove_prefix(1)) {
        if (text.front() == '.') {
            if (fraction) {
                return std::nullopt;
            }
            fraction = true;
            continue;
        }
        any = true;
        number.exponent -= fraction ? 1 : 0;
        if (!number.digits.empty() || text.front() != '0') {
            number.digits += text.front();
        }
    }
    if (!any) {
        return std::nullopt;
    }
    if (text.empty()) {
        return number;
    }
    if (text.front() != 'e' && text.front() != 'E') {
        return std::nullopt;
    }
    text.remove_prefix(text.size() > 1 && text[1] == '+' ? 2 : 1);
    int exponent = 0;
    const char* const last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, exponent);
    if (code != std::errc{} || end != last || exponent < -exponent_max || exponent > exponent_max) {
        return std::nullopt;
    }
    number.exponent += exponent;
    return number;
}

// The number times 1e8, a half away from zero.
Result<std::int64_t> rounded_units(Scientific number, std::string_view text, std::string_view field) {
    const int shift = number.exponent + decimal_places;
    bool up = false;
    if (shift >= 0) {
        number.digits.append(number.digits.empty() ? 0 : static_cast<std::size_t>(shift), '0');
    } else {
        const auto cut = static_cast<std::size_t>(-shift);
        up = cut <= number.digits.size() && number.digits[number.digits.size() - cut] >= '5';
        number.digits =
            cut < number.digits.size() ? number.digits.substr(0, number.digits.size() - cut) : std::string();
    }
    std::int64_t units = 0;
    if (!number.digits.empty()) {
        const char* const last = number.digits.data() + number.digits.size();
        if (std::from_chars(number.digits.data(), last, units).ec != std::errc{} || units == INT64_MAX) {
            return std::unexpected(decimal_error(DecimalFault::range, text, field));
        }
    }
    units += up ? 1 : 0;
    return number.negative ? -units : units;
}

}  // namespace

Result<std::int64_t> nearest_units(std::string_view text, std::string_view field, NumberSpelling& spelling) {
    auto exact = parse_decimal_units(text, field);
    if (exact || text.size() > length_max) {
        return exact;
    }
    const std::string plain = plain_text(text, spelling.decimal_comma);
    if (plain != text) {
        if (auto again = parse_decimal_units(plain, field)) {
            return again;
        }
    }
    auto number = scientific(plain);
    if (!number) {
        return exact;
    }
    auto units = rounded_units(std::move(*number), text, field);
    spelling.rounded += units ? 1U : 0U;
    return units;
}

Result<double> spelled_real(std::string_view text, std::string_view field, const NumberSpelling& spelling) {
    auto value = parse_real(text, field);
    if (value || text.empty() || text.size() > length_max) {
        return value;
    }
    double unit = 1;
    switch (text.back()) {
        case 'K':
            unit = 1e3;
            break;
        case 'M':
            unit = 1e6;
            break;
        case 'B':
            unit = 1e9;
            break;
        default:
            break;
    }
    const auto number = text.substr(0, text.size() - (unit > 1 ? 1 : 0));
    const auto read = parse_real(plain_text(number, spelling.decimal_comma), field);
    return read ? Result<double>(*read * unit) : value;
}

bool is_no_number(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 10> none{"",     "NaN", "nan", "NAN", "null",
                                                    "None", "-",   "N/A", "\\N", "NULL"};
    return std::ranges::find(none, text) != none.end();
}

}  // namespace virtuoso::archive
