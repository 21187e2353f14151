#include "exchange/json_reader.hpp"

#include <fmt/format.h>

#include <charconv>

namespace virtuoso {

namespace {

bool is_integer(std::string_view number, std::int64_t& out) {
    const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), out);
    return code == std::errc{} && end == number.data() + number.size();
}

// As milliseconds these were in the spring of 1970; as seconds they are from 2001 to 2286.
constexpr std::int64_t row_seconds_min = 1'000'000'000;
constexpr std::int64_t row_seconds_max = 10'000'000'000;

bool is_plausible(std::int64_t ms) {
    return ms >= plausible_ms_min && ms <= plausible_ms_max;
}

}  // namespace

// The text of a string or of a bare number, boolean or null.
bool JsonReader::scalar(JsonValue value, std::string_view field, std::string_view& out) {
    simdjson::ondemand::json_type type{};
    if (const auto code = value.type().get(type)) {
        return refuse_json(code);
    }
    if (type == simdjson::ondemand::json_type::string) {
        return text(value, field, out);
    }
    if (type != simdjson::ondemand::json_type::number) {
        return refuse(ErrorCode::field_value, fmt::format("{} is not a number", field));
    }
    out = value.raw_json_token();
    while (!out.empty() &&
           (out.back() == ' ' || out.back() == '\n' || out.back() == '\r' || out.back() == '\t')) {
        out.remove_suffix(1);
    }
    return true;
}

template <typename Value>
bool JsonReader::keep(const Result<Value>& parsed, Value& out) {
    if (!parsed) {
        error_ = parsed.error();
        return false;
    }
    out = *parsed;
    return true;
}

// Null and an empty string say that there is nothing; anything else goes to `read`.
template <typename Read>
bool JsonReader::unless_empty(JsonValue value, std::string_view field, Read&& read) {
    std::string_view number;
    bool is_null = false;
    if (!null(value, field, is_null) || is_null) {
        return is_null;
    }
    return scalar(value, field, number) && (number.empty() || read(number));
}

bool JsonReader::decimal(JsonValue value, std::string_view field, std::int64_t& units) {
    std::string_view number;
    if (!scalar(value, field, number)) {
        return false;
    }
    const char* cursor = number.data();
    auto fault = scan_decimal(cursor, units);
    if (fault == DecimalFault::none && cursor != number.data() + number.size()) {
        fault = DecimalFault::syntax;
    }
    if (fault != DecimalFault::none) {
        error_ = decimal_error(fault, number, field);
        return false;
    }
    return true;
}

bool JsonReader::price(JsonValue value, std::string_view field, Price& out) {
    if (!decimal(value, field, out.units)) {
        return false;
    }
    if (out.units <= 0) {
        return refuse(ErrorCode::field_value,
                      fmt::format("{} = {} is not a positive price", field, to_text(out)));
    }
    return true;
}

// Beyond the exact range: the largest that can be kept stands for it.
bool JsonReader::cap_size(const char*& at, std::int64_t& units) {
    const char* digit = at;
    const auto skip_digits = [&digit] {
        const char* const first = digit;
        while (*digit >= '0' && *digit <= '9') {
            ++digit;
        }
        return digit != first;
    };
    if (!skip_digits()) {
        return false;
    }
    if (*digit == '.') {
        ++digit;
        if (!skip_digits()) {
            return false;
        }
    }
    at = digit;
    units = largest_size.units;
    ++sizes_capped_;
    return true;
}

bool JsonReader::size_in(std::string_view number, std::string_view field, Size& out) {
    const char* cursor = number.data();
    auto fault = scan_decimal(cursor, out.units);
    if (fault == DecimalFault::range && cap_size(cursor, out.units)) {
        fault = DecimalFault::none;
    }
    if (fault == DecimalFault::none && cursor != number.data() + number.size()) {
        fault = DecimalFault::syntax;
    }
    if (fault != DecimalFault::none) {
        error_ = decimal_error(fault, number, field);
        return false;
    }
    return out.units >= 0 || refuse(ErrorCode::field_value,
                                    fmt::format("{} = {} is a negative size", field, in_quotes(number)));
}

bool JsonReader::size(JsonValue value, std::string_view field, Size& out) {
    std::string_view number;
    return scalar(value, field, number) && size_in(number, field, out);
}

