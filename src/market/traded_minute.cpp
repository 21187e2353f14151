#include "market/traded_minute.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr double units_of_one = 1e8;

}  // namespace

void TradedPart::add(ExchangeTime time, Price price, Size size, Side taker) {
    if (size.units == 0) {
        return;
    }
    if (empty()) {
        first = last = time;
        open = high = low = close = price;
    }
    high = std::max(high, price);
    low = std::min(low, price);
    if (time < first) {
        first = time;
        open = price;
    }
    if (time >= last) {
        last = time;
        close = price;
    }
    const auto traded = static_cast<double>(size.units);
    units += traded;
    bought += taker == Side::buy ? traded : 0;
    turnover += size.value() * price.value();
}

TradedPart traded_between(const TradeTape& tape, ExchangeTime from, ExchangeTime end) {
    const auto& trades = tape.trades();
    std::size_t first = trades.size();
    while (first > 0 && trades.key(first - 1) >= from.ms) {
        --first;
    }
    TradedPart part;
    for (; first < trades.size() && trades.key(first) < end.ms; ++first) {
        const TapeTrade trade = trades[first];
        part.add(trade.time, trade.price, trade.size(), trade.taker());
    }
    return part;
}

double plus_units(double total, double units) {
    return (std::round(total * units_of_one) + units) / units_of_one;
}

void continue_with(Candle& row, const TradedPart& after) {
    if (after.empty()) {
        return;
    }
    if (row.volume == 0) {
        row.open = row.high = row.low = after.open;
    }
    row.high = std::max(row.high, after.high);
    row.low = std::min(row.low, after.low);
    row.close = after.close;
    row.volume = plus_units(row.volume, after.units);
    row.turnover += after.turnover;
    row.taker_buy = plus_units(row.taker_buy, after.bought);
    row.taker_sell = plus_units(row.taker_sell, after.units - after.bought);
}

void TradedMinute::add(ExchangeTime time, Price price, Size size, Side taker) {
    trades_.add(time, price, size, taker);
    if (told_ && until_.ms > 0 && time >= until_) {
        after_.add(time, price, size, taker);
    }
}

void TradedMinute::tell(const Candle& row, ExchangeTime until, const TradeTape& tape) {
    if (told_ && until < until_) {
        return;
    }
    told_ = true;
    until_ = until;
    row_ = row;
    after_ = until.ms > 0 ? traded_between(tape, until, start_ + ms_per_minute) : TradedPart{};
}

Candle TradedMinute::candle() const {
    Candle made{.open_time = start_,
                .open = trades_.open,
                .high = trades_.high,
                .low = trades_.low,
                .close = trades_.close,
                .volume = trades_.units / units_of_one,
                .turnover = trades_.turnover,
                .taker_buy = trades_.bought / units_of_one,
                .taker_sell = (trades_.units - trades_.bought) / units_of_one};
    if (!told_) {
        return made;
    }
    Candle told = row_;
    told.source = CandleSource::trades;
    continue_with(told, after_);
    if (!told.takers_told) {
        told.taker_buy = made.taker_buy;
        told.taker_sell = made.taker_sell;
    }
    // The exchange may tell of less than was traded: its clock is not that of its trades.
    if (made.volume >= told.volume) {
        if (row_.volume > 0) {
            made.open = row_.open;
            made.high = std::max(made.high, row_.high);
            made.low = std::min(made.low, row_.low);
        }
        return made.volume > 0 ? made : told;
    }
    if (!trades_.empty()) {
        told.high = std::max(told.high, trades_.high);
        told.low = std::min(told.low, trades_.low);
        told.close = until_.ms == 0 ? trades_.close : told.close;
    }
    return told;
}

}  // namespace virtuoso
