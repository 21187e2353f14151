#include "present/store_text.hpp"

#include "present/json.hpp"

#include <fmt/format.h>

#include <string_view>

namespace virtuoso {

namespace {

constexpr std::string_view formula_begins = "=+-@\t\r";

std::string csv_text(std::string_view text) {
    const bool is_formula = !text.empty() && formula_begins.find(text.front()) != std::string_view::npos;
    if (!is_formula && !text.empty() && text.find_first_of("\",\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string field = is_formula ? "\"'" : "\"";
    for (const char letter : text) {
        field += letter;
        if (letter == '"') {
            field += letter;
        }
    }
    return field + '"';
}

struct CsvField {
    std::string operator()(std::monostate /*nothing*/) const { return {}; }
    std::string operator()(std::int64_t whole) const { return fmt::format("{}", whole); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return csv_text(text); }
};

struct JsonField {
    bool document = false;
    std::string operator()(std::monostate /*nothing*/) const { return "null"; }
    std::string operator()(std::int64_t whole) const { return fmt::format("{}", whole); }
    std::string operator()(double number) const { return Json(number).text(); }
    std::string operator()(const std::string& text) const {
        const auto parsed = document ? Json::parsed(text) : std::nullopt;
        return parsed ? parsed->text() : Json(text).text();
    }
};

}  // namespace

std::string csv_header(const StoreTableSpec& spec) {
    std::string line;
    for (const auto& column : spec.columns) {
        line += line.empty() ? "" : ",";
        line += column.name;
    }
    return line + '\n';
}

std::string csv_line(std::span<const StoreValue> row) {
    std::string line;
    bool first = true;
    for (const auto& value : row) {
        line += first ? "" : ",";
        line += std::visit(CsvField{}, value);
        first = false;
    }
    return line + '\n';
}

std::string ndjson_line(const StoreTableSpec& spec, std::span<const StoreValue> row) {
    std::string line = "{";
    for (std::size_t i = 0; i < row.size(); ++i) {
        line += fmt::format("{}\"{}\":", i == 0 ? "" : ",", spec.columns[i].name);
        line += std::visit(JsonField{.document = spec.columns[i].document}, row[i]);
    }
    return line + "}\n";
}

}  // namespace virtuoso
