// Volume-weighted average price of a session.
#pragma once

#include "indicators/bar.hpp"

#include <optional>

namespace virtuoso {

/// VWAP of typical prices since the last 00:00 UTC, in price units. Undefined while the session has no
/// volume. O(1).
class SessionVwap {
  public:
    void update(const Bar& bar) noexcept {
        const std::int64_t session = bar.open_time.ms / ms_per_day;
        if (session != session_) {
            session_ = session;
            turnover_ = 0;
            volume_ = 0;
        }
        turnover_ += bar.typical() * bar.volume;
        volume_ += bar.volume;
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return volume_ > 0 ? std::optional(turnover_ / volume_) : std::nullopt;
    }

  private:
    std::int64_t session_ = -1;
    double turnover_ = 0;
    double volume_ = 0;
};

}  // namespace virtuoso
