#include "api/service_metrics.hpp"

namespace virtuoso {

namespace {

void add_memory(Exposition& out, const KeeperReport& keeper) {
    out.begin("virtuoso_memory_limit_bytes", "What the process may have; 0 when it is not known.",
              MetricType::gauge)
        .add({}, real(keeper.memory.limit));
    out.begin("virtuoso_memory_pressure", "1 for the stage that memory is in.", MetricType::gauge);
    for (const MemoryPressure stage : {MemoryPressure::normal, MemoryPressure::soft, MemoryPressure::hard}) {
        out.add({{"stage", std::string(name_of(stage))}}, keeper.pressure == stage ? 1 : 0);
    }
    out.begin("virtuoso_shed_symbols_total", "Symbols that gave up something because memory ran out.",
              MetricType::counter);
    for (const ShedStage stage : shed_stages) {
        out.add({{"stage", std::string(name_of(stage))}},
                real(keeper.shed.symbols[static_cast<std::size_t>(stage)]));
    }
    out.begin("virtuoso_shed_bytes_total", "What they gave up.", MetricType::counter)
        .add({}, real(keeper.shed.bytes));
    out.begin("virtuoso_symbols_without_history", "Symbols that are without what they gave up.",
              MetricType::gauge)
        .add({}, real(keeper.given_up));
}

}  // namespace

void add_keeper(Exposition& out, const KeeperReport& keeper) {
    out.begin("virtuoso_keeper_runs_total", "Runs of the memory keeper.", MetricType::counter)
        .add({}, real(keeper.count));
    out.begin("virtuoso_keeper_idle_runs_total", "Of them, those that found nothing to do.",
              MetricType::counter)
        .add({}, real(keeper.idle));
    out.begin("virtuoso_keeper_troubles_total",
              "Of them, those that failed, were more than 5 s late, took more than 1 s.", MetricType::counter)
        .add({{"kind", "failed"}}, real(keeper.failed))
        .add({{"kind", "late"}}, real(keeper.late))
        .add({{"kind", "slow"}}, real(keeper.slow));
    out.begin("virtuoso_keeper_run_seconds", "How long they took.", MetricType::histogram)
        .add({}, keeper.durations);
    out.begin("virtuoso_keeper_returned_bytes_total", "What rings gave back.", MetricType::counter)
        .add({}, real(keeper.yield.bytes));
    out.begin("virtuoso_keeper_interval_seconds", "Until the next run after one, as memory demands.",
              MetricType::gauge)
        .add({}, static_cast<double>(keeper.interval_ms) / 1e3);
    add_memory(out, keeper);
}

void add_saving(Exposition& out, const SavingStatus& saving) {
    out.begin("virtuoso_saved_files_total", "Files of symbols saved for the next start.", MetricType::counter)
        .add({{"fate", "finished"}}, real(saving.files))
        .add({{"fate", "failed"}}, real(saving.failures));
    out.begin("virtuoso_saved_symbols", "Symbols in the newest of them.", MetricType::gauge)
        .add({}, real(saving.symbols));
    out.begin("virtuoso_saved_bytes", "Their size on disk.", MetricType::gauge).add({}, real(saving.bytes));
    out.begin("virtuoso_saved_timestamp_seconds", "When one was finished last; 0: never.", MetricType::gauge)
        .add({}, static_cast<double>(saving.last.ns) / 1e9);
}

void add_events(Exposition& out, const EventCounts& events) {
    out.begin("virtuoso_events_total", "Notable events that were told.", MetricType::counter);
    for (const EventKind kind : all_event_kinds()) {
        for (const EventSeverity severity : event_severity_list) {
            out.add({{"kind", std::string(name_of(kind))}, {"severity", std::string(name_of(severity))}},
                    real(events.told[static_cast<std::size_t>(kind)][static_cast<std::size_t>(severity)]));
        }
    }
    out.begin("virtuoso_events_held_back_total", "Those that were not, because of their cooldown.",
              MetricType::counter);
    for (const EventKind kind : all_event_kinds()) {
        out.add({{"kind", std::string(name_of(kind))}},
                real(events.held_back[static_cast<std::size_t>(kind)]));
    }
}

void add_outcomes(Exposition& out, const OutcomeCounts& outcomes) {
    out.begin("virtuoso_outcomes_followed", "Signals on their way to their barriers and horizons.",
              MetricType::gauge)
        .add({}, real(outcomes.followed));
    out.begin("virtuoso_outcomes_signals_total", "Signals by what became of following them.",
              MetricType::counter)
        .add({{"fate", "over"}}, real(outcomes.over))
        .add({{"fate", "left_out"}}, real(outcomes.left_out));
    out.begin("virtuoso_outcomes_total",
              "Horizons and plans that are over, by whether all of their way was seen.", MetricType::counter)
        .add({{"state", "whole"}}, real(outcomes.rows_whole))
        .add({{"state", "hole"}}, real(outcomes.rows_hole));
}

void add_alerts(Exposition& out, const AlertCounts& alerts) {
    const DispatchCounts& dispatch = alerts.dispatch;
    const OutboxCounts& outbox = alerts.outbox;
    out.begin("virtuoso_alert_occurrences_total", "What alert rules were told of, by what became of it.",
              MetricType::counter)
        .add({{"fate", "unmatched"}}, real(dispatch.unmatched))
        .add({{"fate", "cooldown"}}, real(dispatch.by_cooldown))
        .add({{"fate", "sink_filter"}}, real(dispatch.by_sink))
        .add({{"fate", "at_once"}}, real(dispatch.at_once))
        .add({{"fate", "digest"}}, real(dispatch.in_digests));
    out.begin("virtuoso_alerts_total", "Alerts by what became of them.", MetricType::counter)
        .add({{"fate", "delivered"}}, real(outbox.delivered))
        .add({{"fate", "dead"}}, real(outbox.dead));
    out.begin("virtuoso_alert_attempts_failed_total", "Deliveries that are tried again.", MetricType::counter)
        .add({}, real(outbox.failed));
    out.begin("virtuoso_alerts_waiting", "Alerts that are to be delivered.", MetricType::gauge)
        .add({}, real(outbox.waiting));
}

}  // namespace virtuoso
