#include "market/candle_series.hpp"

#include "base/spread.hpp"

#include <algorithm>
#include <bit>
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

/// Of prices far apart the distance wraps, and back.
std::int64_t distance(Price from, Price to) noexcept {
    return std::bit_cast<std::int64_t>(std::bit_cast<std::uint64_t>(to.units) -
                                       std::bit_cast<std::uint64_t>(from.units));
}
Price at_distance(Price from, std::int64_t distance) noexcept {
    return {std::bit_cast<std::int64_t>(std::bit_cast<std::uint64_t>(from.units) +
                                        std::bit_cast<std::uint64_t>(distance))};
}

}  // namespace

auto PackedColumns<Candle>::numbers_of(const Candle& candle) noexcept -> Numbers {
    const unsigned flags = static_cast<unsigned>(candle.source) | (candle.partial ? 4U : 0U) |
                           (candle.gap_before ? 8U : 0U) | (candle.takers_told ? 16U : 0U);
    return {candle.open_time.ms,
            candle.open.units,
            distance(candle.open, candle.high),
            distance(candle.low, candle.open),
            distance(candle.open, candle.close),
            std::bit_cast<std::int64_t>(candle.volume),
            std::bit_cast<std::int64_t>(candle.turnover),
            std::bit_cast<std::int64_t>(candle.taker_buy),
            std::bit_cast<std::int64_t>(candle.taker_sell),
            flags};
}

Candle PackedColumns<Candle>::record_of(const Numbers& numbers) noexcept {
    const Price open{numbers[1]};
    const auto flags = static_cast<unsigned>(numbers[9]);
    return {.open_time = {numbers[0]},
            .open = open,
            .high = at_distance(open, numbers[2]),
            .low = at_distance(open, distance({numbers[3]}, {})),
            .close = at_distance(open, numbers[4]),
            .volume = std::bit_cast<double>(numbers[5]),
            .turnover = std::bit_cast<double>(numbers[6]),
            .taker_buy = std::bit_cast<double>(numbers[7]),
            .taker_sell = std::bit_cast<double>(numbers[8]),
            .source = static_cast<CandleSource>(flags & 3U),
            .partial = (flags & 4U) != 0,
            .gap_before = (flags & 8U) != 0,
            .takers_told = (flags & 16U) != 0};
}

std::optional<Candle> CandleSeries::find(ExchangeTime start) const {
    const std::size_t place = place_of(start);
    return is_at(place, start) ? std::optional(closed_[place]) : std::nullopt;
}

void CandleSeries::append(Candle candle) {
    if (closed_.empty()) {
        closed_.begin_after(
            spread_place(std::bit_cast<std::uint64_t>(candle.volume), PackedRing<Candle>::block));
    }
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
    if (!is_at(place, candle.open_time)) {
        // Before everything that is kept there is no room any more.
        return place == 0 && closed_.size() == closed_.capacity();
    }
    const Candle known = closed_[place];
    revision_ += same_reading(known, candle) ? 0 : 1;
    Candle put = candle;
    put.gap_before = known.gap_before;
    closed_.set(place, put);
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
        const Candle known = closed_[i];
        while (!candles.empty() && candles.front().open_time < known.open_time) {
            merged.push_back(candles.front());
            candles = candles.subspan(1);
        }
        const bool again = !candles.empty() && candles.front().open_time == known.open_time;
        merged.push_back(again ? candles.front() : known);
        candles = candles.subspan(again ? 1 : 0);
    }
    merged.insert(merged.end(), candles.begin(), candles.end());
    closed_.clear();
    for (const Candle& candle : merged) {
        append(candle);
    }
    ++revision_;
}

void CandleSeries::keep_newest(std::size_t count) {
    while (closed_.size() > count) {
        closed_.pop_front();
    }
    closed_.shrink();
}

void CandleSeries::drop_before(ExchangeTime time) {
    bool dropped = false;
    for (; !closed_.empty() && closed_.key(0) < time.ms; dropped = true) {
        closed_.pop_front();
    }
    revision_ += dropped ? 1 : 0;
}

}  // namespace virtuoso
