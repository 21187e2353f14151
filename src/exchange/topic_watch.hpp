// Whether one topic still makes progress.
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace virtuoso {

/// Judges a topic by the exchange times it brings, against its own rate: a socket may be alive and repeat
/// old data, and a quiet topic may be whole. O(1).
class TopicWatch {
  public:
    static constexpr double gaps_tolerated = 20;
    static constexpr std::int64_t limit_ms_min = 10'000;
    static constexpr std::int64_t limit_ms_max = 30 * ms_per_minute;
    static constexpr std::int64_t limit_ms_unknown = 10 * ms_per_minute;

    /// A message of the topic. True when it is news.
    bool note(ExchangeTime time, LocalTime now) {
        if (time <= newest_) {
            return false;
        }
        if (newest_.ms > 0) {
            const auto gap = static_cast<double>(time - newest_);
            gap_ms_ = gaps_ > 0 ? 0.95 * gap_ms_ + 0.05 * gap : gap;
            ++gaps_;
        }
        newest_ = time;
        progressed_ = now;
        return true;
    }

    /// What was newest was not true.
    void forget_newest() { newest_ = {}; }
    /// Starts the measure anew: (re)subscribed, or told to wait.
    void restart(LocalTime now) { progressed_ = now; }

    /// Milliseconds of silence that this topic may keep.
    [[nodiscard]] std::int64_t limit_ms() const noexcept {
        if (gaps_ < gaps_known) {
            return limit_ms_unknown;
        }
        return std::clamp(static_cast<std::int64_t>(gap_ms_ * gaps_tolerated), limit_ms_min, limit_ms_max);
    }
    [[nodiscard]] std::int64_t silent_ms(LocalTime now) const noexcept {
        return progressed_.ns == 0 ? 0 : (now - progressed_) / 1'000'000;
    }
    [[nodiscard]] bool stale(LocalTime now) const noexcept { return silent_ms(now) > limit_ms(); }
    [[nodiscard]] ExchangeTime newest() const noexcept { return newest_; }

  private:
    ExchangeTime newest_;
    LocalTime progressed_;
    static constexpr std::uint64_t gaps_known = 8;
    double gap_ms_ = 0;  ///< usual distance between messages
    std::uint64_t gaps_ = 0;
};

}  // namespace virtuoso
