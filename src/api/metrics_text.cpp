#include "api/metrics_text.hpp"

#include "api/exposition.hpp"
#include "api/service_metrics.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

std::string shard_of(const ShardStatus& status) {
    return std::to_string(status.shard);
}

void add_process(Exposition& out, const MetricSources& sources) {
    out.begin("virtuoso_build_info", "Always 1: the version that runs, and the exchange that it follows.",
              MetricType::gauge)
        .add({{"version", sources.version}, {"exchange", sources.exchange}}, 1);
    out.begin("virtuoso_up", "1 while every part makes progress.", MetricType::gauge)
        .add({}, sources.health.live ? 1 : 0);
    out.begin("virtuoso_ready", "1 while the service is ready.", MetricType::gauge)
        .add({}, sources.health.ready ? 1 : 0);
    out.begin("virtuoso_uptime_seconds", "Since the service was begun.", MetricType::gauge)
        .add({}, static_cast<double>(sources.health.uptime_ms) / 1e3);
    out.begin("process_resident_memory_bytes", "Resident memory.", MetricType::gauge)
        .add({}, real(sources.resident_bytes));
    out.begin("process_cpu_seconds_total", "User and system time.", MetricType::counter)
        .add({}, sources.cpu_seconds);
}

void add_symbols(Exposition& out, const MetricSources& sources) {
    out.begin("virtuoso_symbols", "Symbols by kind and state.", MetricType::gauge)
        .add({{"kind", "all"}, {"state", "followed"}}, real(sources.health.symbols))
        .add({{"kind", "all"}, {"state", "whole"}}, real(sources.health.whole))
        .add({{"kind", "deep"}, {"state", "followed"}}, real(sources.health.deep))
        .add({{"kind", "deep"}, {"state", "whole"}}, real(sources.health.deep_whole));
    out.begin("virtuoso_symbol_score", "Confluence score of a deep symbol; absent when there is none.",
              MetricType::gauge);
    const std::size_t told = std::min(sources.deep.size(), MetricSources::deep_max);
    for (std::size_t i = 0; i < told; ++i) {
        if (const auto& score = sources.deep[i]->confluence.score) {
            out.add({{"symbol", sources.deep[i]->symbol}}, *score);
        }
    }
    out.begin("virtuoso_symbol_reliability", "Reliability of a deep symbol's score.", MetricType::gauge);
    for (std::size_t i = 0; i < told; ++i) {
        out.add({{"symbol", sources.deep[i]->symbol}}, sources.deep[i]->confluence.reliability);
    }
}

struct FeedCount {
    const char* name;
    const char* help;
    std::uint64_t FeedStatistics::*count;
};
constexpr std::array feed_counts{
    FeedCount{"virtuoso_feed_frames_total", "WebSocket messages received.", &FeedStatistics::frames},
    FeedCount{"virtuoso_feed_bytes_total", "Bytes of them.", &FeedStatistics::bytes},
    FeedCount{"virtuoso_feed_refused_total", "Messages that could not be decoded.", &FeedStatistics::refused},
    FeedCount{"virtuoso_feed_connections_total", "Connections opened.", &FeedStatistics::connections},
    FeedCount{"virtuoso_feed_disconnects_total", "Connections lost.", &FeedStatistics::disconnects},
    FeedCount{"virtuoso_feed_rotations_total", "Connections replaced because of their age.",
              &FeedStatistics::rotations},
    FeedCount{"virtuoso_feed_resyncs_total", "Order books asked for again.", &FeedStatistics::resyncs},
    FeedCount{"virtuoso_feed_stale_topics_total", "Topics asked for again because they made no progress.",
              &FeedStatistics::stale_topics},
    FeedCount{"virtuoso_feed_trade_fills_total", "Gaps in trades that REST filled.",
              &FeedStatistics::trade_fills},
    FeedCount{"virtuoso_feed_trade_gaps_total", "Gaps in trades that could not be filled.",
              &FeedStatistics::trade_gaps},
    FeedCount{"virtuoso_feed_subscriptions_refused_total", "Topics that the exchange refused.",
              &FeedStatistics::subscriptions_refused},
    FeedCount{"virtuoso_rest_requests_total", "REST requests sent.", &FeedStatistics::requests},
    FeedCount{"virtuoso_rest_retries_total", "REST requests sent again.", &FeedStatistics::request_retries},
    FeedCount{"virtuoso_rest_failures_total", "REST requests given up.", &FeedStatistics::request_failures},
};

