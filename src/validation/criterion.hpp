// What a running service is held against, and what was found.
#pragma once

#include "validation/observations.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::validation {

enum class Judgement : std::uint8_t { pass, fail, not_seen };
/// "PASS", "FAIL", "NOT SEEN".
[[nodiscard]] std::string_view name_of(Judgement judgement) noexcept;

enum class Chapter : std::uint8_t {
    initialisation,
    keeper,
    health,
    confluence,
    signals,
    regression,
    performance,
    restart
};
/// "Memory keeper", as headings say it.
[[nodiscard]] std::string_view name_of(Chapter chapter) noexcept;

/// What a judgement stands on.
struct Evidence {
    std::string value;
    std::int64_t at_ms = 0;  ///< when it was seen
    std::string source;      ///< the path that told it
};

struct Outcome {
    Judgement judgement = Judgement::not_seen;
    Evidence evidence;
};

struct Criterion {
    std::string_view id;  ///< "KEEP-2"; stays from version to version
    Chapter chapter;
    std::string_view wanted;
    std::string_view test;    ///< how it is tried
    std::string_view remedy;  ///< what to do where it failed or was not seen
    Outcome (*judge)(const Observations& seen);
    /// Only judged where it was asked for; else it is left out.
    bool (*applies)(const Observations& seen) = nullptr;
};

struct Finding {
    const Criterion* criterion = nullptr;
    Outcome outcome;
};

[[nodiscard]] std::span<const Criterion> start_criteria() noexcept;
[[nodiscard]] std::span<const Criterion> keeper_criteria() noexcept;
[[nodiscard]] std::span<const Criterion> health_criteria() noexcept;
[[nodiscard]] std::span<const Criterion> confluence_criteria() noexcept;
[[nodiscard]] std::span<const Criterion> regression_criteria() noexcept;
[[nodiscard]] std::span<const Criterion> restart_criteria() noexcept;

/// All that apply, in the order of their chapters. O(looks × symbols).
[[nodiscard]] std::vector<Finding> judge(const Observations& seen);

}  // namespace virtuoso::validation
