// Typed reading of JSON fields, with errors that name field and value.
#pragma once

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "base/padded_frame.hpp"
#include "market/event.hpp"

#include <simdjson.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

using JsonValue = simdjson::ondemand::value;
using JsonObject = simdjson::ondemand::object;
using JsonArray = simdjson::ondemand::array;
using JsonDocument = simdjson::ondemand::document;
using JsonKey = simdjson::ondemand::raw_json_string;

/// Reads one document at a time, without allocation once warm. Every reading function returns false
/// after storing the error that `take_error` gives out; the caller stops at the first one.
class JsonReader {
  public:
    /// Parses the frame's structure and gives its root object.
    [[nodiscard]] bool open(PaddedFrame frame, JsonDocument& document, JsonObject& root);
    /// The same for bodies that are an object or a list.
    [[nodiscard]] bool open_any(PaddedFrame frame, JsonDocument& document, JsonValue& root);

    /// Refuses text behind the end of the root object.
    [[nodiscard]] bool at_end(JsonDocument& document);

    [[nodiscard]] bool object(JsonValue value, std::string_view field, JsonObject& out);
    [[nodiscard]] bool array(JsonValue value, std::string_view field, JsonArray& out);
    /// A string with its escapes resolved; valid as long as the frame is being read.
    [[nodiscard]] bool text(JsonValue value, std::string_view field, std::string_view& out);
    /// The same, copied.
    [[nodiscard]] bool text(JsonValue value, std::string_view field, std::string& out);
    /// The name of a contract, see `is_symbol_name`; an empty string is none.
    [[nodiscard]] bool symbol(JsonValue value, std::string_view field, std::string_view& out);
    [[nodiscard]] bool symbol(JsonValue value, std::string_view field, std::string& out);
    /// Tells whether the value is null; false for what only begins like it.
    [[nodiscard]] bool null(JsonValue value, std::string_view field, bool& out);
    /// Checks a name that was cut out of a topic or a request.
    [[nodiscard]] bool check_symbol_name(std::string_view name, std::string_view field);
    /// Exact decimal in a string (or a bare number).
    [[nodiscard]] bool decimal(JsonValue value, std::string_view field, std::int64_t& units);
    [[nodiscard]] bool price(JsonValue value, std::string_view field, Price& out);
    /// Refuses negative sizes. One beyond the exact range is taken as the largest of it and counted.
    [[nodiscard]] bool size(JsonValue value, std::string_view field, Size& out);
    /// Statistics only, see parse_real.
    [[nodiscard]] bool real(JsonValue value, std::string_view field, double& out);
    /// An amount of zero or more that may be beyond the exact range: open interest.
    [[nodiscard]] bool quantity(JsonValue value, std::string_view field, double& out);
    /// Integer, bare or in a string.
    [[nodiscard]] bool integer(JsonValue value, std::string_view field, std::int64_t& out);
    [[nodiscard]] bool identifier(JsonValue value, std::string_view field, std::uint64_t& out);
    [[nodiscard]] bool time(JsonValue value, std::string_view field, ExchangeTime& out);
    [[nodiscard]] bool boolean(JsonValue value, std::string_view field, bool& out);
    /// `[["price","size"],…]`, appended to `levels`; sizes as `size` takes them. O(levels).
    [[nodiscard]] bool levels(JsonValue value, std::string_view field, std::vector<BookLevel>& levels);

    /// The same for the times of a REST list: exchanges have sent rows in seconds, which are put right.
    [[nodiscard]] bool row_time(JsonValue value, std::string_view field, ExchangeTime& out);

    /// Null and the empty string say that an optional field has no value.
    [[nodiscard]] static bool is_none(JsonValue value);
    [[nodiscard]] bool optional_text(JsonValue value, std::string_view field, std::string& out);
    [[nodiscard]] bool optional_flag(JsonValue value, std::string_view field, bool& out);
    /// For optional statistics: null and an empty string are absent.
    [[nodiscard]] bool optional_price(JsonValue value, std::string_view field, std::optional<Price>& out);
    [[nodiscard]] bool optional_size(JsonValue value, std::string_view field, std::optional<Size>& out);
    [[nodiscard]] bool optional_real(JsonValue value, std::string_view field, std::optional<double>& out);
    [[nodiscard]] bool optional_quantity(JsonValue value, std::string_view field, std::optional<double>& out);
    [[nodiscard]] bool optional_text(JsonValue value, std::string_view field, std::string_view& out);
    [[nodiscard]] bool optional_time(JsonValue value, std::string_view field,
                                     std::optional<ExchangeTime>& out);

