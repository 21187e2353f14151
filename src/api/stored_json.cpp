#include "api/stored_json.hpp"

#include "alert/alert_message.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <variant>

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

Json alert_row_json(std::span<const StoreValue> row) {
    constexpr std::array<std::string_view, 1> known{"payload"};
    const StoreTableSpec& spec = spec_of(StoreTable::alerts);
    Json json = row_json(spec, row, known);
    const auto message = alert_from_json(std::get<std::string>(row[*spec.column(known.front())]));
    const auto told = [&](std::string_view name, auto value) {
        json.set(name, message ? Json(value(*message)) : Json(nullptr));
    };
    told("rule", [](const AlertMessage& of) { return of.rule; });
    told("severity", [](const AlertMessage& of) { return name_of(of.severity()); });
    told("digest", [](const AlertMessage& of) { return name_of(of.cause); });
    told("total", [](const AlertMessage& of) { return of.total; });
    told("held_back", [](const AlertMessage& of) { return of.held_back; });
    told("sentence", [](const AlertMessage& of) { return of.occurrences.front().sentence; });
    return json;
}

}  // namespace virtuoso
