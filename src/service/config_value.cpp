#include "service/config_value.hpp"

#include "base/error.hpp"
#include "base/nearest_name.hpp"
#include "base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::string_view mask = "********";
constexpr std::size_t text_max = 4'096;
constexpr std::size_t list_max = 4'096;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const auto begin = text.find_first_not_of(spaces);
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

/// Without an exponent where that is exact.
std::string number_text(double number) {
    constexpr double exact_max = 9e15;
    return number == std::trunc(number) && std::fabs(number) < exact_max ? fmt::format("{:.0f}", number)
                                                                         : fmt::format("{}", number);
}

/// How a value is repeated in a message.
std::string repeated(const ConfigKey& key, std::string_view text) {
    return key.secret || key.guarded ? "= (hidden)" : "= " + std::string(text);
}

template <typename Number>
std::expected<ConfigValue, ConfigFault> number_from(const ConfigKey& key, std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::unexpected(wrong_type(key, in_quotes(text)));
    }
    return checked_value(key, number);
}

std::vector<std::string> elements_of(std::string_view text, char separator) {
    std::vector<std::string> elements;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        const auto element = trimmed(text.substr(0, end));
        if (!element.empty()) {
            elements.emplace_back(element);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return elements;
}

std::optional<ConfigFault> number_fault(const ConfigKey& key, double number, const std::string& shown) {
    if (!std::isfinite(number)) {
        return fmt::format("{} is no number; allowed: {}", repeated(key, shown), allowed_text(key));
    }
    if (number < key.low || number > key.high) {
        return fmt::format("{} is too {}; allowed: {}", repeated(key, shown),
                           number < key.low ? "small" : "large", allowed_text(key));
    }
    return std::nullopt;
}

std::optional<ConfigFault> choice_fault(const ConfigKey& key, const std::string& text,
                                        const std::string& shown) {
    if (key.choices.empty() || std::ranges::find(key.choices, text) != key.choices.end()) {
        return std::nullopt;
    }
    const auto nearest = nearest_name(text, key.choices);
    const bool is_text = type_of(key) == ConfigType::text || type_of(key) == ConfigType::list;
    const bool offers = is_text && !key.secret && is_near(text, nearest);
    return fmt::format("{} is not allowed; allowed: {}{}", repeated(key, shown), allowed_text(key),
                       offers ? fmt::format("; is it {}?", in_quotes(nearest)) : "");
}

/// Of a text, or an element of a list.
std::optional<ConfigFault> text_fault(const ConfigKey& key, const std::string& text) {
    if (text.size() > text_max) {
        return fmt::format("{} is too long; allowed: at most {} bytes", repeated(key, in_quotes(text)),
                           text_max);
    }
    if (!is_valid_utf8(text) || text.find('\0') != std::string::npos) {
        return fmt::format("{} is not text in UTF-8", repeated(key, in_quotes(text)));
    }
    if (auto fault = choice_fault(key, text, in_quotes(text))) {
        return fault;
    }
    if (key.check != nullptr && !key.check(text)) {
        return fmt::format("{} is not allowed{}{}; allowed: {}", repeated(key, in_quotes(text)),
                           key.why != nullptr ? ": " : "", key.why != nullptr ? key.why(text) : "",
                           allowed_text(key));
    }
    return std::nullopt;
}

std::optional<ConfigFault> fault_of(const ConfigKey& key, const ConfigValue& value) {
    struct Judge {
        const ConfigKey& key;
        std::optional<ConfigFault> operator()(const std::string& text) const { return text_fault(key, text); }
        std::optional<ConfigFault> operator()(bool) const { return std::nullopt; }
        std::optional<ConfigFault> operator()(std::int64_t number) const {
            const std::string shown = fmt::format("{}", number);
            return key.choices.empty() ? number_fault(key, static_cast<double>(number), shown)
                                       : choice_fault(key, shown, shown);
        }
        std::optional<ConfigFault> operator()(double number) const {
            return number_fault(key, number, number_text(number));
        }
        std::optional<ConfigFault> operator()(const std::vector<std::string>& texts) const {
            if (texts.size() > list_max) {
                return fmt::format("has {} elements; allowed: at most {}", texts.size(), list_max);
            }
            for (const auto& text : texts) {
                if (auto fault = text_fault(key, text)) {
                    return fault;
                }
            }
            return std::nullopt;
        }
    };
    return std::visit(Judge{key}, value);
}

std::string quoted_toml(std::string_view text) {
    std::string result = "\"";
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (text.front() == '"' || text.front() == '\\') {
            result += '\\';
        }
        if (!point.valid || !is_shown(point.value)) {
            const auto value = static_cast<std::uint32_t>(point.valid ? point.value : U'\ufffd');
            result += value > 0xffff ? fmt::format("\\U{:08x}", value) : fmt::format("\\u{:04x}", value);
        } else {
            result += text.substr(0, point.bytes);
        }
        text.remove_prefix(point.bytes);
    }
    return result + '"';
}

}  // namespace

