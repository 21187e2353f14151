// Support and resistance: prices where swings gather.
#pragma once

#include "indicators/swings.hpp"

#include <array>
#include <span>

namespace virtuoso {

struct PriceLevel {
    double price = 0;     ///< weighted mean of its swings
    double strength = 0;  ///< Σ volume share · recency over its swings, over the strongest level's
    int touches = 0;
};

/// Kernel density over the last swings (Epanechnikov, bandwidth half an ATR), each weighted by its
/// volume over the mean and 2^(−age/100 bars). Its peaks are the levels. Computed when a swing is
/// confirmed: O(swings²), 40 at most.
class PriceLevels {
  public:
    static constexpr std::size_t levels_max = 12;
    static constexpr double bandwidth_atr = 0.5;
    static constexpr double half_life_bars = 100;

    void rebuild(const BoundedRing<Swing>& swings, std::uint64_t bar, double atr);

    /// Strongest first.
    [[nodiscard]] std::span<const PriceLevel> levels() const noexcept { return {levels_.data(), count_}; }

  private:
    std::array<PriceLevel, levels_max> levels_{};
    std::size_t count_ = 0;
};

}  // namespace virtuoso
