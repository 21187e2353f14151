// The memory keeper and the events for Prometheus.
#pragma once

#include "api/exposition.hpp"
#include "service/market_desk.hpp"
#include "service/memory_keeper.hpp"

namespace virtuoso {

/// Labels are kinds, severities and stages.
void add_keeper(Exposition& out, const KeeperReport& keeper);
void add_events(Exposition& out, const EventCounts& events);

}  // namespace virtuoso
