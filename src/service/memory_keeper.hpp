// The memory keeper on its thread.
#pragma once

#include "base/clock.hpp"
#include "service/keeper_run.hpp"
#include "service/keeper_schedule.hpp"
#include "service/memory_relief.hpp"
#include "service/service_log.hpp"
#include "service/shard_group.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace virtuoso {

/// What is told of its runs.
struct KeeperReport {
    std::vector<KeeperRun> runs;  ///< the newest, oldest first
    LatencyHistogram durations;   ///< of all of them
    KeeperSchedule::Options schedule;
    std::int64_t next_in_ms = 0;  ///< until the next one; below 0 while it is due or under way
    bool asked_for = false;       ///< one that was asked for has not begun yet
    std::uint64_t count = 0;      ///< since the start
    std::uint64_t failed = 0;
    std::uint64_t late = 0;
    std::uint64_t slow = 0;
    std::uint64_t idle = 0;    ///< that found nothing to do
    KeeperYield yield;         ///< of all of them
    ShedSummary shed;          ///< likewise, without names
    std::size_t given_up = 0;  ///< symbols that are without what they gave up
    MemoryPressure pressure = MemoryPressure::normal;
    std::int64_t interval_ms = 0;
    MemoryReading memory;
};

/// At its start and then by its schedule, on a thread and a steady clock of its own that no other loop stops:
/// has every shard enforce retention and give back what it does not use, a few symbols a turn, and returns
/// memory to the system. Above the hard mark it gives up histories until the memory is back at the soft one
/// (see ShedStage), and has it again once there is room below it. A run that fails is reported like
/// any other, and the next one comes.
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
    /// A run as soon as the one that is under way, if any, is over. Gives its number; runs that are asked for
    /// before it has begun are one.
    std::uint64_t ask();
    /// The same. Gives its record once it is over; without one when the keeper stops first.
    [[nodiscard]] std::optional<KeeperRun> run_now();
    [[nodiscard]] KeeperReport report(std::size_t runs_max) const;
    /// `run` is absent while it is not over, or when it is older than those kept.
    struct Lookup {
        bool known = false;  ///< it was begun or asked for
        bool over = false;
        std::optional<KeeperRun> run;
    };
    [[nodiscard]] Lookup find(std::uint64_t number) const;

  private:
    void work();
    void run();
    [[nodiscard]] std::optional<KeeperRun> kept(std::uint64_t number) const;
    [[nodiscard]] KeeperYield compact_shards() const;
    void relieve(KeeperRun& run);
    [[nodiscard]] MemoryReading memory() const;

    ShardGroup& shards_;
    const Clock& clock_;
    OnRun on_run_;
    std::stop_source stopping_;  ///< ends the waiting for shards
    MemoryRelief relief_;        ///< of the keeper's thread
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Settings settings_;
    KeeperSchedule schedule_;
    KeeperHistory history_;
    bool asked_for_ = false;    ///< a run that has not begun yet
    std::size_t given_up_ = 0;  ///< as `relief_` counts
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace virtuoso
