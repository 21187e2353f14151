#include "alert/spec_text.hpp"

#include "base/nearest_name.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace virtuoso {

namespace {

constexpr std::size_t text_max = 4'096;
constexpr std::size_t name_max = 40;
constexpr std::size_t fields_max = 64;

std::string_view next_word(std::string_view& text) {
    const auto begin = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(begin);
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

std::optional<SpecField> field_in(std::string_view word) {
    const auto at = word.find_first_of("=<>");
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    SpecField field{.key = word.substr(0, at), .relation = SpecRelation::is, .value = {}};
    std::string_view behind = word.substr(at);
    if (behind.front() != '=') {
        field.relation = behind.front() == '>' ? SpecRelation::at_least : SpecRelation::at_most;
        behind.remove_prefix(1);
    }
    if (behind.starts_with('=')) {
        field.value = behind.substr(1);
    }
    return field;
}

std::optional<std::string> fault_in(const SpecText& spec, const SpecField& field, std::string_view word) {
    if (field.key.empty() || field.value.empty()) {
        return fmt::format(
            "{} has no {}: write key=value, or key>=3 and key<=3 for a threshold, without spaces",
            in_quotes(word.substr(0, word.find_first_of("=<>") + 1)), field.key.empty() ? "key" : "value");
    }
    const auto twice = std::ranges::find_if(spec.fields, [&](const SpecField& other) {
        return other.key == field.key && other.relation == field.relation;
    });
    if (twice != spec.fields.end()) {
        return fmt::format("{} is given twice: keep one", in_quotes(field.key));
    }
    return std::nullopt;
}

}  // namespace

bool is_spec_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= name_max && std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    });
}

Result<SpecText> parse_spec(std::string_view text, std::string_view what) {
    const auto colon = text.find(':');
    SpecText spec{.name = text.substr(0, std::min(colon, text.size())), .words = {}, .fields = {}};
    if (text.size() > text_max) {
        return fail(ErrorCode::config, fmt::format("{} {} is longer than {} bytes: shorten it", what,
                                                   in_quotes(spec.name), text_max));
    }
    if (colon == std::string_view::npos || !is_spec_name(spec.name)) {
        return fail(
            ErrorCode::config,
            fmt::format("{} {}: it begins with no name: write NAME: and then what it is, the name of at "
                        "most {} letters, digits, - and _",
                        what, in_quotes(spec.name.substr(0, name_max)), name_max));
    }
    text.remove_prefix(colon + 1);
    for (auto word = next_word(text); !word.empty(); word = next_word(text)) {
        const auto field = field_in(word);
        if (!field) {
            spec.words.push_back(word);
            continue;
        }
        if (const auto fault = fault_in(spec, *field, word)) {
            return fail(ErrorCode::config, fmt::format("{} {}: {}", what, in_quotes(spec.name), *fault));
        }
        spec.fields.push_back(*field);
    }
    if (spec.fields.size() + spec.words.size() > fields_max) {
        return fail(ErrorCode::config, fmt::format("{} {} has more than {} parts: shorten it", what,
                                                   in_quotes(spec.name), fields_max));
    }
    return spec;
}

Result<std::vector<std::string>> parse_words(std::string_view text, std::string_view field) {
    std::vector<std::string> words;
    for (std::string_view rest = text;;) {
        const auto end = std::min(rest.find(','), rest.size());
        if (end == 0) {
            return fail(ErrorCode::config, fmt::format("{} = {} has a part that is empty: write a,b without "
                                                       "spaces",
                                                       field, in_quotes(text)));
        }
        words.emplace_back(rest.substr(0, end));
        if (end == rest.size()) {
            return words;
        }
        rest.remove_prefix(end + 1);
    }
}

Result<std::vector<std::string>> parse_choices(std::string_view text, std::string_view field,
                                               std::span<const std::string_view> allowed) {
    auto words = parse_words(text, field);
    if (words) {
        for (const auto& word : *words) {
            if (std::ranges::find(allowed, word) == allowed.end()) {
                return fail(ErrorCode::config,
                            fmt::format("{} = {} is not allowed; allowed: {}{}", field, in_quotes(word),
                                        fmt::join(allowed, ", "), offer_for(word, allowed)));
            }
        }
    }
    return words;
}

Result<std::int64_t> parse_span(std::string_view text, std::string_view field) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const std::int64_t unit_ms = unit == "s"   ? ms_per_second
                                 : unit == "m" ? ms_per_minute
                                 : unit == "h" ? ms_per_hour
                                               : 0;
    if (error != std::errc{} || unit_ms == 0 || number < 0 || number > ms_per_day / unit_ms) {
        return fail(ErrorCode::config,
                    fmt::format("{} = {} is no span of time: write a whole number and s, m or "
                                "h, such as 5m, at most 24h",
                                field, in_quotes(text)));
    }
    return number * unit_ms;
}

Result<double> parse_number(std::string_view text, std::string_view field) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
        return fail(ErrorCode::config,
                    fmt::format("{} = {} is no number: write for example 70 or 1e6", field, in_quotes(text)));
    }
    return number;
}

Result<std::int64_t> parse_count(std::string_view text, std::string_view field, std::int64_t most) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > most) {
        return fail(ErrorCode::config,
                    fmt::format("{} = {} is not allowed: write a whole number from 1 to {}", field,
                                in_quotes(text), most));
    }
    return number;
}

std::string offer_for(std::string_view typed, std::span<const std::string_view> allowed) {
    const auto nearest = nearest_name(typed, allowed);
    return is_near(typed, nearest) ? fmt::format("; is it {}?", in_quotes(nearest)) : std::string();
}

}  // namespace virtuoso
