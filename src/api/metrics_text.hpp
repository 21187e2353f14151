// What Prometheus is told, in its text format.
#pragma once

#include "service/alert_desk.hpp"
#include "service/health.hpp"
#include "service/market_desk.hpp"
#include "service/memory_keeper.hpp"
#include "service/outcome_desk.hpp"
#include "service/service_log.hpp"
#include "service/shard_message.hpp"
#include "service/store_writer.hpp"
#include "service/symbol_saver.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace virtuoso {

/// Everything that the metrics are made of, at one moment.
struct MetricSources {
    std::string version;
    std::string exchange;
    ServiceHealth health;
    std::vector<std::shared_ptr<const ShardStatus>> shards;
    std::vector<QueueStatus> queues;
    LogCounts log;
    KeeperReport keeper;
    EventCounts events;
    std::optional<SavingStatus> saving = {};
    std::optional<StoreStatus> store;            ///< nullopt: nothing is kept
    std::optional<OutcomeCounts> outcomes = {};  ///< nullopt: no signal is followed
    std::optional<AlertCounts> alerts;
    std::uint64_t shards_replaced = 0;
    std::uint64_t resident_bytes = 0;
    double cpu_seconds = 0;
    std::vector<ResultPointer> deep;  ///< told of one by one: at most `deep_max`
    static constexpr std::size_t deep_max = 50;
};

/// Labels are exchange, shard, message class, kind and part; symbols are those of `deep` only.
[[nodiscard]] std::string metrics_text(const MetricSources& sources);

}  // namespace virtuoso
