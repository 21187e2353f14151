// Price structure of one timeframe, updated together.
#pragma once

#include "indicators/fair_value_gaps.hpp"
#include "indicators/liquidity_pools.hpp"
#include "indicators/order_blocks.hpp"
#include "indicators/price_levels.hpp"
#include "indicators/structure_breaks.hpp"

namespace virtuoso {

/// Extremes of the 50 bars before the newest.
struct PriceRange {
    double low;
    double high;
};

/// Fed with closed candles only, oldest first. O(1) a bar but for the levels, which are computed when a
/// swing is confirmed.
class StructureIndicators {
  public:
    static constexpr std::size_t range_bars = 50;

    /// `atr` and `mean_volume` as they were before this bar.
    void update(const Bar& bar, std::int64_t interval_ms, std::optional<double> atr,
                std::optional<double> mean_volume);

    /// nullopt before 51 bars. O(50).
    [[nodiscard]] std::optional<PriceRange> range() const noexcept;
    /// `age` 0 is the newest bar; at most 50 are kept before it.
    [[nodiscard]] const Bar& bar(std::size_t age) const noexcept { return bars_.newest(age); }
    [[nodiscard]] std::size_t bars() const noexcept { return bars_.size(); }

    SwingDetector swings;
    StructureBreaks breaks;
    OrderBlocks blocks;
    LiquidityPools pools;
    FairValueGaps gaps;
    PriceLevels levels;

    [[nodiscard]] std::size_t bytes() const noexcept { return swings.bytes(); }

  private:
    RollingWindow<Bar, range_bars + 1> bars_;
};

}  // namespace virtuoso
