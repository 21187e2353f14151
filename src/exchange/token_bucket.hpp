// A rate limit that allows short bursts.
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace virtuoso {

/// `burst` tokens at first, refilled at `per_second`. O(1).
class TokenBucket {
  public:
    TokenBucket(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

    /// Takes so many tokens and returns 0, or returns the ms until they are there. What is more than `burst`
    /// goes when the bucket is full.
    [[nodiscard]] std::int64_t take(LocalTime now, double tokens = 1) {
        if (last_.ns != 0 && now > last_) {
            tokens_ = std::min(burst_, tokens_ + static_cast<double>(now - last_) / 1e9 * per_second_);
        }
        last_ = now;
        const double needed = std::min(tokens, burst_);
        if (tokens_ >= needed) {
            tokens_ -= tokens;
            return 0;
        }
        return 1 + static_cast<std::int64_t>((needed - tokens_) / per_second_ * 1'000);
    }

  private:
    double per_second_;
    double burst_;
    double tokens_;
    LocalTime last_;
};

}  // namespace virtuoso
