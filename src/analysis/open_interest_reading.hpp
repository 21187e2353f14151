// What price and open interest say together.
#pragma once

#include "analysis/component.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// Quadrants of Δprice and ΔOI over 5 min and 1 h (METHODOLOGY §4). Computed when a point arrives,
/// because its robust scales sort the history: O(n log n) for n ≤ 288 points.
class OpenInterestReading {
  public:
    void update(const SymbolState& state);
    void write(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const;

  private:
    struct Horizon {
        double interest_z = 0;  ///< ΔOI over its robust scale
        double price_z = 0;
        double interest_change = 0;  ///< as a share
        double price_change = 0;
        std::int64_t span_ms = 0;  ///< between the points compared: longer where points are missing
    };
    [[nodiscard]] static double strength(const Horizon& horizon);

    std::optional<Horizon> short_;  ///< 5 min
    std::optional<Horizon> long_;   ///< 1 h
    std::optional<double> rank_correlation_;
};

}  // namespace virtuoso
