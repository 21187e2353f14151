#include "exchange/json_reader.hpp"

#include <fmt/format.h>

#include <charconv>

namespace virtuoso {

namespace {

const char* skip_space(const char* at) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') {
        ++at;
    }
    return at;
}

bool is_integer(std::string_view number, std::int64_t& out) {
    const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), out);
    return code == std::errc{} && end == number.data() + number.size();
}

bool is_plausible(std::int64_t ms) {
    return ms >= plausible_ms_min && ms <= plausible_ms_max;
}

}  // namespace

bool JsonReader::refuse(ErrorCode code, std::string message) {
    error_ = {code, std::move(message)};
    return false;
}

bool JsonReader::refuse_missing(std::string_view field, std::string_view message_kind) {
    return refuse(ErrorCode::field_missing,
                  fmt::format("{} has no field \"{}\": the frame is incomplete or of another product",
                              message_kind, field));
}

bool JsonReader::refuse_json(simdjson::error_code code) {
    return refuse(ErrorCode::json_syntax,
                  fmt::format("frame of {} bytes is not complete, valid JSON ({}): {}", frame_.size,
                              simdjson::error_message(code), in_quotes(frame_.text())));
}

bool JsonReader::begin(PaddedFrame frame, JsonDocument& document) {
    frame_ = frame;
    if (frame.size == 0) {
        return refuse(ErrorCode::json_syntax, "frame is empty");
    }
    const auto padded = frame.size + frame_padding;
    if (const auto code = parser_.iterate(frame.data, frame.size, padded).get(document)) {
        return refuse_json(code);
    }
    return true;
}

bool JsonReader::open(PaddedFrame frame, JsonDocument& document, JsonObject& root) {
    if (!begin(frame, document)) {
        return false;
    }
    if (const auto code = document.get_object().get(root)) {
        return refuse_json(code);
    }
    return true;
}

bool JsonReader::open_any(PaddedFrame frame, JsonDocument& document, JsonValue& root) {
    if (!begin(frame, document)) {
        return false;
    }
    if (const auto code = document.get_value().get(root)) {
        return refuse_json(code);
    }
    return true;
}

bool JsonReader::at_end(JsonDocument& document) {
    if (document.current_location().error() == simdjson::OUT_OF_BOUNDS) {
        return true;
    }
    return refuse(ErrorCode::json_syntax,
                  fmt::format("there is text behind the end of the frame: {}", in_quotes(frame_.text())));
}

bool JsonReader::object(JsonValue value, std::string_view field, JsonObject& out) {
    if (value.get_object().get(out)) {
        return refuse(ErrorCode::field_value, fmt::format("{} is not an object", field));
    }
    return true;
}

bool JsonReader::array(JsonValue value, std::string_view field, JsonArray& out) {
    if (value.get_array().get(out)) {
        return refuse(ErrorCode::field_value, fmt::format("{} is not a list", field));
    }
    return true;
}

bool JsonReader::text(JsonValue value, std::string_view field, std::string_view& out) {
    JsonKey raw;
    if (value.get_raw_json_string().get(raw)) {
        return refuse(ErrorCode::field_value, fmt::format("{} is not a string", field));
    }
    const char* const begin = raw.raw();
    const std::string_view rest(begin, static_cast<std::size_t>(frame_.data + frame_.size - begin));
    const auto length = rest.find('"');
    if (length == std::string_view::npos) {
        return refuse_json(simdjson::UNCLOSED_STRING);
    }
    out = rest.substr(0, length);
    return true;
}

bool JsonReader::text(JsonValue value, std::string_view field, std::string& out) {
    std::string_view raw;
    if (!text(value, field, raw)) {
        return false;
    }
    out = raw;
    return true;
}

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

