// Directional movement: +DI, −DI and ADX.
#pragma once

#include "indicators/bar.hpp"

#include <optional>

namespace virtuoso {

/// Wilder 1978 with TA-Lib's start: sums of the first period − 1 movements, then Wilder smoothing. All
/// values 0…100. DI after period + 1 bars, ADX after 2·period. O(1).
class Adx {
  public:
    explicit Adx(int period = 14) noexcept : period_(period) {}

    void update(const Bar& bar) noexcept;

    [[nodiscard]] std::optional<double> plus_di() const noexcept { return directional(plus_); }
    [[nodiscard]] std::optional<double> minus_di() const noexcept { return directional(minus_); }
    [[nodiscard]] std::optional<double> value() const noexcept {
        return movements_ >= 2 * period_ - 1 ? std::optional(adx_) : std::nullopt;
    }

  private:
    [[nodiscard]] std::optional<double> directional(double movement) const noexcept;
    void smooth_index() noexcept;

    int period_;
    int movements_ = 0;  ///< bars that had a bar before them
    std::optional<Bar> previous_;
    double plus_ = 0;   ///< smoothed sum of +DM
    double minus_ = 0;  ///< smoothed sum of −DM
    double range_ = 0;  ///< smoothed sum of true range
    double dx_sum_ = 0;
    double adx_ = 0;
};

}  // namespace virtuoso
