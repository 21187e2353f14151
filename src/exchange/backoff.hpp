// Waiting times between attempts.
#pragma once

#include "base/seeded_random.hpp"

#include <algorithm>
#include <cstdint>

namespace virtuoso {

/// Doubles from `first_ms` to `max_ms`; each wait is drawn from its upper half, so that many clients (or
/// many connections of one) do not come back in step.
class Backoff {
  public:
    Backoff(std::int64_t first_ms, std::int64_t max_ms, std::uint64_t seed)
        : first_ms_(first_ms), max_ms_(max_ms), next_ms_(first_ms), random_(seed) {}

    [[nodiscard]] std::int64_t next() {
        const std::int64_t wait = next_ms_;
        next_ms_ = std::min(max_ms_, next_ms_ * 2);
        return wait / 2 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(wait / 2 + 1)));
    }
    void reset() { next_ms_ = first_ms_; }

  private:
    std::int64_t first_ms_;
    std::int64_t max_ms_;
    std::int64_t next_ms_;
    SeededRandom random_;
};

}  // namespace virtuoso
