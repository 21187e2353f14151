#include "market/candle_series.hpp"

#include <algorithm>
#include <vector>

namespace virtuoso {

namespace {

void merge(Candle& into, const Candle& part) {
    into.high = std::max(into.high, part.high);
    into.low = std::min(into.low, part.low);
    into.close = part.close;
    into.volume += part.volume;
    into.turnover += part.turnover;
    into.taker_buy += part.taker_buy;
    into.taker_sell += part.taker_sell;
    into.partial = into.partial || part.partial;
}

bool same_prices(const Candle& a, const Candle& b) {
    return a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close &&
           a.volume == b.volume;
}

}  // namespace

ExchangeTime CandleSeries::start_of(ExchangeTime time) const noexcept {
    const std::int64_t interval = interval_ms(timeframe_);
    return {time.ms - time.ms % interval};
}

void CandleSeries::open_at(ExchangeTime start, Price price, CandleSource source, bool partial) {
    open_ = Candle{.open_time = start,
                   .open = price,
                   .high = price,
                   .low = price,
                   .close = price,
                   .source = source,
                   .partial = partial};
}

void CandleSeries::append_closed(Candle candle) {
    if (!closed_.empty()) {
        candle.gap_before = candle.open_time - closed_.back().open_time != interval_ms(timeframe_);
    }
    closed_.push(candle);
}

void CandleSeries::close_open() {
    append_closed(*open_);
    open_.reset();
}

bool CandleSeries::add_trade(ExchangeTime time, Price price, Size size, Side taker) {
    const ExchangeTime start = start_of(time);
    if (open_ && start > open_->open_time && !exchange_fed_) {
        close_open();
    }
    if (!open_ || start > open_->open_time) {
        const bool joined_midway = closed_.empty() && time != start;
        if (!closed_.empty() && start <= closed_.back().open_time) {
            return false;
        }
        if (open_) {
            close_open();  // the exchange's confirmation is overdue; it replaces this one when it comes
        }
        open_at(start, price, CandleSource::trades, joined_midway);
    } else if (start < open_->open_time) {
        return false;
    }
    const double volume = size.value();
    (taker == Side::buy ? open_->taker_buy : open_->taker_sell) += volume;
    if (open_->source == CandleSource::exchange) {
        return true;
    }
    open_->high = std::max(open_->high, price);
    open_->low = std::min(open_->low, price);
    open_->close = price;
    open_->volume += volume;
    open_->turnover += volume * price.value();
    return true;
}

void CandleSeries::add_rollup(const Candle& shorter, std::int64_t shorter_interval_ms) {
    const ExchangeTime start = start_of(shorter.open_time);
    if (open_ && start > open_->open_time) {
        close_open();
    }
    if (!closed_.empty() && start <= closed_.back().open_time) {
        return;
    }
    if (!open_) {
        open_at(start, shorter.open, CandleSource::rollup, shorter.open_time != start);
        open_->high = shorter.high;
        open_->low = shorter.low;
    }
    merge(*open_, shorter);
    if (shorter.open_time.ms + shorter_interval_ms == start.ms + interval_ms(timeframe_)) {
        close_open();
    }
}

bool CandleSeries::add_kline(const Candle& candle, bool confirmed) {
    exchange_fed_ = true;
    Candle taken = candle;
    taken.source = CandleSource::exchange;
    if (!closed_.empty() && taken.open_time <= closed_.back().open_time) {
        return confirmed && replace_closed(taken);
    }
    if (open_ && open_->open_time < taken.open_time) {
        close_open();
    }
    if (open_ && open_->open_time == taken.open_time) {
        taken.taker_buy = open_->taker_buy;
        taken.taker_sell = open_->taker_sell;
    } else if (open_) {
        return false;
    }
    open_ = taken;
    if (confirmed) {
        close_open();
    }
    return true;
}

// The exchange's candle is the truth; what trades said about taker sides stays.
bool CandleSeries::replace_closed(const Candle& candle) {
    for (std::size_t i = closed_.size(); i-- > 0;) {
        Candle& known = closed_[i];
        if (known.open_time < candle.open_time) {
            return false;  // a hole in the past is not filled: indicators have moved on
        }
        if (known.open_time == candle.open_time) {
            if (known.source == CandleSource::exchange && same_prices(known, candle)) {
                return false;
            }
            if (!same_prices(known, candle)) {
                ++revision_;
            }
            const Candle before = known;
            known = candle;
            known.taker_buy = before.taker_buy;
            known.taker_sell = before.taker_sell;
            known.gap_before = before.gap_before;
            return true;
        }
    }
    return false;
}

bool CandleSeries::merge_past(std::span<const Candle> candles) {
    std::vector<Candle> merged;
    bool fills = false;
    std::size_t next = 0;
    const auto take_until = [&](ExchangeTime time) {
        for (; next < candles.size() && candles[next].open_time < time; ++next) {
            fills = true;
            merged.push_back(candles[next]);
            merged.back().source = CandleSource::exchange;
        }
    };
    for (std::size_t i = 0; i < closed_.size(); ++i) {
        take_until(closed_[i].open_time);
        merged.push_back(closed_[i]);
        if (next < candles.size() && candles[next].open_time == closed_[i].open_time) {
            Candle& known = merged.back();
            const Candle before = known;
            known = candles[next++];
            known.source = CandleSource::exchange;
            known.taker_buy = before.taker_buy;
            known.taker_sell = before.taker_sell;
        }
    }
    if (!fills) {
        return false;
    }
    closed_.clear();
    for (auto& candle : merged) {
        candle.gap_before = false;
        append_closed(candle);
    }
    exchange_fed_ = true;
    ++revision_;
    return true;
}

void CandleSeries::clear() {
    closed_.clear();
    open_.reset();
    ++revision_;
}

void CandleSeries::close_until(ExchangeTime now, std::int64_t grace_ms) {
    if (open_ && now.ms >= open_->open_time.ms + interval_ms(timeframe_) + grace_ms) {
        close_open();
    }
}

}  // namespace virtuoso
