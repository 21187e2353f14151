// "name: word key=value key>=3": how sinks and rules are written.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

enum class SpecRelation : std::uint8_t { is, at_least, at_most };

struct SpecField {
    std::string_view key;
    SpecRelation relation = SpecRelation::is;
    std::string_view value;  ///< not empty
};

/// Parts of the text it was made of.
struct SpecText {
    std::string_view name;
    std::vector<std::string_view> words;
    std::vector<SpecField> fields;
};

/// Of a sink or a rule: 1 to 40 letters, digits, `-` and `_`.
[[nodiscard]] bool is_spec_name(std::string_view text) noexcept;

/// `what`: "alert rule", for errors. Of one key there is one value, but for thresholds. Error: config.
[[nodiscard]] Result<SpecText> parse_spec(std::string_view text, std::string_view what);

/// "a,b" as parts that are not empty. Error: config naming `field`.
[[nodiscard]] Result<std::vector<std::string>> parse_words(std::string_view text, std::string_view field);
/// The same, each one of `allowed`; the error offers the nearest.
[[nodiscard]] Result<std::vector<std::string>> parse_choices(std::string_view text, std::string_view field,
                                                             std::span<const std::string_view> allowed);
/// "90s", "5m", "1h" as milliseconds, at most a day. Error: config naming `field`.
[[nodiscard]] Result<std::int64_t> parse_span(std::string_view text, std::string_view field);
/// Finite. Error: config naming `field`.
[[nodiscard]] Result<double> parse_number(std::string_view text, std::string_view field);
/// From 1 to `most`. Error: config naming `field`.
[[nodiscard]] Result<std::int64_t> parse_count(std::string_view text, std::string_view field,
                                               std::int64_t most);

/// "; is it \"kind\"?" where one of `allowed` is near, else nothing.
[[nodiscard]] std::string offer_for(std::string_view typed, std::span<const std::string_view> allowed);

}  // namespace virtuoso
