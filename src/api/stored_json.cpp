#include "api/stored_json.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

struct Value {
    bool document = false;
    Json operator()(std::monostate /*nothing*/) const { return nullptr; }
    Json operator()(std::int64_t whole) const { return whole; }
    Json operator()(double number) const { return number; }
    Json operator()(const std::string& text) const {
        auto parsed = document ? Json::parsed(text) : std::nullopt;
        return parsed ? *std::move(parsed) : Json(text);
    }
};

}  // namespace

Json row_json(const StoreTableSpec& spec, std::span<const StoreValue> row,
              std::span<const std::string_view> skip) {
    Json json = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string_view name = spec.columns[i].name;
        if (std::ranges::find(skip, name) == skip.end()) {
            json.set(name, std::visit(Value{.document = spec.columns[i].document}, row[i]));
        }
    }
    return json;
}

}  // namespace virtuoso
