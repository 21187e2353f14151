// How long to wait before the same thing is asked for once more.
#pragma once

#include "base/seeded_random.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace virtuoso {

/// Pauses between requests for something that goes wrong again and again. The first follows at once; each
/// pause is twice the one before, drawn from its upper half, up to `max_ms`; `calm_ms` without trouble take
/// one doubling back. In any T ms there are therefore at most 2 + log2(max_ms / first_ms) + T / calm_ms +
/// 2 T / max_ms requests, whatever goes wrong when. O(1) a call.
class GrowingPause {
  public:
    struct Limits {
        std::int64_t first_ms = 1'000;
        std::int64_t max_ms = 120'000;
        std::int64_t calm_ms = 60'000;
    };

    GrowingPause(Limits limits, std::uint64_t seed) : limits_(limits), random_(seed) {}

    /// It is asked for now: the next request may follow at `next_at`.
    void asked(LocalTime now) {
        const std::int64_t pause =
            pause_ms_ == 0 ? limits_.first_ms : std::min(limits_.max_ms, pause_ms_ * 2);
        const std::int64_t half = pause / 2;
        pause_ms_ = pause;
        next_at_ = {now.ns +
                    (half + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(half + 1)))) *
                        ns_per_ms};
    }
    /// All was well for so long.
    void calm(std::int64_t ms) {
        for (; ms >= limits_.calm_ms && pause_ms_ > 0; ms -= limits_.calm_ms) {
            pause_ms_ = pause_ms_ <= limits_.first_ms ? 0 : std::max(limits_.first_ms, pause_ms_ / 2);
        }
    }

    [[nodiscard]] LocalTime next_at() const noexcept { return next_at_; }
    [[nodiscard]] bool over(LocalTime now) const noexcept { return now >= next_at_; }

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;

    Limits limits_;
    SeededRandom random_;
    std::int64_t pause_ms_ = 0;  ///< the last one at its longest; 0: there was none, or it is forgotten
    LocalTime next_at_;
};

}  // namespace virtuoso
