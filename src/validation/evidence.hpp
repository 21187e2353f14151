// How judges say what they found.
#pragma once

#include "validation/criterion.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso::validation {

[[nodiscard]] Outcome passed(std::string value, std::int64_t at_ms, std::string_view source);
[[nodiscard]] Outcome failed(std::string value, std::int64_t at_ms, std::string_view source);
/// `why`: what was missing.
[[nodiscard]] Outcome unseen(std::string why);
/// Failed when there is anything in `faults`, of which the first few are named; else passed.
[[nodiscard]] Outcome none_of(const std::vector<std::string>& faults, std::string good, std::int64_t at_ms,
                              std::string_view source);

/// The newest look that has it; null where there is none.
[[nodiscard]] const Look* last_with_health(const Observations& seen) noexcept;
[[nodiscard]] const Look* first_with_metrics(const Observations& seen) noexcept;
/// The first in the last half.
[[nodiscard]] const Look* middle_with_metrics(const Observations& seen) noexcept;
[[nodiscard]] const Look* last_with_metrics(const Observations& seen) noexcept;
/// What the process told at the end, else what it told at first; null where it told nothing.
[[nodiscard]] const ProcessSeen* process_of(const Observations& seen) noexcept;
/// Whether what is said is kept; also where nobody knows.
[[nodiscard]] bool may_have_store(const Observations& seen) noexcept;
/// How long each answer took, the shortest first. O(requests log requests).
[[nodiscard]] std::vector<double> answer_times(const Observations& seen);
/// Precondition: `times` is not empty.
[[nodiscard]] double p99_of(const std::vector<double>& times) noexcept;
/// "minute 1.5".
[[nodiscard]] std::string minute_of(const Observations& seen, std::int64_t at_ms);
[[nodiscard]] double minutes_of(const Observations& seen) noexcept;
/// By least squares, a minute, of pairs of time in ms and value. Precondition: two times differ.
[[nodiscard]] double slope_a_minute(const std::vector<std::pair<std::int64_t, double>>& points);

inline constexpr std::string_view health_path = "/api/v1/health";
inline constexpr std::string_view metrics_path = "/metrics";
inline constexpr std::string_view process_path = "/api/v1/process";
inline constexpr std::string_view keeper_path = "/api/v1/keeper";
inline constexpr std::string_view log_path = "/api/v1/log";

}  // namespace virtuoso::validation
