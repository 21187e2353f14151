// One alert on its way to one sink.
#pragma once

#include "alert/occurrence.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Why several occurrences are told at once.
enum class DigestCause : std::uint8_t { none, window, quiet_hours, flood };

/// "none", "window", "quiet_hours", "flood"
[[nodiscard]] std::string_view name_of(DigestCause cause) noexcept;

struct AlertMessage {
    std::string key;  ///< idempotency: the same for the same occurrences, rule and sink
    std::string sink;
    std::string rule;
    LocalTime made;
    DigestCause cause = DigestCause::none;
    std::vector<Occurrence> occurrences;  ///< at least one; of a long digest the first ones
    std::uint64_t total = 1;              ///< all that it stands for
    std::uint64_t held_back = 0;          ///< others that a cooldown held back before it

    /// Of the gravest that is shown.
    [[nodiscard]] AlertSeverity severity() const noexcept;
};

/// 32 hexadecimal digits of what it is of: sink, rule and its occurrences.
[[nodiscard]] std::string alert_key(std::string_view sink, std::string_view rule,
                                    const std::vector<Occurrence>& occurrences);

/// "signal BTCUSDT", "7 alerts of long-btc". One line that can be shown.
[[nodiscard]] std::string title_of(const AlertMessage& message);
/// A sentence each with the lines that follow it, and a last one of what is not shown. Lines that can be
/// shown.
[[nodiscard]] std::vector<std::string> lines_of(const AlertMessage& message);
/// The lines under each other.
[[nodiscard]] std::string text_of(const AlertMessage& message);

/// The message as one JSON object (docs/alerts.md), and back: what a webhook receives, and what an outbox
/// may keep. Error of reading: json_syntax, field_missing, field_value.
[[nodiscard]] std::string alert_json(const AlertMessage& message);
[[nodiscard]] Result<AlertMessage> alert_from_json(std::string_view text);

}  // namespace virtuoso
