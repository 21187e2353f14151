#include "indicators/structure_indicators.hpp"

namespace virtuoso {

void StructureIndicators::update(const Bar& bar, std::int64_t interval_ms, std::optional<double> atr,
                                 std::optional<double> mean_volume) {
    bars_.push(bar);
    swings.update(bar, interval_ms);
    breaks.update(bar, swings);
    blocks.update(bar, atr, mean_volume);
    pools.update(bar, swings, atr);
    gaps.update(bar, atr);
    if (atr && (swings.found_high() || swings.found_low())) {
        levels.rebuild(swings.swings(), swings.bars() - 1, *atr);
    }
}

std::optional<PriceRange> StructureIndicators::range() const noexcept {
    if (!bars_.full()) {
        return std::nullopt;
    }
    PriceRange range{bars_.newest(1).low, bars_.newest(1).high};
    for (std::size_t age = 2; age <= range_bars; ++age) {
        range.low = std::min(range.low, bars_.newest(age).low);
        range.high = std::max(range.high, bars_.newest(age).high);
    }
    return range;
}

}  // namespace virtuoso