void add_feed(Exposition& out, const MetricSources& sources) {
    for (const auto& [name, help, count] : feed_counts) {
        out.begin(name, help, MetricType::counter);
        for (const auto& status : sources.shards) {
            out.add({{"exchange", sources.exchange}, {"shard", shard_of(*status)}},
                    real(status->feed.*count));
        }
    }
    out.begin("virtuoso_rest_requests_waiting", "REST requests that wait for the exchange's limits.",
              MetricType::gauge);
    for (const auto& status : sources.shards) {
        out.add({{"exchange", sources.exchange}, {"shard", shard_of(*status)}},
                real(status->feed.requests_waiting));
    }
    out.begin("virtuoso_rest_weight_total", "Weight of the REST requests sent, as the exchange counts it.",
              MetricType::counter);
    for (const auto& status : sources.shards) {
        out.add({{"exchange", sources.exchange}, {"shard", shard_of(*status)}}, status->feed.request_weight);
    }
    out.begin("virtuoso_rest_weight_limit_per_second", "Weight that a shard may send in a second, its share.",
              MetricType::gauge);
    for (const auto& status : sources.shards) {
        out.add({{"exchange", sources.exchange}, {"shard", shard_of(*status)}},
                status->feed.request_weight_limit);
    }
    out.begin("virtuoso_exchange_clock_offset_seconds", "Exchange's clock minus ours.", MetricType::gauge);
    for (const auto& status : sources.shards) {
        out.add({{"exchange", sources.exchange}, {"shard", shard_of(*status)}},
                static_cast<double>(status->clock_offset_ms) / 1e3);
    }
    out.begin("virtuoso_messages_total", "Messages understood, by class.", MetricType::counter);
    for (const auto& status : sources.shards) {
        for (const MessageClass message : message_classes) {
            out.add({{"exchange", sources.exchange},
                     {"shard", shard_of(*status)},
                     {"class", std::string(name_of(message))}},
                    real(status->messages[static_cast<std::size_t>(message)]));
        }
    }
}

using ClassTimes = std::array<LatencyHistogram, message_classes.size()>;

void add_class_times(Exposition& out, const MetricSources& sources, const char* name, const char* help,
                     ClassTimes ShardStatus::*times) {
    out.begin(name, help, MetricType::histogram);
    for (const auto& status : sources.shards) {
        for (const MessageClass message : message_classes) {
            out.add({{"shard", shard_of(*status)}, {"class", std::string(name_of(message))}},
                    ((*status).*times)[static_cast<std::size_t>(message)]);
        }
    }
}

void add_times(Exposition& out, const MetricSources& sources, const char* name, const char* help,
               LatencyHistogram ShardStatus::*times) {
    out.begin(name, help, MetricType::histogram);
    for (const auto& status : sources.shards) {
        out.add({{"shard", shard_of(*status)}}, (*status).*times);
    }
}

void add_analysis(Exposition& out, const MetricSources& sources) {
    out.begin("virtuoso_evaluations_total", "Evaluations of symbols.", MetricType::counter);
    for (const auto& status : sources.shards) {
        out.add({{"shard", shard_of(*status)}}, real(status->evaluations));
    }
    add_class_times(out, sources, "virtuoso_socket_to_state_seconds",
                    "From the socket until the state has the message.", &ShardStatus::socket_to_state);
    add_class_times(out, sources, "virtuoso_socket_to_score_seconds",
                    "From the socket until there is a score, of messages that were due for one.",
                    &ShardStatus::socket_to_score);
    add_times(out, sources, "virtuoso_state_to_score_seconds", "The part of that after the state.",
              &ShardStatus::state_to_score);
    add_times(out, sources, "virtuoso_evaluation_seconds", "One evaluation of a symbol.",
              &ShardStatus::evaluation);
    add_times(out, sources, "virtuoso_score_age_seconds",
              "From the oldest message that a score is the first to know until that score.",
              &ShardStatus::score_age);
}

