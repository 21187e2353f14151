// The memory keeper, the events and what is saved, for Prometheus.
#pragma once

#include "api/exposition.hpp"
#include "service/alert_desk.hpp"
#include "service/market_desk.hpp"
#include "service/memory_keeper.hpp"
#include "service/symbol_saver.hpp"

namespace virtuoso {

/// Labels are kinds, severities and stages.
void add_keeper(Exposition& out, const KeeperReport& keeper);
void add_events(Exposition& out, const EventCounts& events);
void add_saving(Exposition& out, const SavingStatus& saving);
void add_alerts(Exposition& out, const AlertCounts& alerts);

}  // namespace virtuoso
