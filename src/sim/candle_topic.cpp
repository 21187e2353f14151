#include "sim/candle_topic.hpp"

namespace virtuoso::sim {

void CandleTopic::publish(std::int64_t now_ms, std::vector<std::string>& frames) {
    const auto& candles = interval_ == 0 ? market_.latest_minutes() : market_.candles().candles(interval_);
    if (candles.empty()) {
        return;
    }
    for (const SimCandle& candle : candles) {
        const bool newest = &candle == &candles.back();
        const bool known = newest && candle.steps == told_steps_ && candle.start_ms == open_ms_;
        if (candle.start_ms >= open_ms_ && !known && (newest || open_ms_ > 0)) {
            frames.push_back(frame(candle, !newest, now_ms));
        }
    }
    open_ms_ = candles.back().start_ms;
    told_steps_ = candles.back().steps;
}

}  // namespace virtuoso::sim
