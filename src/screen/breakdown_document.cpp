#include "analysis/component_spec.hpp"
#include "screen/breakdown.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <cmath>

namespace virtuoso::screen {

namespace {

using simdjson::dom::element;

constexpr std::int64_t end_of_years_ms = 253'402'300'800'000;  // 10000-01-01

std::optional<double> number_in(const element& object, std::string_view name) {
    double value = 0;
    return object[name].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

/// Reads the texts of one document for one kind of terminal.
class Reader {
  public:
    explicit Reader(Glyphs glyphs) noexcept : glyphs_(glyphs) {}

    [[nodiscard]] std::string text_in(const element& object, std::string_view name) const {
        std::string_view value;
        return object[name].get(value) == simdjson::SUCCESS ? shown(value, glyphs_) : std::string();
    }
    [[nodiscard]] std::vector<std::string> texts_in(const element& object, std::string_view name) const {
        std::vector<std::string> texts;
        simdjson::dom::array list;
        if (object[name].get(list) == simdjson::SUCCESS) {
            for (const element item : list) {
                std::string_view value;
                if (item.get(value) == simdjson::SUCCESS) {
                    texts.push_back(shown(value, glyphs_));
                }
            }
        }
        return texts;
    }
    [[nodiscard]] BreakdownComponent component(std::string_view name, const element& object) const {
        const auto id = component_named(name);
        BreakdownComponent part{.title = id ? std::string(spec_of(*id).title) : shown(name, glyphs_),
                                .score = number_in(object, "score"),
                                .impact = number_in(object, "impact"),
                                .sentence = text_in(object, "interpretation"),
                                .subs = {}};
        simdjson::dom::object subs;
        if (object["sub"].get(subs) == simdjson::SUCCESS) {
            for (const auto& [sub_name, sub_object] : subs) {
                part.subs.push_back(sub(sub_name, sub_object));
            }
        }
        return part;
    }

  private:
    [[nodiscard]] BreakdownSub sub(std::string_view name, const element& object) const {
        BreakdownSub part{.name = shown(name, glyphs_),
                          .score = number_in(object, "score"),
                          .reading = text_in(object, "reading"),
                          .values = {}};
        if (!part.score) {
            part.reading = fmt::format("absent: {}", text_in(object, "absent"));
        }
        simdjson::dom::object values;
        if (object["raw"].get(values) == simdjson::SUCCESS) {
            for (const auto& [value_name, value] : values) {
                double number = 0;
                if (value.get(number) == simdjson::SUCCESS) {
                    const bool large = std::abs(number) >= 1'000 && std::abs(number) < 1e15;
                    part.values +=
                        fmt::format("{}{}={}", part.values.empty() ? "" : " ", shown(value_name, glyphs_),
                                    large ? fmt::format("{:.0f}", number) : fmt::format("{:.4g}", number));
                }
            }
        }
        return part;
    }

    Glyphs glyphs_;
};

std::string verdict_of(const Reader& reader, const element& root) {
    const auto score = number_in(root, "score");
    if (!score) {
        return "no score: the data do not suffice";
    }
    const std::string raw = reader.text_in(root, "raw_signal");
    return fmt::format("Confluence {:.2f} {}{}", *score, reader.text_in(root, "signal"),
                       raw.empty() ? std::string() : fmt::format(", raw {}", raw));
}

std::vector<std::string> figures_of(const element& root) {
    constexpr std::array names{"coverage",   "freshness", "reliability", "consensus",
                               "confidence", "pulse",     "disagreement"};
    std::vector<std::string> figures;
    for (const std::string_view name : names) {
        if (const auto value = number_in(root, name)) {
            figures.push_back(fmt::format("{} {:.2f}", name, *value));
        }
    }
    return figures;
}

}  // namespace

Result<Breakdown> Breakdown::read(std::string_view document, Glyphs glyphs) {
    const Reader reader(glyphs);
    simdjson::dom::parser parser;
    element root;
    simdjson::dom::object components;
    if (parser.parse(document.data(), document.size()).get(root) != simdjson::SUCCESS ||
        reader.text_in(root, "schema") != "virtuoso.confluence/1" ||
        root["components"].get(components) != simdjson::SUCCESS) {
        return fail(
            ErrorCode::file_format,
            "the answer is no breakdown: is it another program, or another version, that listens there?");
    }
    Breakdown breakdown{.symbol = reader.text_in(root, "symbol"),
                        .exchange = reader.text_in(root, "exchange"),
                        .as_of = {},
                        .verdict = verdict_of(reader, root),
                        .figures = figures_of(root),
                        .components = {},
                        .insights = reader.texts_in(root, "insights"),
                        .turning_points = reader.texts_in(root, "turning_points"),
                        .concerns = {}};
    std::int64_t as_of_ms = 0;
    if (root["as_of_ms"].get(as_of_ms) == simdjson::SUCCESS && as_of_ms >= 0 && as_of_ms < end_of_years_ms) {
        breakdown.as_of = {as_of_ms};
    }
    for (const auto& [name, object] : components) {
        breakdown.components.push_back(reader.component(name, object));
    }
    element service;
    if (root["service"].get(service) == simdjson::SUCCESS) {
        breakdown.concerns = reader.texts_in(service, "concerns");
    }
    return breakdown;
}

}  // namespace virtuoso::screen
