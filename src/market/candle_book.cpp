#include "market/candle_book.hpp"

namespace virtuoso {

CandleBook::CandleBook()
    : series_{CandleSeries{Timeframe::m1},  CandleSeries{Timeframe::m5}, CandleSeries{Timeframe::m15},
              CandleSeries{Timeframe::m30}, CandleSeries{Timeframe::h1}, CandleSeries{Timeframe::h4},
              CandleSeries{Timeframe::d1}} {}

void CandleBook::add_trade(ExchangeTime time, Price price, Size size, Side taker) {
    for (auto& series : series_) {
        if (rolls_up_ && series.timeframe() != Timeframe::m1 && !series.exchange_fed()) {
            continue;
        }
        series.add_trade(time, price, size, taker);
    }
}

void CandleBook::add_kline(Timeframe timeframe, const Candle& candle, bool confirmed) {
    auto& target = series_[index_of(timeframe)];
    if (timeframe == Timeframe::m1 && confirmed && !rolls_up_) {
        rolls_up_ = true;
        rolled_ = target.closed().pushed();
    }
    target.add_kline(candle, confirmed);
    if (timeframe == Timeframe::m1) {
        roll_up();
    }
}

void CandleBook::add_history(Timeframe timeframe, std::span<const Candle> candles, ExchangeTime asked) {
    auto& target = series_[index_of(timeframe)];
    const std::int64_t interval = interval_ms(timeframe);
    std::size_t over = candles.size();
    while (over > 0 && candles[over - 1].open_time.ms + interval > asked.ms) {
        --over;
    }
    const bool merged = !target.closed().empty() && target.merge_past(candles.first(over));
    if (merged && timeframe == Timeframe::m1) {
        // Longer candles made from minutes are made again, now from all of them.
        for (auto& series : series_) {
            if (series.timeframe() != Timeframe::m1 && !series.exchange_fed()) {
                series.clear();
            }
        }
        rolls_up_ = true;
        rolled_ = target.closed().pushed() - target.closed().size();
        roll_up();
    }
    for (std::size_t i = merged ? over : 0; i < candles.size(); ++i) {
        add_kline(timeframe, candles[i], i < over);
    }
}

void CandleBook::roll_up() {
    const auto& minutes = series_[index_of(Timeframe::m1)].closed();
    if (!rolls_up_) {
        return;
    }
    for (; rolled_ < minutes.pushed(); ++rolled_) {
        const Candle& minute = minutes.newest(static_cast<std::size_t>(minutes.pushed() - 1 - rolled_));
        for (auto& series : series_) {
            if (series.timeframe() != Timeframe::m1 && !series.exchange_fed()) {
                series.add_rollup(minute, interval_ms(Timeframe::m1));
            }
        }
    }
}

void CandleBook::advance(ExchangeTime now) {
    if (now < next_check_) {
        return;
    }
    bool overdue = false;  // an interval is over but its grace is not
    for (auto& series : series_) {
        series.close_until(now, series.exchange_fed() || rolls_up_ ? kline_grace_ms : trade_grace_ms);
        if (series.timeframe() == Timeframe::m1) {
            roll_up();
        }
        const auto& open = series.open();
        overdue = overdue || (open && now.ms >= open->open_time.ms + interval_ms(series.timeframe()));
    }
    const std::int64_t next_minute = (now.ms / ms_per_minute + 1) * ms_per_minute;
    next_check_ = {overdue ? now.ms + trade_grace_ms / 10 : next_minute + trade_grace_ms};
}

std::size_t CandleBook::bytes() const noexcept {
    std::size_t total = 0;
    for (const auto& series : series_) {
        total += series.bytes();
    }
    return total;
}

}  // namespace virtuoso
