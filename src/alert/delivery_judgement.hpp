// What an answer to a delivery means, and when a failed one is tried again.
#pragma once

#include "alert/alert_outbox.hpp"
#include "alert/sink_spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

enum class DeliveryVerdict : std::uint8_t {
    delivered,
    later,  ///< it may succeed another time
    never   ///< asking again brings the same
};

struct DeliveryJudgement {
    DeliveryVerdict verdict = DeliveryVerdict::later;
    std::string reason;                   ///< one line that can be shown
    std::optional<std::int64_t> wait_ms;  ///< that the service asks for: of everything for this sink
};

/// `retry_after_s`: of the header, if there is one. Telegram's and Discord's own `retry_after` is read of the
/// body, and Telegram's `ok` has to be true whatever the status says. A redirect is not followed. Requests
/// that are refused (4xx) are so for good, but for 408, 409, 425 and 429.
[[nodiscard]] DeliveryJudgement judge_http(SinkKind kind, int status, std::string_view body,
                                           std::optional<std::int64_t> retry_after_s);
/// Of SMTP's last reply: 4yz is temporary, 5yz for good (RFC 5321 §4.2.1).
[[nodiscard]] DeliveryJudgement judge_mail(int reply, std::string_view words);

/// An alert is given up when it is an hour old.
inline constexpr std::int64_t delivery_patience_ms = ms_per_hour;

/// After pauses of 1, 2, 4 … 300 s, or what the service asks for where that is longer; nullopt when that
/// would be after the hour. `attempts` that failed, this one counted.
[[nodiscard]] std::optional<LocalTime> next_try(LocalTime made, LocalTime now, std::uint32_t attempts,
                                                std::optional<std::int64_t> wait_ms);

}  // namespace virtuoso
