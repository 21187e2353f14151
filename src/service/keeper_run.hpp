// What the memory keeper did, each time.
#pragma once

#include "base/bounded_ring.hpp"
#include "base/time.hpp"
#include "service/latency_histogram.hpp"
#include "service/memory_pressure.hpp"
#include "service/memory_reading.hpp"
#include "service/memory_shedding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// What retention and compaction gave back.
struct KeeperYield {
    std::uint64_t candles = 0;
    std::uint64_t open_interest = 0;  ///< points
    std::uint64_t trades = 0;
    std::uint64_t others = 0;   ///< funding, ratios, liquidations, events
    std::uint64_t objects = 0;  ///< symbols, results and the like that were let go
    std::uint64_t bytes = 0;    ///< that rings gave back when they were compacted
    KeeperYield& operator+=(const KeeperYield& other) noexcept;
    [[nodiscard]] bool nothing() const noexcept {
        return candles + open_interest + trades + others + objects + bytes == 0;
    }
};

struct KeeperRun {
    std::uint64_t number = 0;  ///< from 1
    LocalTime started{};       ///< of the wall clock, to be shown; nothing is counted from it
    std::int64_t late_ms = 0;  ///< behind its schedule
    std::int64_t duration_ms = 0;
    std::int64_t interval_ms = 0;  ///< that it was made after
    bool asked_for = false;        ///< by hand, not by the schedule
    MemoryReading before{};
    MemoryReading after{};
    KeeperYield yield{};
    MemoryPressure pressure = MemoryPressure::normal;  ///< after it
    ShedSummary shed{};                                ///< what was given up because memory runs out
    std::string error{};                               ///< why it failed; empty when it did not
};

/// Later, longer than this is trouble.
inline constexpr std::int64_t keeper_late_max_ms = 5 * ms_per_second;
inline constexpr std::int64_t keeper_duration_max_ms = ms_per_second;

/// Why a run is to be told as an event: it failed, was late by more than 5 s, took more than 1 s, or shed
/// something. nullopt when all is well.
[[nodiscard]] std::optional<std::string> trouble_of(const KeeperRun& run);
/// "Memory cleanup 12: 0 candles trimmed, 0 open-interest points trimmed, 0 objects freed, memory 394.9 MB →
/// 394.8 MB, took 0.003 s", then what else there is to say of it.
[[nodiscard]] std::string log_line(const KeeperRun& run);

/// The last runs, and what all of them did together.
class KeeperHistory {
  public:
    static constexpr std::size_t runs_max = 1'000;

    KeeperHistory() : runs_(runs_max) {}
    void add(const KeeperRun& run);

    [[nodiscard]] const BoundedRing<KeeperRun>& runs() const noexcept { return runs_; }
    [[nodiscard]] std::uint64_t count() const noexcept { return runs_.pushed(); }
    [[nodiscard]] std::uint64_t failed() const noexcept { return failed_; }
    [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
    [[nodiscard]] std::uint64_t slow() const noexcept { return slow_; }
    /// That found nothing to do.
    [[nodiscard]] std::uint64_t idle() const noexcept { return idle_; }
    /// Of every run; `first` is of none.
    [[nodiscard]] const ShedSummary& shed() const noexcept { return shed_; }
    [[nodiscard]] const KeeperYield& yield() const noexcept { return yield_; }
    [[nodiscard]] const LatencyHistogram& durations() const noexcept { return durations_; }

  private:
    BoundedRing<KeeperRun> runs_;
    std::uint64_t failed_ = 0;
    std::uint64_t late_ = 0;
    std::uint64_t slow_ = 0;
    std::uint64_t idle_ = 0;
    KeeperYield yield_;
    ShedSummary shed_;
    LatencyHistogram durations_;
};

}  // namespace virtuoso
