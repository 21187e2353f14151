#include "indicators/adx.hpp"

#include "indicators/atr.hpp"

#include <cmath>

namespace virtuoso {

void Adx::update(const Bar& bar) noexcept {
    if (!previous_) {
        previous_ = bar;
        return;
    }
    const double up = bar.high - previous_->high;
    const double down = previous_->low - bar.low;
    const double plus = up > 0 && up > down ? up : 0;
    const double minus = down > 0 && down > up ? down : 0;
    const double range = true_range(bar, previous_->close);
    previous_ = bar;
    ++movements_;
    if (movements_ < period_) {
        plus_ += plus;
        minus_ += minus;
        range_ += range;
        return;
    }
    plus_ += plus - plus_ / period_;
    minus_ += minus - minus_ / period_;
    range_ += range - range_ / period_;
    smooth_index();
}

// DX of a bar without movement leaves the index as it was.
void Adx::smooth_index() noexcept {
    const double total = plus_ + minus_;
    const bool defined = range_ > 0 && total > 0;
    const double dx = defined ? 100.0 * (std::fabs(minus_ - plus_) / total) : 0;
    if (movements_ < 2 * period_ - 1) {
        dx_sum_ += dx;
    } else if (movements_ == 2 * period_ - 1) {
        adx_ = (dx_sum_ + dx) / period_;
    } else if (defined) {
        adx_ = (adx_ * (period_ - 1) + dx) / period_;
    }
}

std::optional<double> Adx::directional(double movement) const noexcept {
    if (movements_ < period_) {
        return std::nullopt;
    }
    return range_ > 0 ? 100.0 * (movement / range_) : 0.0;
}

}  // namespace virtuoso
