#include "indicators/swings.hpp"

namespace virtuoso {

void SwingDetector::update(const Bar& bar, std::int64_t interval_ms) {
    window_.push(bar);
    ++bars_;
    found_high_ = false;
    found_low_ = false;
    if (!window_.full()) {
        return;
    }
    const Bar& middle = window_.newest(confirmation_bars);
    found_high_ = true;
    found_low_ = true;
    for (std::size_t age = 0; age < window_bars; ++age) {
        if (age != confirmation_bars) {
            found_high_ = found_high_ && window_.newest(age).high < middle.high;
            found_low_ = found_low_ && window_.newest(age).low > middle.low;
        }
    }
    const std::uint64_t number = bars_ - 1 - confirmation_bars;
    const ExchangeTime confirmed = bar.open_time + interval_ms;
    if (found_high_) {
        last_high_ = Swing{middle.high, true, middle.volume, number, confirmed};
        swings_.push(*last_high_);
    }
    if (found_low_) {
        last_low_ = Swing{middle.low, false, middle.volume, number, confirmed};
        swings_.push(*last_low_);
    }
}

}  // namespace virtuoso
