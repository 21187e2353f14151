// Least-squares slope of the last values.
#pragma once

#include "indicators/rolling_window.hpp"

#include <optional>

namespace virtuoso {

/// Change per step of the line fitted to the last N values; nullopt before N. O(N).
template <std::size_t N>
class RollingSlope {
  public:
    void update(double value) noexcept { window_.push(value); }

    [[nodiscard]] std::optional<double> value() const noexcept {
        if (!window_.full()) {
            return std::nullopt;
        }
        constexpr double middle = (static_cast<double>(N) - 1) / 2;
        double cross = 0;
        double square = 0;
        for (std::size_t age = 0; age < N; ++age) {
            const double step = middle - static_cast<double>(age);
            // Differences from the newest keep the digits of a line that has grown large.
            cross += step * (window_.newest(age) - window_.newest(0));
            square += step * step;
        }
        return cross / square;
    }

  private:
    RollingWindow<double, N> window_;
};

}  // namespace virtuoso
