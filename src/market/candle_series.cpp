#include "market/candle_series.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace virtuoso {

namespace {

bool nearly(double a, double b) {
    return std::fabs(a - b) <= 1e-9 * std::max(std::fabs(a), std::fabs(b));
}

/// What indicators would read the same. Sums of the same volumes differ in their last bits.
bool same_reading(const Candle& a, const Candle& b) {
    return a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close &&
           a.partial == b.partial && nearly(a.volume, b.volume) && nearly(a.taker_buy, b.taker_buy) &&
           nearly(a.taker_sell, b.taker_sell);
}

}  // namespace

std::size_t CandleSeries::place_of(ExchangeTime time) const noexcept {
    std::size_t low = 0;
    std::size_t high = closed_.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (closed_[middle].open_time < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const Candle* CandleSeries::find(ExchangeTime start) const noexcept {
    const std::size_t place = place_of(start);
    return place < closed_.size() && closed_[place].open_time == start ? &closed_[place] : nullptr;
}

void CandleSeries::append(Candle candle) {
    candle.gap_before =
        !closed_.empty() && candle.open_time - closed_.back().open_time != interval_ms(timeframe_);
    closed_.push(candle);
}

bool CandleSeries::put_in_place(const Candle& candle) {
    if (closed_.empty() || candle.open_time > closed_.back().open_time) {
        append(candle);
        return true;
    }
    const std::size_t place = place_of(candle.open_time);
    Candle& known = closed_[place];
    if (known.open_time != candle.open_time) {
        // Before everything that is kept there is no room any more.
        return place == 0 && closed_.size() == closed_.capacity();
    }
    revision_ += same_reading(known, candle) ? 0 : 1;
    const bool gap = known.gap_before;
    known = candle;
    known.gap_before = gap;
    return true;
}

void CandleSeries::put(std::span<const Candle> candles) {
    while (!candles.empty() && put_in_place(candles.front())) {
        candles = candles.subspan(1);
    }
    if (!candles.empty()) {
        merge(candles);
    }
}

void CandleSeries::merge(std::span<const Candle> candles) {
    std::vector<Candle> merged;
    merged.reserve(closed_.size() + candles.size());
    for (std::size_t i = 0; i < closed_.size(); ++i) {
        while (!candles.empty() && candles.front().open_time < closed_[i].open_time) {
            merged.push_back(candles.front());
            candles = candles.subspan(1);
        }
        const bool again = !candles.empty() && candles.front().open_time == closed_[i].open_time;
        merged.push_back(again ? candles.front() : closed_[i]);
        candles = candles.subspan(again ? 1 : 0);
    }
    merged.insert(merged.end(), candles.begin(), candles.end());
    closed_.clear();
    for (const Candle& candle : merged) {
        append(candle);
    }
    ++revision_;
}

void CandleSeries::drop_before(ExchangeTime time) {
    bool dropped = false;
    for (; !closed_.empty() && closed_.front().open_time < time; dropped = true) {
        closed_.pop_front();
    }
    revision_ += dropped ? 1 : 0;
}

}  // namespace virtuoso
