// How well the service does its work.
#pragma once

#include "service/hub.hpp"
#include "service/latest_results.hpp"
#include "service/memory_keeper.hpp"
#include "service/shard_group.hpp"
#include "service/store_writer.hpp"
#include "service/symbol_saver.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

struct PartHealth {
    std::string name;  ///< "shard 0", "hub", "keeper", "store"
    bool good = true;
    std::string detail;  ///< figures, and what is amiss
};

struct SymbolHealth {
    std::string symbol;
    bool deep = false;
    bool whole = true;
    bool scored = false;
    std::int64_t evaluated_ago_ms = 0;
    std::int64_t newest_ago_ms = 0;  ///< exchange time since its newest event
    std::size_t bytes = 0;           ///< held for it
    std::vector<std::string> concerns;
};

struct ServiceHealth {
    bool live = true;    ///< every shard and the hub make progress
    bool ready = false;  ///< the instruments are known and 90 % of the deep symbols are whole and evaluated
    std::string why_not_ready;
    std::int64_t uptime_ms = 0;
    std::size_t symbols = 0;
    std::size_t whole = 0;
    std::size_t deep = 0;
    std::size_t deep_whole = 0;
    std::vector<PartHealth> parts;
    std::vector<SymbolHealth> worst;  ///< worst first
};

/// What health is judged by; all of it outlives the call.
struct HealthSources {
    const ShardGroup& shards;
    const Hub& hub;
    const LatestResults& results;
    const MemoryKeeper& keeper;
    std::optional<SavingStatus> saving;
    std::optional<StoreStatus> store;  ///< nullopt: nothing is kept
    LocalTime began;
};

/// Whether every shard and the hub make progress. O(shards).
[[nodiscard]] bool is_live(const Hub& hub, const ShardGroup& shards, LocalTime now);

/// O(symbols log symbols_max). `symbols_max`: of those listed as worst.
[[nodiscard]] ServiceHealth health_of(const HealthSources& sources, LocalTime now, std::size_t symbols_max);

}  // namespace virtuoso
