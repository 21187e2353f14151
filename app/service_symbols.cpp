#include "service_symbols.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso::app {

namespace {

using simdjson::dom::element;

std::optional<double> number_in(const element& object, std::string_view name) {
    double value = 0;
    return object[name].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

std::string text_in(const element& object, std::string_view name) {
    std::string_view value;
    return object[name].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

std::optional<Verdict> verdict_in(const element& object, std::string_view name) {
    const std::string text = text_in(object, name);
    for (const Verdict verdict : {Verdict::long_side, Verdict::neutral, Verdict::short_side}) {
        if (text == name_of(verdict)) {
            return verdict;
        }
    }
    return std::nullopt;
}

std::optional<double> price_in(const element& object) {
    const std::string text = text_in(object, "last_price");
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc{} && !text.empty() ? std::optional(value) : std::nullopt;
}

MarketRow row_of(const element& object) {
    MarketRow row{.symbol = text_in(object, "symbol"),
                  .last_price = price_in(object),
                  .change_24h = number_in(object, "change_24h"),
                  .confluence = {},
                  .state = {}};
    Confluence& confluence = row.confluence;
    confluence.score = number_in(object, "score");
    confluence.verdict = verdict_in(object, "signal");
    confluence.raw_verdict = verdict_in(object, "raw_signal");
    confluence.coverage = number_in(object, "coverage").value_or(0);
    element components;
    if (object["components"].get(components) == simdjson::SUCCESS) {
        for (auto& component : confluence.components) {
            component.score = number_in(components, spec_of(component.id).name);
        }
    }
    simdjson::dom::array concerns;
    std::string_view first;
    if (object["concerns"].get(concerns) == simdjson::SUCCESS &&
        concerns.at(0).get(first) == simdjson::SUCCESS) {
        row.state = first;
    }
    return row;
}

}  // namespace

std::size_t ServiceSymbols::whole() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(rows, [](const MarketRow& row) { return row.state.empty(); }));
}

Result<ServiceSymbols> read_service_symbols(std::string_view document) {
    simdjson::dom::parser parser;
    element root;
    simdjson::dom::array symbols;
    ServiceSymbols read;
    if (parser.parse(document.data(), document.size()).get(root) != simdjson::SUCCESS ||
        text_in(root, "schema") != "virtuoso.symbols/1" ||
        root["symbols"].get(symbols) != simdjson::SUCCESS ||
        root["total"].get(read.total) != simdjson::SUCCESS) {
        return fail(
            ErrorCode::file_format,
            "the answer is no list of symbols: is it another program, or another version, that listens "
            "there?");
    }
    for (const element object : symbols) {
        std::int64_t age_ms = 0;
        if (object["age_ms"].get(age_ms) == simdjson::SUCCESS) {
            read.oldest_ms = std::max(read.oldest_ms, age_ms);
        }
        read.rows.push_back(row_of(object));
    }
    return read;
}

}  // namespace virtuoso::app
