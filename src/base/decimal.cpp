#include "base/decimal.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace virtuoso {

Error decimal_error(DecimalFault fault, std::string_view text, std::string_view field) {
    switch (fault) {
        case DecimalFault::precision:
            return {ErrorCode::decimal_precision,
                    fmt::format("{} = {} has more than {} decimals and cannot be kept exactly", field,
                                in_quotes(text), decimal_places)};
        case DecimalFault::range:
            return {ErrorCode::decimal_range,
                    fmt::format("{} = {} is beyond the exact range of ±92233720368.54775807", field,
                                in_quotes(text))};
        case DecimalFault::syntax:
        case DecimalFault::none:
            break;
    }
    return {ErrorCode::decimal_syntax,
            fmt::format("{} = {} is not a plain decimal number such as 123.45", field, in_quotes(text))};
}

Result<std::int64_t> parse_decimal_units(std::string_view text, std::string_view field) {
    std::array<char, 64> buffer{};
    if (text.empty() || text.size() >= buffer.size()) {
        return std::unexpected(decimal_error(DecimalFault::syntax, text, field));
    }
    text.copy(buffer.data(), text.size());
    const char* cursor = buffer.data();
    std::int64_t units = 0;
    auto fault = scan_decimal(cursor, units);
    if (fault == DecimalFault::none && cursor != buffer.data() + text.size()) {
        fault = DecimalFault::syntax;
    }
    if (fault != DecimalFault::none) {
        return std::unexpected(decimal_error(fault, text, field));
    }
    return units;
}

Result<double> parse_real(std::string_view text, std::string_view field) {
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::unexpected(decimal_error(DecimalFault::syntax, text, field));
    }
    return value;
}

std::string decimal_text(Int128 units, int places) {
    const bool negative = units < 0;
    UInt128 magnitude = negative ? -static_cast<UInt128>(units) : static_cast<UInt128>(units);
    std::string reversed;
    bool significant = false;
    for (int position = 0; position <= places || magnitude != 0; ++position) {
        const auto digit = static_cast<char>('0' + static_cast<int>(magnitude % 10));
        magnitude /= 10;
        if (position == places && significant) {
            reversed += '.';
        }
        significant = significant || position >= places || digit != '0';
        if (significant) {
            reversed += digit;
        }
    }
    if (negative) {
        reversed += '-';
    }
    return {reversed.rbegin(), reversed.rend()};
}

std::string decimal_text(std::int64_t units) {
    return decimal_text(static_cast<Int128>(units), decimal_places);
}

}  // namespace virtuoso