void add_service(Exposition& out, const MetricSources& sources) {
    out.begin("virtuoso_memory_bytes", "Memory held for symbols, by kind.", MetricType::gauge);
    for (const auto& status : sources.shards) {
        const ShardMemory& memory = status->memory;
        for (const auto& [kind, bytes] :
             {std::pair("books", memory.books), std::pair("tapes", memory.tapes),
              std::pair("candles", memory.candles), std::pair("other_state", memory.other_state),
              std::pair("analysis", memory.analysis)}) {
            out.add({{"shard", shard_of(*status)}, {"kind", kind}}, real(bytes));
        }
    }
    for (const auto& queue : sources.queues) {
        out.add({{"shard", std::to_string(queue.shard)}, {"kind", "queues"}}, real(queue.bytes));
    }
    out.add({{"kind", "events"}}, real(sources.events.bytes));
    out.begin("virtuoso_queue_waiting", "Values that wait in a queue.", MetricType::gauge);
    for (const auto& queue : sources.queues) {
        out.add({{"queue", "shard_to_hub"}, {"shard", std::to_string(queue.shard)}}, real(queue.waiting));
    }
    out.begin("virtuoso_queue_dropped_total", "Values that a full queue refused.", MetricType::counter);
    for (const auto& queue : sources.queues) {
        out.add({{"queue", "shard_to_hub"}, {"shard", std::to_string(queue.shard)}}, real(queue.dropped));
    }
    out.begin("virtuoso_shards_replaced_total", "Shards that failed or stalled and were made anew.",
              MetricType::counter)
        .add({}, real(sources.shards_replaced));
    out.begin("virtuoso_log_lines_total", "Log lines by what became of them.", MetricType::counter)
        .add({{"fate", "written"}}, real(sources.log.written))
        .add({{"fate", "held_back"}}, real(sources.log.held_back))
        .add({{"fate", "overrun"}}, real(sources.log.overrun))
        .add({{"fate", "failed"}}, real(sources.log.failed));
}

void add_store(Exposition& out, const StoreStatus& store) {
    out.begin("virtuoso_store_rows_total", "Rows of the store by what became of them.", MetricType::counter);
    for (const auto& spec : all_store_tables()) {
        const auto table = static_cast<std::size_t>(spec.table);
        const std::string name(spec.name);
        out.add({{"table", name}, {"fate", "written"}}, real(store.written[table]))
            .add({{"table", name}, {"fate", "dropped"}}, real(store.dropped[table]))
            .add({{"table", name}, {"fate", "refused"}}, real(store.refused[table]))
            .add({{"table", name}, {"fate", "removed"}}, real(store.removed[table]));
    }
    out.begin("virtuoso_store_failures_total", "Transactions that had to be tried again.",
              MetricType::counter)
        .add({}, real(store.failures));
    out.begin("virtuoso_store_up", "1 while the store takes rows.", MetricType::gauge)
        .add({}, store.trouble.empty() ? 1 : 0);
    out.begin("virtuoso_store_waiting", "Rows that wait to be written.", MetricType::gauge)
        .add({}, real(store.waiting));
    out.begin("virtuoso_store_waiting_bytes", "Memory of them.", MetricType::gauge)
        .add({}, real(store.waiting_bytes));
}

}  // namespace

std::string metrics_text(const MetricSources& sources) {
    Exposition out;
    add_process(out, sources);
    add_symbols(out, sources);
    add_feed(out, sources);
    add_analysis(out, sources);
    add_service(out, sources);
    add_keeper(out, sources.keeper);
    add_events(out, sources.events);
    if (sources.saving) {
        add_saving(out, *sources.saving);
    }
    if (sources.store) {
        add_store(out, *sources.store);
    }
    if (sources.outcomes) {
        add_outcomes(out, *sources.outcomes);
    }
    if (sources.alerts) {
        add_alerts(out, *sources.alerts);
    }
    return out.text();
}

}  // namespace virtuoso
