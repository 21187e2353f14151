// An exchange that does not serve the place a machine is in.
#pragma once

#include "exchange/rest_queue.hpp"
#include "net/http_refusal.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace virtuoso {

/// Nothing is asked for so long after a refusal that does not pass: --retry may wait for a network that
/// moves.
inline constexpr std::int64_t place_pause_ms = 5 * ms_per_minute;

/// When the answer refuses the place: final. A refusal without a word may mean anything else.
[[nodiscard]] inline std::optional<RestJudgement> place_refusal(std::string_view exchange,
                                                                const HttpAnswer& answer) {
    if (answer.status < 400 || answer.status >= 500) {
        return std::nullopt;
    }
    const HttpRefusal refusal = refusal_of(answer.status, answer.body);
    if (refusal.cause != RefusalCause::place) {
        return std::nullopt;
    }
    return RestJudgement{
        RestVerdict::give_up, place_pause_ms,
        fmt::format(
            "HTTP {} from {}{}; it does not serve the place of this machine's address: use a machine or "
            "a network in a place that it serves{}",
            answer.status, exchange, refusal.quoted(),
            exchange == "Bybit" ? ", or the regional site of your account (--region)" : ""),
        ErrorCode::restricted_place};
}

}  // namespace virtuoso
