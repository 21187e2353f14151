// When the memory keeper runs.
#pragma once

#include "base/time.hpp"
#include "service/memory_pressure.hpp"

#include <compare>
#include <cstdint>

namespace virtuoso {

/// Of a clock that never steps and has no date: ns since some moment.
struct SteadyTime {
    std::int64_t ns = 0;
    friend constexpr auto operator<=>(SteadyTime, SteadyTime) noexcept = default;
    [[nodiscard]] constexpr std::int64_t ms_since(SteadyTime other) const noexcept {
        return (ns - other.ns) / 1'000'000;
    }
    [[nodiscard]] constexpr SteadyTime after_ms(std::int64_t ms) const noexcept {
        return {ns + ms * 1'000'000};
    }
};

/// At its beginning and then every interval: what is late by up to a second is made good, what is later moves
/// what follows, so that runs never pile up. While memory is short the interval halves with every run, and
/// with every rise of the pressure, down to its least; when there is room again it doubles with every run.
/// Whoever runs it asks for `next_at`, waits, and reports; a run that fails is reported like any other.
class KeeperSchedule {
  public:
    struct Options {
        std::int64_t interval_ms = 600 * ms_per_second;
        std::int64_t interval_min_ms = 30 * ms_per_second;
        PressureMarks marks = {};
    };
    struct Start {
        std::uint64_t number = 0;
        std::int64_t late_ms = 0;
        std::int64_t interval_ms = 0;  ///< that was waited for
    };
    static constexpr std::int64_t made_good_ms = ms_per_second;

    /// The first run is due at once.
    KeeperSchedule(const Options& options, SteadyTime now)
        : options_(options), interval_ms_(options.interval_ms), next_(now) {}

    [[nodiscard]] SteadyTime next_at() const noexcept { return next_; }
    [[nodiscard]] bool due(SteadyTime now) const noexcept { return now >= next_; }
    /// A run begins now, due or asked for.
    Start begin(SteadyTime now) noexcept;
    /// It is over, and this is how the memory stands. The next one leaves half the least interval in between.
    void end(SteadyTime now, const MemoryReading& after) noexcept;
    /// Between runs, as often as one likes: when the pressure has risen the next run comes sooner.
    void observe(SteadyTime now, const MemoryReading& reading) noexcept;
    /// Other options, from the next run on.
    void set(const Options& options, SteadyTime now) noexcept;

    [[nodiscard]] MemoryPressure pressure() const noexcept { return pressure_; }
    [[nodiscard]] std::int64_t interval_ms() const noexcept { return interval_ms_; }
    [[nodiscard]] std::uint64_t runs() const noexcept { return runs_; }

  private:
    void shorten() noexcept;
    void lengthen() noexcept;

    Options options_;
    std::int64_t interval_ms_;
    SteadyTime next_;
    SteadyTime scheduled_;  ///< of the run that was begun last
    std::uint64_t runs_ = 0;
    MemoryPressure pressure_ = MemoryPressure::normal;
};

}  // namespace virtuoso
