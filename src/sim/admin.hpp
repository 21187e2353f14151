// Commands to a simulated exchange over HTTP.
#pragma once

#include "sim/faults.hpp"
#include "sim/market_model.hpp"
#include "sim/served_exchange.hpp"
#include "sim/stream_hub.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace virtuoso::sim {

/// What an exchange lets be commanded.
struct AdminAccess {
    FaultPlan& faults;
    StreamHub& hub;
    std::int64_t now_ms = 0;
    MarketModel* model = nullptr;  ///< contracts that may be listed and delisted; nullptr: none
    /// Digests of a topic's book after an update, one a line; empty: not offered.
    std::function<std::string(std::string_view topic, std::string_view update_id)> truth = {};
};

/// GET and POST of /admin/faults; POST of /admin/clear, /admin/disconnect, /admin/list and /admin/delist with
/// a symbol; GET of /admin/truth?topic=T&u=N. What a web page sends, or what came to a host that is not this
/// machine, is refused with 403; a wrong method with 405, a wrong value with 400 and the reason.
[[nodiscard]] HttpAnswer answer_admin(const AdminAccess& access, const ServerRequest& request);

[[nodiscard]] inline bool is_admin(std::string_view target) noexcept {
    return target.starts_with("/admin/");
}

}  // namespace virtuoso::sim