    /// Stores the error; returns false so that it can be returned.
    bool refuse(ErrorCode code, std::string message);
    bool refuse_missing(std::string_view field, std::string_view message_kind);
    bool refuse_json(simdjson::error_code code);
    [[nodiscard]] Error take_error() { return std::move(error_); }
    [[nodiscard]] ErrorCode error_code() const noexcept { return error_.code; }

    /// The frame from where this value, which is not read yet, begins.
    [[nodiscard]] std::string_view text_from(JsonValue value) const;
    /// Sizes of this frame that were beyond the exact range.
    [[nodiscard]] std::uint32_t sizes_capped() const noexcept { return sizes_capped_; }

  private:
    [[nodiscard]] bool begin(PaddedFrame frame, JsonDocument& document);
    [[nodiscard]] bool scalar(JsonValue value, std::string_view field, std::string_view& out);
    template <typename Value>
    [[nodiscard]] bool keep(const Result<Value>& parsed, Value& out);
    template <typename Read>
    [[nodiscard]] bool unless_empty(JsonValue value, std::string_view field, Read&& read);
    [[nodiscard]] bool level_fault(const char* at, DecimalFault fault, std::string_view field);
    [[nodiscard]] bool unescape(std::string_view raw, std::string_view field, std::string_view& out);
    [[nodiscard]] bool size_in(std::string_view number, std::string_view field, Size& out);
    [[nodiscard]] bool cap_size(const char*& at, std::int64_t& units);
    template <bool is_size>
    [[nodiscard]] bool quoted_decimal(const char*& at, std::string_view field, std::int64_t& units);
    [[nodiscard]] bool level(const char*& at, std::string_view field, BookLevel& level);

    simdjson::ondemand::parser parser_;
    PaddedFrame frame_;
    std::deque<std::string> unescaped_;  ///< texts of this frame that had escapes
    std::uint32_t sizes_capped_ = 0;
    Error error_{ErrorCode::json_syntax, {}};
};

/// Compares a key as it stands in the frame; keys with escapes match nothing.
[[nodiscard]] inline bool is_key(JsonKey key, std::string_view name) noexcept {
    return key.unsafe_is_equal(name);
}

/// Calls `visit(key, value)` for every field of the object to its end; false from `visit` or damaged
/// JSON stops it. Reaching the end is what shows a truncated frame.
template <typename Visitor>
[[nodiscard]] bool for_each_field(JsonReader& reader, JsonObject& object, Visitor&& visit) {
    for (auto entry : object) {
        simdjson::ondemand::field field;
        if (const auto code = std::move(entry).get(field)) {
            return reader.refuse_json(code);
        }
        if (!visit(field.key(), field.value())) {
            return false;
        }
    }
    return true;
}

/// The same of a value that has to be an object.
template <typename Visitor>
[[nodiscard]] bool for_each_field(JsonReader& reader, JsonValue value, std::string_view name,
                                  Visitor&& visit) {
    JsonObject object;
    return reader.object(value, name, object) && for_each_field(reader, object, visit);
}

template <typename Visitor>
[[nodiscard]] bool for_each_element(JsonReader& reader, JsonArray& array, Visitor&& visit) {
    for (auto entry : array) {
        JsonValue value;
        if (const auto code = std::move(entry).get(value)) {
            return reader.refuse_json(code);
        }
        if (!visit(value)) {
            return false;
        }
    }
    return true;
}

template <typename Visitor>
[[nodiscard]] bool for_each_element(JsonReader& reader, JsonValue value, std::string_view name,
                                    Visitor&& visit) {
    JsonArray array;
    return reader.array(value, name, array) && for_each_element(reader, array, visit);
}

/// Which of the fields that have to be there were met: a bit each.
class SeenFields {
  public:
    /// Notes the field; gives back what reading it gave.
    [[nodiscard]] bool mark(unsigned bit, bool read) noexcept {
        bits_ |= bit;
        return read;
    }
    [[nodiscard]] unsigned bits() const noexcept { return bits_; }

  private:
    unsigned bits_ = 0;
};

}  // namespace virtuoso
