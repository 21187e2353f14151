// Simple and exponential moving averages.
#pragma once

#include "indicators/rolling_window.hpp"

#include <optional>

namespace virtuoso {

/// Mean of the last N values, by a running sum. O(1).
template <std::size_t N>
class SimpleMovingAverage {
  public:
    void update(double value) noexcept {
        if (window_.full()) {
            sum_ -= window_.oldest();
        }
        sum_ += value;
        window_.push(value);
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return window_.full() ? std::optional(sum_ / static_cast<double>(N)) : std::nullopt;
    }

  private:
    RollingWindow<double, N> window_;
    double sum_ = 0;
};

/// EMA with α = 2/(N+1), seeded with the mean of its first N values (TA-Lib's classic convention). O(1).
class ExponentialMovingAverage {
  public:
    explicit ExponentialMovingAverage(int period) noexcept : period_(period), alpha_(2.0 / (period + 1)) {}

    void update(double value) noexcept {
        if (count_ < period_) {
            seed_ += value;
            if (++count_ == period_) {
                value_ = seed_ / period_;
            }
            return;
        }
        value_ += alpha_ * (value - value_);
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return count_ == period_ ? std::optional(value_) : std::nullopt;
    }

  private:
    int period_;
    double alpha_;
    int count_ = 0;
    double seed_ = 0;
    double value_ = 0;
};

/// Wilder's smoothing: first value the mean of N, then α = 1/N (New Concepts in Technical Trading
/// Systems, 1978). O(1).
class WilderAverage {
  public:
    explicit WilderAverage(int period) noexcept : period_(period) {}

    void update(double value) noexcept {
        if (count_ < period_) {
            value_ += value;
            if (++count_ == period_) {
                value_ /= period_;
            }
            return;
        }
        value_ = (value_ * (period_ - 1) + value) / period_;
    }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return count_ == period_ ? std::optional(value_) : std::nullopt;
    }

  private:
    int period_;
    int count_ = 0;
    double value_ = 0;
};

}  // namespace virtuoso
