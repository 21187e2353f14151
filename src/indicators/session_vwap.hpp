// Volume-weighted average price of a session, with its deviation.
#pragma once

#include "indicators/bar.hpp"

#include <cmath>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// VWAP of typical prices since the last start of a session: 00:00 UTC, or Monday 00:00 UTC. Undefined
/// while the session has no volume. O(1).
class SessionVwap {
  public:
    static constexpr SessionVwap daily() noexcept { return {ms_per_day, 0}; }
    /// The epoch was a Thursday: weeks begin four days after a multiple of seven.
    static constexpr SessionVwap weekly() noexcept { return {7 * ms_per_day, 4 * ms_per_day}; }

    void update(const Bar& bar) noexcept {
        const std::int64_t session = (bar.open_time.ms - offset_ms_) / length_ms_;
        if (session != session_) {
            *this = {length_ms_, offset_ms_};
            session_ = session;
            reference_ = bar.typical();
            first_ = bar.open_time;
        }
        last_ = bar.open_time;
        ++bars_;
        const double price = bar.typical();
        turnover_ += price * bar.volume;
        volume_ += bar.volume;
        const double distance = price - reference_;
        shift_ += distance * bar.volume;
        square_ += distance * distance * bar.volume;
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return volume_ > 0 ? std::optional(turnover_ / volume_) : std::nullopt;
    }
    [[nodiscard]] std::uint64_t bars() const noexcept { return bars_; }
    /// From the first bar of the session to the newest one's opening.
    [[nodiscard]] std::int64_t span_ms() const noexcept { return last_ - first_; }
    /// Volume-weighted standard deviation of typical prices around the VWAP.
    [[nodiscard]] std::optional<double> deviation() const noexcept {
        if (!(volume_ > 0)) {
            return std::nullopt;
        }
        const double mean = shift_ / volume_;
        return std::sqrt(std::fmax(square_ / volume_ - mean * mean, 0.0));
    }

  private:
    constexpr SessionVwap(std::int64_t length_ms, std::int64_t offset_ms) noexcept
        : length_ms_(length_ms), offset_ms_(offset_ms) {}

    std::int64_t length_ms_;
    std::int64_t offset_ms_;
    std::int64_t session_ = -1;
    ExchangeTime first_;
    ExchangeTime last_;
    std::uint64_t bars_ = 0;
    double turnover_ = 0;
    double volume_ = 0;
    double reference_ = 0;  ///< first price of the session: sums around it lose no digits
    double shift_ = 0;      ///< Σ volume · (price − reference)
    double square_ = 0;     ///< Σ volume · (price − reference)²
};

}  // namespace virtuoso
