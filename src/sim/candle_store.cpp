#include "sim/candle_store.hpp"

#include <algorithm>

namespace virtuoso::sim {

void SimCandle::add(const SimTrade& trade, double notional) {
    if (steps == 0 && turnover == 0) {
        open = high = low = trade.tick;
    }
    high = std::max(high, trade.tick);
    low = std::min(low, trade.tick);
    close = trade.tick;
    steps += trade.steps;
    buy_steps += trade.buy ? trade.steps : 0;
    turnover += notional;
}

std::int64_t candle_start(std::int64_t time_ms, std::int64_t interval_ms) {
    // 1970 began on a Thursday.
    const std::int64_t shift = interval_ms == 7 * ms_per_day ? 4 * ms_per_day : 0;
    return time_ms - (time_ms - shift) % interval_ms;
}

void CandleStore::roll(std::size_t interval, std::int64_t time_ms, std::int64_t tick) {
    auto& series = series_[interval];
    const std::int64_t ms = sim_intervals[interval].ms;
    const std::int64_t start = candle_start(time_ms, ms);
    if (series.empty()) {
        series.push_back({start, tick, tick, tick, tick});
        return;
    }
    while (series.back().start_ms < start) {
        const std::int64_t last = series.back().close;
        series.push_back({series.back().start_ms + ms, last, last, last, last});
        if (series.size() > kept) {
            series.pop_front();
        }
    }
}

void CandleStore::add(const SimTrade& trade, double notional) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
        roll(i, trade.time_ms, trade.tick);
        series_[i].back().add(trade, notional);
    }
}

void CandleStore::add_minute(const SimCandle& minute) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
        roll(i, minute.start_ms, minute.open);
        SimCandle& candle = series_[i].back();
        if (candle.steps == 0 && candle.turnover == 0) {
            candle.open = minute.open;
            candle.high = minute.high;
            candle.low = minute.low;
        }
        candle.high = std::max(candle.high, minute.high);
        candle.low = std::min(candle.low, minute.low);
        candle.close = minute.close;
        candle.steps += minute.steps;
        candle.buy_steps += minute.buy_steps;
        candle.turnover += minute.turnover;
    }
}

void CandleStore::advance(std::int64_t now_ms) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
        if (!series_[i].empty()) {
            roll(i, now_ms, series_[i].back().close);
        }
    }
}

}  // namespace virtuoso::sim
