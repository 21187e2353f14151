// Alerts as rows of the store, and back.
#pragma once

#include "alert/alert_outbox.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso {

[[nodiscard]] StoreRow alert_row(const OutboxChange& change, const std::string& exchange);

/// What processes before this one left.
struct KeptAlerts {
    std::vector<OutboxEntry> waiting;  ///< the oldest first
    std::vector<std::string> done;     ///< keys of those that were delivered or given up within a day
    std::size_t unreadable = 0;        ///< rows that waited and that are no alerts
};

/// `now_ms`: this machine's. Errors: those of `Store::select`.
[[nodiscard]] Result<KeptAlerts> read_alerts(Store& store, const std::string& exchange, std::int64_t now_ms);

}  // namespace virtuoso
