// The HTTP side every simulated exchange shares: faults, and the commands for them.
#pragma once

#include "sim/faults.hpp"
#include "sim/served_exchange.hpp"
#include "sim/stream_hub.hpp"

#include <functional>
#include <optional>
#include <string>

namespace virtuoso::sim {

/// What `rest` answers, or what the faults that strike now make of it. `clock_ms` is what the exchange's
/// clock says.
[[nodiscard]] ServerAnswer answer_with_faults(FaultPlan& faults, const ServerRequest& request,
                                              std::int64_t now_ms,
                                              const std::function<HttpAnswer(std::int64_t clock_ms)>& rest);

[[nodiscard]] HttpAnswer plain_text(int status, const std::string& message);

/// GET and POST of /admin/faults, POST of /admin/clear and /admin/disconnect. nullopt when `request` is none
/// of them.
[[nodiscard]] std::optional<HttpAnswer> fault_command(FaultPlan& faults, StreamHub& hub,
                                                      const ServerRequest& request, std::int64_t now_ms);

}  // namespace virtuoso::sim