// An empty string says that there is nothing; anything else goes to `read`.
template <typename Read>
bool JsonReader::unless_empty(JsonValue value, std::string_view field, Read&& read) {
    std::string_view number;
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

bool JsonReader::size(JsonValue value, std::string_view field, Size& out) {
    if (!decimal(value, field, out.units)) {
        return false;
    }
    if (out.units < 0) {
        return refuse(ErrorCode::field_value, fmt::format("{} = {} is a negative size", field, to_text(out)));
    }
    return true;
}

bool JsonReader::real(JsonValue value, std::string_view field, double& out) {
    std::string_view number;
    return scalar(value, field, number) && keep(parse_real(number, field), out);
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

bool JsonReader::level_fault(const char* at, DecimalFault fault, std::string_view field) {
    const char* const end = frame_.data + frame_.size;
    const std::string_view rest(at, at < end ? static_cast<std::size_t>(end - at) : 0);
    if (fault == DecimalFault::none) {
        return refuse(ErrorCode::field_value,
                      fmt::format("{}: a level is [\"price\",\"size\"], found {}", field, in_quotes(rest)));
    }
    error_ = decimal_error(fault, rest.substr(0, rest.find('"')), field);
    return false;
}

inline bool JsonReader::quoted_decimal(const char*& at, std::string_view field, std::int64_t& units) {
    if (*at != '"') {
        return level_fault(at, DecimalFault::none, field);
    }
    const char* const number = ++at;
    const auto fault = scan_decimal(at, units);
    if (fault != DecimalFault::none || *at != '"') {
        return level_fault(number, fault == DecimalFault::none ? DecimalFault::syntax : fault, field);
    }
    at = skip_space(at + 1);
    return true;
}

inline bool JsonReader::level(const char*& at, std::string_view field, BookLevel& level) {
    if (*at != '[') {
        return level_fault(at, DecimalFault::none, field);
    }
    at = skip_space(at + 1);
    if (!quoted_decimal(at, field, level.price.units)) {
        return false;
    }
    if (*at != ',') {
        return level_fault(at, DecimalFault::none, field);
    }
    at = skip_space(at + 1);
    if (!quoted_decimal(at, field, level.size.units)) {
        return false;
    }
    if (*at != ']') {
        return refuse(ErrorCode::unsupported_product,
                      fmt::format("{}: a level has more than price and size (RPI book): subscribe to the "
                                  "plain order book",
                                  field));
    }
    if (level.price.units <= 0 || level.size.units < 0) {
        return refuse(ErrorCode::book_level,
                      fmt::format("{}: level {} × {} needs a positive price and a size of zero or more",
                                  field, to_text(level.price), to_text(level.size)));
    }
    at = skip_space(at + 1);
    return true;
}

// A scan of its own: books are most of the traffic, and their levels have one fixed shape. simdjson
// still walks over the array afterwards, which is what proves its end.
bool JsonReader::levels(JsonValue value, std::string_view field, std::vector<BookLevel>& levels) {
    const std::string_view token = value.raw_json_token();
    const char* at = token.data();
    const char* const end = frame_.data + frame_.size;
    if (*at != '[') {
        return refuse(ErrorCode::field_value, fmt::format("{} is not a list of levels", field));
    }
    at = skip_space(at + 1);
    if (*at == ']') {
        return true;
    }
    while (at < end) {
        BookLevel next;
        if (!level(at, field, next)) {
            return false;
        }
        levels.push_back(next);
        if (*at == ']') {
            return true;
        }
        if (*at != ',') {
            return level_fault(at, DecimalFault::none, field);
        }
        at = skip_space(at + 1);
    }
    return refuse_json(simdjson::INCOMPLETE_ARRAY_OR_OBJECT);
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
        std::int64_t units = 0;
        if (!keep(parse_decimal_units(number, field), units)) {
            return false;
        }
        if (units < 0) {
            return refuse(ErrorCode::field_value,
                          fmt::format("{} = {} is a negative size", field, in_quotes(number)));
        }
        out = Size{units};
        return true;
    });
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
