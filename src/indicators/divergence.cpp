#include "indicators/divergence.hpp"

#include "base/deterministic_math.hpp"

namespace virtuoso {

void DivergenceDetector::update(const Bar& bar, std::optional<double> oscillator) {
    window_.push({bar.high, bar.low, oscillator});
    ++bars_since_;
    if (!window_.full()) {
        return;
    }
    const Point& middle = window_.newest(confirmation_bars);
    bool highest = middle.oscillator.has_value();
    bool lowest = highest;
    for (std::size_t age = 0; age < window_bars; ++age) {
        if (age != confirmation_bars) {
            highest = highest && window_.newest(age).high < middle.high;
            lowest = lowest && window_.newest(age).low > middle.low;
        }
    }
    if (highest) {
        confirm_high(middle);
    }
    if (lowest) {
        confirm_low(middle);
    }
}

void DivergenceDetector::confirm_high(const Point& point) {
    const Swing swing{point.high, *point.oscillator};
    if (high_ && swing.price > high_->price && swing.oscillator < high_->oscillator) {
        direction_ = -1;
        bars_since_ = 0;
    }
    high_ = swing;
}

void DivergenceDetector::confirm_low(const Point& point) {
    const Swing swing{point.low, *point.oscillator};
    if (low_ && swing.price < low_->price && swing.oscillator > low_->oscillator) {
        direction_ = 1;
        bars_since_ = 0;
    }
    low_ = swing;
}

double DivergenceDetector::strength() const {
    return direction_ == 0 ? 0.0
                           : direction_ * exponential2(-static_cast<double>(bars_since_) / half_life_bars);
}

}  // namespace virtuoso
