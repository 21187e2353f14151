// The machine's clock: the one place where time comes from outside.
#pragma once

#include "base/clock.hpp"

namespace virtuoso {

/// The time of day when it was made, and from there on what has really passed, also while the machine slept:
/// whoever sets the machine's clock changes nothing of the intervals that are measured with this one.
class SystemClock final : public Clock {
  public:
    SystemClock();
    [[nodiscard]] LocalTime now() const override;
    /// Blocks until `time`; returns at once when it has passed.
    void sleep_until(LocalTime time) const;

  private:
    std::int64_t offset_ns_;  ///< of the time of day against the time since the machine started
};

/// The time of day, which somebody may set.
[[nodiscard]] LocalTime time_of_day();

}  // namespace virtuoso
