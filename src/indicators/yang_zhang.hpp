// Realised volatility from open, high, low and close.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <optional>

namespace virtuoso {

/// Yang, Zhang 2000: overnight variance + k · open-to-close variance + (1 − k) · Rogers–Satchell
/// variance, k = 0.34 / (1.34 + (n + 1)/(n − 1)); the root of it, per bar. nullopt before n + 1 bars. O(n).
class YangZhang {
  public:
    static constexpr std::size_t period = 24;

    void update(const Bar& bar) noexcept;
    [[nodiscard]] std::optional<double> value() const noexcept;

  private:
    struct Part {
        double overnight;  ///< ln(open / previous close)
        double session;    ///< ln(close / open)
        double rogers_satchell;
    };
    RollingWindow<Part, period> window_;
    double previous_close_ = 0;
};

}  // namespace virtuoso
