// Something that an operator may want to be told of, whoever saw it.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

enum class AlertSeverity : std::uint8_t { info, warning, critical };

/// "info", "warning", "critical"
[[nodiscard]] std::string_view name_of(AlertSeverity severity) noexcept;
[[nodiscard]] std::optional<AlertSeverity> alert_severity_from(std::string_view name) noexcept;
/// All names, in the order of the enumeration.
[[nodiscard]] std::span<const std::string_view> alert_severity_names() noexcept;

/// "side" = "long", "phase" = "begin".
struct OccurrenceWord {
    std::string name;
    std::string value;
};

/// Its name carries the unit: "notional_quote".
struct OccurrenceNumber {
    std::string name;
    double value = 0;
};

/// Texts may come from outside in part; each sink escapes what it acts on.
struct Occurrence {
    std::string kind;    ///< one of `occurrence_kinds`
    std::string symbol;  ///< empty where it is of none
    AlertSeverity severity = AlertSeverity::info;
    ExchangeTime time;
    std::vector<OccurrenceWord> words;
    std::vector<OccurrenceNumber> numbers;
    std::string sentence;                 ///< one line that carries the numbers
    std::vector<std::string> lines = {};  ///< what follows it: of a report its chapters
    std::string link;                     ///< where more is shown; may be empty

    /// A report: it was asked for at its time, so that nothing holds it back, and what is told of it does not
    /// depend on what else there is to tell.
    [[nodiscard]] bool comes_at_its_time() const noexcept { return kind == "report"; }
    /// Empty when there is none of this name.
    [[nodiscard]] std::string_view word(std::string_view name) const noexcept;
    [[nodiscard]] std::optional<double> number(std::string_view name) const noexcept;
};

/// What an occurrence, and with it `kind=` of a rule, may be.
[[nodiscard]] std::span<const std::string_view> occurrence_kinds() noexcept;
/// Names of numbers that occurrences have: what a rule may hold a threshold against.
[[nodiscard]] std::span<const std::string_view> occurrence_numbers() noexcept;

/// The same for the same occurrence, whoever makes it: kind, symbol, time, words and sentence.
[[nodiscard]] std::string identity_of(const Occurrence& occurrence);

}  // namespace virtuoso
