// The memory keeper on its thread.
#pragma once

#include "base/clock.hpp"
#include "service/keeper_run.hpp"
#include "service/keeper_schedule.hpp"
#include "service/service_log.hpp"
#include "service/shard_group.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace virtuoso {

/// What is told of its runs.
struct KeeperReport {
    std::vector<KeeperRun> runs;  ///< the newest, oldest first
    std::uint64_t count = 0;      ///< since the start
    std::uint64_t failed = 0;
    std::uint64_t late = 0;
    std::uint64_t slow = 0;
    std::uint64_t idle = 0;  ///< that found nothing to do
    KeeperYield yield;       ///< of all of them
    MemoryPressure pressure = MemoryPressure::normal;
    std::int64_t interval_ms = 0;
    MemoryReading memory;
};

/// At its start and then by its schedule, on a thread and a steady clock of its own that no other loop stops:
/// has every shard enforce retention and give back what it does not use, a few symbols a turn, and returns
/// memory to the system. A run that fails is reported like any other, and the next one comes.
class MemoryKeeper {
  public:
    struct Settings {
        KeeperSchedule::Options schedule = {};
        std::uint64_t memory_limit = 0;  ///< bytes; 0: found out
    };
    /// On its thread, after every run.
    using OnRun = std::function<void(const KeeperRun&)>;

    MemoryKeeper(ShardGroup& shards, const Clock& clock, const Settings& settings, OnRun on_run);
    ~MemoryKeeper();
    MemoryKeeper(const MemoryKeeper&) = delete;
    MemoryKeeper& operator=(const MemoryKeeper&) = delete;

    void start();
    void stop();
    // From any thread, as all that follows.
    void set(const Settings& settings);
    /// A run now. Gives its record once it is over; without one when the keeper stops first.
    [[nodiscard]] std::optional<KeeperRun> run_now();
    [[nodiscard]] KeeperReport report(std::size_t runs_max) const;

  private:
    void work();
    void run(bool asked_for);
    [[nodiscard]] KeeperYield compact_shards() const;
    [[nodiscard]] MemoryReading memory() const;

    ShardGroup& shards_;
    const Clock& clock_;
    OnRun on_run_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Settings settings_;
    KeeperSchedule schedule_;
    KeeperHistory history_;
    std::uint64_t asked_ = 0;  ///< runs that were asked for so far
    std::uint64_t granted_ = 0;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace virtuoso
