#include "present/json_view.hpp"

#include "base/unicode.hpp"

#include <nlohmann/json.hpp>

#include <limits>

namespace virtuoso {

namespace {

using Value = nlohmann::ordered_json;

const Value& value_at(const void* place) noexcept {
    return *static_cast<const Value*>(place);
}

}  // namespace

JsonView::JsonView(const Json& document) noexcept : value_(document.storage_) {}

JsonView JsonView::operator[](std::string_view name) const {
    if (value_ == nullptr || !value_at(value_).is_object()) {
        return {};
    }
    for (const auto& [key, value] : value_at(value_).get_ref<const Value::object_t&>()) {
        if (key == name) {
            return JsonView(&value);
        }
    }
    return {};
}

bool JsonView::is_null() const noexcept {
    return value_ == nullptr || value_at(value_).is_null();
}

std::optional<double> JsonView::number() const {
    if (value_ == nullptr || !value_at(value_).is_number()) {
        return std::nullopt;
    }
    return value_at(value_).get<double>();
}

std::optional<std::int64_t> JsonView::whole() const {
    if (value_ == nullptr || !value_at(value_).is_number_integer()) {
        return std::nullopt;
    }
    const Value& value = value_at(value_);
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        return std::nullopt;
    }
    return value.get<std::int64_t>();
}

std::optional<bool> JsonView::truth() const {
    if (value_ == nullptr || !value_at(value_).is_boolean()) {
        return std::nullopt;
    }
    return value_at(value_).get<bool>();
}

std::string JsonView::text() const {
    return value_ != nullptr && value_at(value_).is_string() ? value_at(value_).get<std::string>()
                                                             : std::string();
}

std::vector<JsonView> JsonView::elements() const {
    std::vector<JsonView> list;
    if (value_ != nullptr && value_at(value_).is_array()) {
        list.reserve(value_at(value_).size());
        for (const Value& element : value_at(value_)) {
            list.push_back(JsonView(&element));
        }
    }
    return list;
}

std::vector<std::pair<std::string_view, JsonView>> JsonView::fields() const {
    std::vector<std::pair<std::string_view, JsonView>> list;
    if (value_ != nullptr && value_at(value_).is_object()) {
        list.reserve(value_at(value_).size());
        for (const auto& [key, value] : value_at(value_).get_ref<const Value::object_t&>()) {
            list.emplace_back(key, JsonView(&value));
        }
    }
    return list;
}

std::string JsonView::written() const {
    return value_ == nullptr
               ? "null"
               : printable_json(value_at(value_).dump(-1, ' ', false, Value::error_handler_t::replace));
}

}  // namespace virtuoso
