#include "indicators/order_blocks.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

void OrderBlocks::update(const Bar& bar, std::optional<double> atr, std::optional<double> mean_volume) {
    const auto mitigated = [&bar](const OrderBlock& block) {
        const double half = (block.low + block.high) / 2;
        return block.direction > 0 ? bar.low < half : bar.high > half;
    };
    const auto kept =
        std::remove_if(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(count_), mitigated);
    count_ = static_cast<std::size_t>(kept - blocks_.begin());
    const double body = bar.close - bar.open;
    const bool displaced = atr && mean_volume && *atr > 0 && std::fabs(body) >= displacement_atr * *atr &&
                           bar.volume >= displacement_volume * *mean_volume;
    if (displaced) {
        const int direction = body > 0 ? 1 : -1;
        for (std::size_t age = 0; age < before_.size(); ++age) {
            const Bar& candidate = before_.newest(age);
            if ((candidate.close - candidate.open) * direction < 0) {
                add({direction, candidate.low, candidate.high, bars_});
                break;
            }
        }
    }
    before_.push(bar);
    ++bars_;
}

void OrderBlocks::add(const OrderBlock& block) {
    if (count_ == blocks_max) {
        std::move(blocks_.begin() + 1, blocks_.end(), blocks_.begin());
        --count_;
    }
    blocks_[count_++] = block;
}

}  // namespace virtuoso
