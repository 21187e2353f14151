#include "exchange/json_reader.hpp"

#include "exchange/json_escapes.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

namespace virtuoso {

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
    sizes_capped_ = 0;
    if (!unescaped_.empty()) {
        unescaped_.clear();
    }
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
    out = rest.substr(0, rest.find('"'));
    if (out.find('\\') == std::string_view::npos) [[likely]] {
        return out.size() < rest.size() || refuse_json(simdjson::UNCLOSED_STRING);
    }
    const auto length = json_string_length(rest);
    return length == std::string_view::npos ? refuse_json(simdjson::UNCLOSED_STRING)
                                            : unescape(rest.substr(0, length), field, out);
}

bool JsonReader::unescape(std::string_view raw, std::string_view field, std::string_view& out) {
    std::string& text = unescaped_.emplace_back();
    if (!append_unescaped(raw, text)) {
        return refuse(ErrorCode::json_syntax,
                      fmt::format("{} = {} has an escape that JSON does not know", field, in_quotes(raw)));
    }
    out = text;
    return true;
}

bool JsonReader::check_symbol_name(std::string_view name, std::string_view field) {
    return is_symbol_name(name) ||
           refuse(ErrorCode::field_value,
                  fmt::format("{} = {} is not the name of a contract: at most {} letters, digits and . _ - "
                              "are expected",
                              field, in_quotes(name), symbol_name_length_max));
}

bool JsonReader::symbol(JsonValue value, std::string_view field, std::string_view& out) {
    std::string_view name;
    if (!text(value, field, name) || !(name.empty() || check_symbol_name(name, field))) {
        return false;
    }
    out = name;
    return true;
}

bool JsonReader::symbol(JsonValue value, std::string_view field, std::string& out) {
    std::string_view name;
    if (!symbol(value, field, name)) {
        return false;
    }
    out = name;
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

bool JsonReader::null(JsonValue value, std::string_view field, bool& out) {
    simdjson::ondemand::json_type type{};
    out = false;
    if (value.type().get(type) || type != simdjson::ondemand::json_type::null) {
        return true;  // whoever reads it as something else will say what it is
    }
    if (value.is_null().get(out) || !out) {
        out = false;
        return refuse(ErrorCode::json_syntax, fmt::format("{} is not a JSON value", field));
    }
    return true;
}

bool JsonReader::optional_text(JsonValue value, std::string_view field, std::string_view& out) {
    bool is_null = false;
    return null(value, field, is_null) && (is_null || text(value, field, out));
}

bool JsonReader::optional_text(JsonValue value, std::string_view field, std::string& out) {
    return is_none(value) || text(value, field, out);
}

bool JsonReader::optional_flag(JsonValue value, std::string_view field, bool& out) {
    return is_none(value) || boolean(value, field, out);
}

// The token ends with whatever stands before the next one.
bool JsonReader::is_none(JsonValue value) {
    const std::string_view token = value.raw_json_token();
    return token.starts_with("\"\"") || token.substr(0, token.find_last_not_of(" \t\r\n") + 1) == "null";
}

std::string_view JsonReader::text_from(JsonValue value) const {
    const char* const begin = value.raw_json_token().data();
    return {begin, static_cast<std::size_t>(frame_.data + frame_.size - begin)};
}

}  // namespace virtuoso