std::expected<ConfigValue, ConfigFault> value_from_text(const ConfigKey& key, std::string_view text) {
    switch (type_of(key)) {
        case ConfigType::text:
            return checked_value(key, std::string(text));
        case ConfigType::truth: {
            const auto word = trimmed(text);
            if (word != "true" && word != "false") {
                return std::unexpected(wrong_type(key, in_quotes(text)));
            }
            return ConfigValue(word == "true");
        }
        case ConfigType::whole_number:
            return number_from<std::int64_t>(key, trimmed(text));
        case ConfigType::number:
            return number_from<double>(key, trimmed(text));
        case ConfigType::list:
            return checked_value(key, elements_of(text, key.separator));
    }
    return std::unexpected(wrong_type(key, in_quotes(text)));
}

std::expected<ConfigValue, ConfigFault> checked_value(const ConfigKey& key, ConfigValue value) {
    const ConfigType wanted = type_of(key);
    const auto* const whole = std::get_if<std::int64_t>(&value);
    if (wanted == ConfigType::number && whole != nullptr) {
        value = static_cast<double>(*whole);
    }
    if (auto* const number = std::get_if<double>(&value)) {
        *number += 0.0;  // no minus before nothing
    }
    if (static_cast<ConfigType>(value.index()) != wanted) {
        const auto* const text = std::get_if<std::string>(&value);
        return std::unexpected(wrong_type(key, text != nullptr ? in_quotes(*text) : toml_text(value)));
    }
    if (auto fault = fault_of(key, value)) {
        return std::unexpected(*std::move(fault));
    }
    return value;
}

ConfigFault wrong_type(const ConfigKey& key, std::string_view shown) {
    return fmt::format("{} is no {}; allowed: {}", repeated(key, shown), type_name(type_of(key)),
                       allowed_text(key));
}

std::string toml_text(const ConfigValue& value) {
    struct Write {
        std::string operator()(const std::string& text) const { return quoted_toml(text); }
        std::string operator()(bool truth) const { return truth ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const { return number_text(number); }
        std::string operator()(const std::vector<std::string>& texts) const {
            std::string list = "[";
            for (const auto& text : texts) {
                list += list.size() > 1 ? ", " : "";
                list += quoted_toml(text);
            }
            return list + "]";
        }
    };
    return std::visit(Write{}, value);
}

static bool is_empty(const ConfigValue& value) {
    const std::string text = toml_text(value);
    return text == "\"\"" || text == "[]";
}

std::string shown_value(const ConfigKey& key, const ConfigValue& value) {
    return key.secret && !is_empty(value) ? quoted_toml(mask) : toml_text(value);
}

std::string shown_secret(const ConfigValue& value) {
    return is_empty(value) ? std::string() : std::string(mask);
}

std::string allowed_text(const ConfigKey& key) {
    const bool is_list = type_of(key) == ConfigType::list;
    if (!key.choices.empty()) {
        return fmt::format("{}{}", is_list ? "a list of " : "", fmt::join(key.choices, ", "));
    }
    switch (type_of(key)) {
        case ConfigType::truth:
            return "true or false";
        case ConfigType::whole_number:
        case ConfigType::number:
            return fmt::format("{} to {}{}{}", number_text(key.low), number_text(key.high),
                               key.unit.empty() ? "" : " ", key.unit);
        case ConfigType::text:
            return std::string(key.check != nullptr ? key.allowed : "any text in quotes");
        case ConfigType::list:
            return fmt::format("a list of {}", key.check != nullptr ? key.allowed : "texts in quotes");
    }
    return {};
}

std::string_view type_name(ConfigType type) noexcept {
    constexpr std::array<std::string_view, 5> names{"text", "truth value", "whole number", "number", "list"};
    return names[static_cast<std::size_t>(type)];
}

}  // namespace virtuoso
