// The HTTP side every simulated exchange shares: faults, and the commands for them.
#pragma once

#include "sim/faults.hpp"
#include "sim/served_exchange.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace virtuoso::sim {

/// What `rest` answers to a GET, or what the faults that strike now make of it. `clock_ms` is what the
/// exchange's clock says.
[[nodiscard]] ServerAnswer answer_with_faults(FaultPlan& faults, const ServerRequest& request,
                                              std::int64_t now_ms,
                                              const std::function<HttpAnswer(std::int64_t clock_ms)>& rest);

[[nodiscard]] HttpAnswer plain_text(int status, const std::string& message);

/// 405, with the methods that are allowed: "GET, POST".
[[nodiscard]] HttpAnswer not_allowed(std::string_view methods);

}  // namespace virtuoso::sim
