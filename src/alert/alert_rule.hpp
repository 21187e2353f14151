// Which occurrences somebody wants to be told of, where and how often.
#pragma once

#include "alert/occurrence.hpp"
#include "alert/quiet_hours.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// An occurrence that does not have the number does not meet it.
struct AlertThreshold {
    std::string number;
    bool at_least = true;  ///< else at most
    double bound = 0;
};

struct AlertRule {
    std::string name;
    std::vector<std::string> kinds;                ///< empty: all
    std::vector<std::string> symbols;              ///< upper case; empty: all, and what is of none
    AlertSeverity severity = AlertSeverity::info;  ///< at least
    std::vector<std::string> sides;   ///< "long", "short", "neutral" of the word "side"; empty: any
    std::vector<std::string> phases;  ///< "moment", "begin", "end"; empty: any
    std::vector<AlertThreshold> thresholds;
    std::vector<std::string> sinks;  ///< empty: all
    std::int64_t cooldown_ms = 0;    ///< of the same kind, symbol, side and phase
    std::int64_t digest_ms = 0;      ///< what comes within so long is told together; 0: at once
    std::optional<QuietHours> quiet;
    std::optional<AlertSeverity> wake;  ///< from this on quiet hours do not hold back

    /// "long-btc: kind=signal symbols=BTCUSDT side=long to=team cooldown=5m score>=75
    /// quiet=22:00-07:00@Europe/Berlin wake=critical". Error: config, with field, value and remedy.
    [[nodiscard]] static Result<AlertRule> parse(std::string_view text);

    /// O(kinds + symbols + thresholds).
    [[nodiscard]] bool matches(const Occurrence& occurrence) const;
    /// Whether what it matches is told there. O(sinks).
    [[nodiscard]] bool goes_to(std::string_view sink) const;
};

}  // namespace virtuoso