bool JsonReader::real(JsonValue value, std::string_view field, double& out) {
    std::string_view number;
    return scalar(value, field, number) && keep(parse_real(number, field), out);
}

bool JsonReader::quantity(JsonValue value, std::string_view field, double& out) {
    return real(value, field, out) &&
           (out >= 0 || refuse(ErrorCode::field_value, fmt::format("{} = {} is negative", field, out)));
}

bool JsonReader::integer(JsonValue value, std::string_view field, std::int64_t& out) {
    std::string_view number;
    if (!scalar(value, field, number)) {
        return false;
    }
    if (!is_integer(number, out)) {
        return refuse(ErrorCode::field_value,
                      fmt::format("{} = {} is not an integer", field, in_quotes(number)));
    }
    return true;
}

bool JsonReader::identifier(JsonValue value, std::string_view field, std::uint64_t& out) {
    std::int64_t number = 0;
    if (!integer(value, field, number)) {
        return false;
    }
    if (number < 0) {
        return refuse(ErrorCode::field_value, fmt::format("{} = {} is negative", field, number));
    }
    out = static_cast<std::uint64_t>(number);
    return true;
}

bool JsonReader::row_time(JsonValue value, std::string_view field, ExchangeTime& out) {
    if (!integer(value, field, out.ms)) {
        return false;
    }
    if (out.ms >= row_seconds_min && out.ms < row_seconds_max) {
        out.ms *= ms_per_second;
    }
    return is_plausible(out.ms) ||
           refuse(ErrorCode::field_value,
                  fmt::format("{} = {} is not a time in milliseconds", field, out.ms));
}

bool JsonReader::time(JsonValue value, std::string_view field, ExchangeTime& out) {
    if (!integer(value, field, out.ms)) {
        return false;
    }
    if (!is_plausible(out.ms)) {
        return refuse(ErrorCode::field_value,
                      fmt::format("{} = {} is not a time in milliseconds", field, out.ms));
    }
    return true;
}

bool JsonReader::boolean(JsonValue value, std::string_view field, bool& out) {
    if (value.get_bool().get(out)) {
        return refuse(ErrorCode::field_value, fmt::format("{} is neither true nor false", field));
    }
    return true;
}

bool JsonReader::optional_price(JsonValue value, std::string_view field, std::optional<Price>& out) {
    return unless_empty(value, field, [&](std::string_view number) {
        std::int64_t units = 0;
        const bool read = keep(parse_decimal_units(number, field), units);
        if (read && units > 0) {  // "0" stands for "none yet"
            out = Price{units};
        }
        return read;
    });
}

bool JsonReader::optional_size(JsonValue value, std::string_view field, std::optional<Size>& out) {
    return unless_empty(value, field, [&](std::string_view number) {
        Size size;
        const bool read = size_in(number, field, size);
        if (read) {
            out = size;
        }
        return read;
    });
}

bool JsonReader::optional_quantity(JsonValue value, std::string_view field, std::optional<double>& out) {
    std::optional<double> parsed;
    if (!optional_real(value, field, parsed)) {
        return false;
    }
    if (parsed && *parsed < 0) {
        return refuse(ErrorCode::field_value, fmt::format("{} = {} is negative", field, *parsed));
    }
    out = parsed ? parsed : out;
    return true;
}

bool JsonReader::optional_real(JsonValue value, std::string_view field, std::optional<double>& out) {
    return unless_empty(value, field, [&](std::string_view number) {
        double parsed = 0;
        const bool read = keep(parse_real(number, field), parsed);
        if (read) {
            out = parsed;
        }
        return read;
    });
}

bool JsonReader::optional_time(JsonValue value, std::string_view field, std::optional<ExchangeTime>& out) {
    return unless_empty(value, field, [&](std::string_view number) {
        std::int64_t ms = 0;
        if (!is_integer(number, ms) || !is_plausible(ms)) {
            return refuse(ErrorCode::field_value,
                          fmt::format("{} = {} is not a time in milliseconds", field, in_quotes(number)));
        }
        if (ms > 0) {
            out = ExchangeTime{ms};
        }
        return true;
    });
}

}  // namespace virtuoso
