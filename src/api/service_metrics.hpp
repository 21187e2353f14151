// The memory keeper, the events, what is saved and what became of signals, for Prometheus.
#pragma once

#include "api/exposition.hpp"
#include "service/alert_desk.hpp"
#include "service/market_desk.hpp"
#include "service/memory_keeper.hpp"
#include "service/outcome_desk.hpp"
#include "service/symbol_saver.hpp"

namespace virtuoso {

/// Labels are kinds, severities, stages, fates and states.
void add_keeper(Exposition& out, const KeeperReport& keeper);
void add_events(Exposition& out, const EventCounts& events);
void add_saving(Exposition& out, const SavingStatus& saving);
/// Of signals that are followed.
void add_outcomes(Exposition& out, const OutcomeCounts& outcomes);
void add_alerts(Exposition& out, const AlertCounts& alerts);

}  // namespace virtuoso
