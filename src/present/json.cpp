#include "present/json.hpp"

#include "base/unicode.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace virtuoso {

namespace {

using Value = nlohmann::ordered_json;

Value& value_in(std::byte* storage) noexcept {
    return *std::launder(reinterpret_cast<Value*>(storage));
}

template <typename... Part>
void make(std::byte* storage, Part&&... part) {
    static_assert(sizeof(Value) == 2 * sizeof(void*) && alignof(Value) <= alignof(void*));
    ::new (storage) Value(std::forward<Part>(part)...);
}

}  // namespace

Json::Json() noexcept {
    make(storage_);
}

Json::Json(std::nullptr_t) noexcept {
    make(storage_);
}

Json::Json(bool truth) noexcept {
    make(storage_, truth);
}

Json::Json(double number) noexcept {
    make(storage_, number);
}

Json::Json(Whole number) noexcept {
    make(storage_, number.value);
}

Json::Json(Natural number) noexcept {
    make(storage_, number.value);
}

Json::Json(const char* text) {
    make(storage_, text);
}

Json::Json(std::string_view text) {
    make(storage_, std::string(text));
}

Json::Json(std::string text) {
    make(storage_, std::move(text));
}

Json::Json(const std::vector<std::string>& texts) {
    make(storage_, texts);
}

Json::Json(std::initializer_list<Json> parts) {
    const bool is_object = std::all_of(parts.begin(), parts.end(), [](const Json& part) {
        const Value& value = value_in(part.storage_);
        return value.is_array() && value.size() == 2 && value[0].is_string();
    });
    make(storage_, is_object ? Value::value_t::object : Value::value_t::array);
    Value& whole = value_in(storage_);
    for (const Json& part : parts) {
        Value& value = value_in(part.storage_);
        if (is_object) {
            whole.emplace(std::move(value[0].get_ref<std::string&>()), std::move(value[1]));
        } else {
            whole.push_back(std::move(value));
        }
    }
}

Json::Json(const Json& other) {
    make(storage_, std::as_const(value_in(other.storage_)));
}

Json::Json(Json&& other) noexcept {
    make(storage_, std::move(value_in(other.storage_)));
}

Json& Json::operator=(const Json& other) {
    return *this = Json(other);
}

Json& Json::operator=(Json&& other) noexcept {
    value_in(storage_) = std::move(value_in(other.storage_));
    return *this;
}

Json::~Json() {
    value_in(storage_).~Value();
}

std::optional<Json> Json::parsed(std::string_view text) {
    Json document;
    Value& value = value_in(document.storage_);
    value = Value::parse(text, nullptr, false);
    return value.is_discarded() ? std::nullopt : std::optional(std::move(document));
}

Json Json::array() {
    Json list;
    value_in(list.storage_) = Value::array();
    return list;
}

Json Json::object() {
    Json fields;
    value_in(fields.storage_) = Value::object();
    return fields;
}

void Json::push_back(Json&& element) {
    value_in(storage_).push_back(std::move(value_in(element.storage_)));
}

void Json::set(std::string_view name, Json&& value) {
    value_in(storage_)[std::string(name)] = std::move(value_in(value.storage_));
}

std::string Json::text(int indent) const {
    return printable_json(value_in(storage_).dump(indent, ' ', false, Value::error_handler_t::replace));
}

}  // namespace virtuoso
