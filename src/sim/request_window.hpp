// A limit on requests as exchanges state it: so much in a window of time that begins anew.
#pragma once

#include <cstdint>

namespace virtuoso::sim {

class RequestWindow {
  public:
    RequestWindow(std::int64_t window_ms, double limit) : window_ms_(window_ms), limit_(limit) {}

    /// Counts a request of `weight`; false when the window's limit is passed. O(1).
    bool take(std::int64_t now_ms, double weight) {
        if (now_ms / window_ms_ != window_) {
            window_ = now_ms / window_ms_;
            used_ = 0;
        }
        used_ += weight;
        peak_ = used_ > peak_ ? used_ : peak_;
        return used_ <= limit_;
    }
    [[nodiscard]] double used() const noexcept { return used_; }
    /// The most that any window has seen.
    [[nodiscard]] double peak() const noexcept { return peak_; }
    [[nodiscard]] std::int64_t left_ms(std::int64_t now_ms) const noexcept {
        return window_ms_ - now_ms % window_ms_;
    }

  private:
    std::int64_t window_ms_;
    double limit_;
    std::int64_t window_ = -1;
    double used_ = 0;
    double peak_ = 0;
};

}  // namespace virtuoso::sim
