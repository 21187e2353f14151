// Exact decimal numbers of the market: integers in units of 1e-8.
#pragma once

#include "base/error.hpp"
#include "base/int128.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso {

inline constexpr int decimal_places = 8;
inline constexpr std::int64_t decimal_scale = 100'000'000;

/// A fixed-point number with eight decimals; range ±92 233 720 368.54775807. `Tag` keeps prices and
/// sizes apart. Arithmetic is integer arithmetic; `value()` leaves the exact world.
template <typename Tag>
struct Decimal {
    std::int64_t units = 0;  ///< the number times 1e8

    [[nodiscard]] static constexpr Decimal from_units(std::int64_t units) noexcept { return {units}; }
    [[nodiscard]] constexpr double value() const noexcept { return static_cast<double>(units) / 1e8; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return units == 0; }

    friend constexpr auto operator<=>(Decimal, Decimal) noexcept = default;
    friend constexpr Decimal operator+(Decimal a, Decimal b) noexcept { return {a.units + b.units}; }
    friend constexpr Decimal operator-(Decimal a, Decimal b) noexcept { return {a.units - b.units}; }
};

using Price = Decimal<struct PriceTag>;  ///< quote currency per unit of base
using Size = Decimal<struct SizeTag>;    ///< base currency (contracts on inverse products)

/// What stands for sizes that do not fit.
inline constexpr Size largest_size{INT64_MAX};

/// Exact price × size: units of 1e-16 quote currency.
[[nodiscard]] constexpr Int128 notional_units(Price price, Size size) noexcept {
    return static_cast<Int128>(price.units) * size.units;
}
[[nodiscard]] constexpr double notional_value(Int128 units) noexcept {
    return static_cast<double>(units) / 1e16;
}

enum class DecimalFault : std::uint8_t { none, syntax, precision, range };

/// Scans `[-]digits[.digits]` at `cursor` and moves it behind the number. Reads up to and including
/// the first character that does not belong to the number, so the text must be followed by one.
/// Zeros beyond eight decimals are accepted, other digits there are a precision fault. O(length).
[[nodiscard]] inline DecimalFault scan_decimal(const char*& cursor, std::int64_t& units) noexcept {
    const bool negative = *cursor == '-';
    const char* digit = cursor + (negative ? 1 : 0);
    const char* const first = digit;
    std::uint64_t mantissa = 0;
    for (; static_cast<unsigned char>(*digit - '0') <= 9; ++digit) {
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*digit - '0');
    }
    const auto whole_digits = digit - first;
    if (whole_digits == 0) {
        return DecimalFault::syntax;
    }
    if (whole_digits > 17) {
        return DecimalFault::range;
    }
    int places = 0;
    if (*digit == '.') {
        ++digit;
        const char* const fraction = digit;
        for (; static_cast<unsigned char>(*digit - '0') <= 9; ++digit) {
            if (places == decimal_places) {
                if (*digit != '0') {
                    return DecimalFault::precision;
                }
                continue;
            }
            if (mantissa > (UINT64_MAX - 9) / 10) {
                return DecimalFault::range;
            }
            mantissa = mantissa * 10 + static_cast<std::uint64_t>(*digit - '0');
            ++places;
        }
        if (digit == fraction) {
            return DecimalFault::syntax;
        }
    }
    constexpr std::uint64_t powers[] = {100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    std::uint64_t scaled = 0;
    if (__builtin_mul_overflow(mantissa, powers[places], &scaled) ||
        scaled > static_cast<std::uint64_t>(INT64_MAX)) {
        return DecimalFault::range;
    }
    units = negative ? -static_cast<std::int64_t>(scaled) : static_cast<std::int64_t>(scaled);
    cursor = digit;
    return DecimalFault::none;
}

/// Whole text as decimal units. Errors: decimal_syntax, decimal_precision, decimal_range, each naming
/// `field` and the text.
[[nodiscard]] Result<std::int64_t> parse_decimal_units(std::string_view text, std::string_view field);

/// The error for a fault found by `scan_decimal`.
[[nodiscard]] Error decimal_error(DecimalFault fault, std::string_view text, std::string_view field);

/// A number for statistics only (24-hour turnover, volumes), where eight decimals or the exact range
/// may not suffice. Accepts what std::from_chars accepts, without infinities and NaN.
[[nodiscard]] Result<double> parse_real(std::string_view text, std::string_view field);

/// Shortest exact text: no trailing zeros, no exponent.
[[nodiscard]] std::string decimal_text(std::int64_t units);
[[nodiscard]] std::string decimal_text(Int128 units, int places);
template <typename Tag>
[[nodiscard]] std::string to_text(Decimal<Tag> number) {
    return decimal_text(number.units);
}

}  // namespace virtuoso
