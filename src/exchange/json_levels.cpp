#include "exchange/json_reader.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

const char* skip_space(const char* at) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') {
        ++at;
    }
    return at;
}

}  // namespace

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

template <bool is_size>
inline bool JsonReader::quoted_decimal(const char*& at, std::string_view field, std::int64_t& units) {
    if (*at != '"') {
        return level_fault(at, DecimalFault::none, field);
    }
    const char* const number = ++at;
    auto fault = scan_decimal(at, units);
    if (is_size && fault == DecimalFault::range && cap_size(at, units)) [[unlikely]] {
        fault = DecimalFault::none;
    }
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
    if (!quoted_decimal<false>(at, field, level.price.units)) {
        return false;
    }
    if (*at != ',') {
        return level_fault(at, DecimalFault::none, field);
    }
    at = skip_space(at + 1);
    if (!quoted_decimal<true>(at, field, level.size.units)) {
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

}  // namespace virtuoso
