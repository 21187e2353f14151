#include "indicators/price_levels.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

void PriceLevels::rebuild(const BoundedRing<Swing>& swings, std::uint64_t bar, double atr) {
    count_ = 0;
    const std::size_t size = swings.size();
    const double width = bandwidth_atr * atr;
    double mean_volume = 0;
    for (std::size_t i = 0; i < size; ++i) {
        mean_volume += swings[i].volume / static_cast<double>(size);
    }
    if (size == 0 || !(width > 0)) {
        return;
    }
    std::array<double, SwingDetector::swings_max> weight{};
    std::array<double, SwingDetector::swings_max> density{};
    std::array<bool, SwingDetector::swings_max> taken{};
    for (std::size_t i = 0; i < size; ++i) {
        const double age = static_cast<double>(bar - swings[i].bar);
        const double volume = mean_volume > 0 ? swings[i].volume / mean_volume : 1.0;
        weight[i] = volume * exponential2(-age / half_life_bars);
    }
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            const double distance = (swings[i].price - swings[j].price) / width;
            density[i] += weight[j] * std::max(1 - distance * distance, 0.0);
        }
    }
    while (count_ < levels_max) {
        std::size_t peak = size;
        for (std::size_t i = 0; i < size; ++i) {
            if (!taken[i] && (peak == size || density[i] > density[peak])) {
                peak = i;
            }
        }
        if (peak == size) {
            break;
        }
        PriceLevel level;
        double price = 0;
        const double center = swings[peak].price;
        for (std::size_t i = 0; i < size; ++i) {
            if (!taken[i] && std::fabs(swings[i].price - center) <= width) {
                taken[i] = true;
                level.strength += weight[i];
                price += weight[i] * (swings[i].price - center);
                ++level.touches;
            }
        }
        level.price = center + (level.strength > 0 ? price / level.strength : 0.0);
        levels_[count_++] = level;
    }
    std::stable_sort(levels_.begin(), levels_.begin() + static_cast<std::ptrdiff_t>(count_),
                     [](const PriceLevel& a, const PriceLevel& b) { return a.strength > b.strength; });
    const double strongest = levels_[0].strength;
    for (std::size_t i = 0; i < count_; ++i) {
        levels_[i].strength = strongest > 0 ? levels_[i].strength / strongest : 0.0;
    }
}

}  // namespace virtuoso
