// The machine's clock: the one place where time comes from outside.
#pragma once

#include "base/clock.hpp"

namespace virtuoso {

class SystemClock final : public Clock {
  public:
    [[nodiscard]] LocalTime now() const override;
    /// Blocks until `time`; returns at once when it has passed.
    void sleep_until(LocalTime time) const;
};

}  // namespace virtuoso
