// Notable events as JSON, and which of them are asked for.
#pragma once

#include "api/query.hpp"
#include "service/event_ring.hpp"

#include <array>
#include <string>

namespace virtuoso {

inline constexpr std::array<std::string_view, 6> event_parameters{"kind",  "symbol", "severity",
                                                                  "since", "after",  "limit"};

/// `kind`: one or several, with commas; `severity`: the least; `since`: exchange time, ms; `after`: a number.
/// Error: argument, naming parameter, value and what is allowed.
[[nodiscard]] Result<EventRing::Filter> event_filter(const Query& query);

/// Schema "virtuoso.events/1": the newest first.
[[nodiscard]] std::string events_json(const EventRing::Answer& answer);

}  // namespace virtuoso
