#include "market/candle_book.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

Candle of_exchange(const Candle& candle) {
    Candle row = candle;
    row.source = CandleSource::exchange;
    row.takers_told = row.taker_buy + row.taker_sell > 0;
    return row;
}

std::vector<Candle> of_exchange(std::span<const Candle> candles) {
    std::vector<Candle> rows;
    rows.reserve(candles.size());
    for (const Candle& candle : candles) {
        rows.push_back(of_exchange(candle));
    }
    return rows;
}

}  // namespace

CandleBook::CandleBook()
    : series_{CandleSeries{Timeframe::m1},  CandleSeries{Timeframe::m5}, CandleSeries{Timeframe::m15},
              CandleSeries{Timeframe::m30}, CandleSeries{Timeframe::h1}, CandleSeries{Timeframe::h4},
              CandleSeries{Timeframe::d1}} {}

// ---- trades ----

void CandleBook::add_trade(ExchangeTime time, Price price, Size size, Side taker) {
    if (size.units <= 0) {
        return;
    }
    const ExchangeTime start = minutes().start_of(time);
    if (!is_open(start) && is_newest(start)) {
        open_minute(start);
    }
    if (first_trade_.ms < 0 || time < first_trade_) {
        note_first(time);
    }
    if (time < beginnings_until_) {
        continue_beginnings(time, price, size, taker);
    }
    if (is_open(start)) {
        slot_of(start)->add(time, price, size, taker);
    } else {
        add_late(time, price, size, taker);
    }
}

void CandleBook::add_late(ExchangeTime time, Price price, Size size, Side taker) {
    const ExchangeTime start = minutes().start_of(time);
    const auto known = minutes().find(start);
    const bool told = known && known->source == CandleSource::exchange;
    if (TradedMinute* const slot = slot_of(start)) {
        slot->add(time, price, size, taker);
        if (!told || !known->takers_told) {
            put_minute(told ? with_sides(*known) : made_of(*slot));
        }
        return;
    }
    TradedPart trade;
    trade.add(time, price, size, taker);
    if (known) {
        add_beyond(*known, trade);
    } else {
        put_minute({.open_time = start,
                    .open = price,
                    .high = price,
                    .low = price,
                    .close = price,
                    .volume = plus_units(0, trade.units),
                    .turnover = trade.turnover,
                    .taker_buy = plus_units(0, trade.bought),
                    .taker_sell = plus_units(0, trade.units - trade.bought),
                    .partial = begins_within(start)});
    }
}

// A minute whose trades are no longer kept apart: they come in order, if they come.
void CandleBook::add_beyond(Candle minute, const TradedPart& trade) {
    if (minute.source != CandleSource::exchange) {
        continue_with(minute, trade);
    } else if (!minute.takers_told) {
        minute.taker_buy = plus_units(minute.taker_buy, trade.bought);
        minute.taker_sell = plus_units(minute.taker_sell, trade.units - trade.bought);
    } else {
        return;
    }
    put_minute(minute);
}

/// True when the earliest trade that is known lies within the minute: what came before it is not.
bool CandleBook::begins_within(ExchangeTime start) const noexcept {
    return first_trade_ > start && first_trade_ < start + ms_per_minute;
}

void CandleBook::note_first(ExchangeTime time) {
    const ExchangeTime before = minutes().start_of(std::exchange(first_trade_, time));
    const auto known = minutes().find(before);
    if (known && known->source != CandleSource::exchange && !begins_within(before)) {
        Candle whole = *known;
        whole.partial = false;
        put_minute(whole);
    }
}

// ---- minutes ----

bool CandleBook::is_newest(ExchangeTime start) const {
    const auto& closed = minutes().closed();
    return open_ ? start > *open_ : closed.empty() || start > closed.back().open_time;
}

TradedMinute* CandleBook::slot_of(ExchangeTime start) {
    TradedMinute& slot = traded_[static_cast<std::size_t>(start.ms / ms_per_minute) % minutes_traded];
    if (slot.start() < start) {
        slot = TradedMinute(start);
    }
    return slot.start() == start ? &slot : nullptr;
}

const TradedMinute* CandleBook::traded(ExchangeTime start) const {
    const TradedMinute& slot = traded_[static_cast<std::size_t>(start.ms / ms_per_minute) % minutes_traded];
    return slot.start() == start ? &slot : nullptr;
}

Candle CandleBook::made_of(const TradedMinute& minute) const {
    Candle candle = minute.candle();
    candle.partial = candle.partial || (!minute.told() && begins_within(minute.start()));
    return candle;
}

// What trades said about taker sides stays when the exchange says nothing about them.
Candle CandleBook::with_sides(Candle row) const {
    if (row.takers_told) {
        return row;
    }
    if (const TradedMinute* const minute = traded(row.open_time)) {
        row.taker_buy = plus_units(0, minute->trades().bought);
        row.taker_sell = plus_units(0, minute->trades().units - minute->trades().bought);
    } else if (const auto known = minutes().find(row.open_time)) {
        row.taker_buy = known->taker_buy;
        row.taker_sell = known->taker_sell;
    }
    return row;
}

void CandleBook::open_minute(ExchangeTime start) {
    if (open_) {
        close_minute();
    }
    open_ = start;
    static_cast<void>(slot_of(start));
    make_again();
    expect(start);
}

void CandleBook::close_minute() {
    const Candle candle = made_of(*traded(*open_));
    open_.reset();
    put_minute(candle);
}

void CandleBook::put_minute(const Candle& candle) {
    changing(Timeframe::m1).put(candle);
    changed(candle.open_time);
}

void CandleBook::begin_minute(const Candle& row, ExchangeTime until, const TradeTape& tape) {
    const ExchangeTime start = row.open_time;
    if (is_newest(start)) {
        open_minute(start);
    }
    TradedMinute* const slot = slot_of(start);
    if (slot == nullptr) {
        return;
    }
    slot->tell(row, until, tape);
    const auto known = minutes().find(start);
    if (!is_open(start) && (!known || known->source != CandleSource::exchange)) {
        put_minute(made_of(*slot));
    }
}

void CandleBook::put_minutes(std::span<const Candle> rows) {
    if (rows.empty()) {
        return;
    }
    if (open_ && *open_ <= rows.back().open_time) {
        const bool told =
            std::any_of(rows.begin(), rows.end(), [&](const Candle& row) { return is_open(row.open_time); });
        told ? open_.reset() : close_minute();
    }
    made_.clear();
    for (const Candle& row : rows) {
        made_.push_back(with_sides(row));
    }
    changing(Timeframe::m1).put(made_);
    changed(rows.front().open_time);
    changed(rows.back().open_time);
}

// ---- what the exchange tells ----

void CandleBook::add_kline(Timeframe timeframe, const Candle& candle, bool confirmed, ExchangeTime until,
                           const TradeTape& tape) {
    has_klines_ = true;
    const Candle row = of_exchange(candle);
    const bool minute = timeframe == Timeframe::m1;
    if (confirmed) {
        minute ? put_minutes({&row, 1}) : put_longer(timeframe, {&row, 1});
    } else {
        minute ? begin_minute(row, until, tape) : begin_longer(timeframe, row, until, tape);
    }
    make_again();
}

void CandleBook::add_history(Timeframe timeframe, std::span<const Candle> candles, ExchangeTime asked,
                             const TradeTape& tape) {
    const std::int64_t interval = interval_ms(timeframe);
    std::size_t over = candles.size();
    while (over > 0 && candles[over - 1].open_time.ms + interval > asked.ms) {
        --over;
    }
    has_klines_ = has_klines_ || !candles.empty();
    const bool minute = timeframe == Timeframe::m1;
    const std::vector<Candle> rows = of_exchange(candles);
    const auto closed = std::span(rows).first(over);
    minute ? put_minutes(closed) : put_longer(timeframe, closed);
    make_again();
    for (const Candle& row : std::span(rows).subspan(over)) {
        const bool tells_when = asked > row.open_time;
        if (minute) {
            begin_minute(row, tells_when ? asked : ExchangeTime{}, tape);
        } else {
            begin_longer(timeframe, row, tells_when ? asked : row.open_time + interval, tape);
        }
    }
    make_again();
    release_scratch();
}

// ---- time ----

void CandleBook::clear() {
    const std::uint64_t before = version_;
    *this = CandleBook{};
    version_ = before + 1;
}

void CandleBook::advance(ExchangeTime now) {
    make_again();
    if (now < next_check_) {
        return;
    }
    const std::int64_t grace = has_klines_ ? kline_grace_ms : trade_grace_ms;
    bool overdue = open_ && now >= *open_ + ms_per_minute;  // an interval is over but its grace is not
    if (open_ && now >= *open_ + (ms_per_minute + grace)) {
        close_minute();
        make_again();
    }
    for (const auto timeframe : all_timeframes) {
        const auto& pending = longer_[index_of(timeframe)].pending;
        if (pending && now >= *pending + (interval_ms(timeframe) + grace)) {
            close_longer(timeframe);
        }
        overdue = overdue || (pending && now >= *pending + interval_ms(timeframe));
    }
    const std::int64_t next_minute = (now.ms / ms_per_minute + 1) * ms_per_minute;
    next_check_ = {overdue ? now.ms + trade_grace_ms / 10 : next_minute + trade_grace_ms};
}

std::optional<Candle> CandleBook::open(Timeframe timeframe) const {
    if (timeframe != Timeframe::m1) {
        const auto& pending = longer_[index_of(timeframe)].pending;
        return pending ? rolled(timeframe, *pending) : std::nullopt;
    }
    return open_ ? std::optional(made_of(*traded(*open_))) : std::nullopt;
}

// A history makes it as long as that.
std::size_t CandleBook::release_scratch() {
    if (made_.capacity() <= minutes_traded) {
        return 0;
    }
    made_.clear();
    const std::size_t freed = made_.capacity() * sizeof(Candle);
    made_.shrink_to_fit();
    return freed;
}

std::size_t CandleBook::shrink() {
    std::size_t freed = release_scratch();
    for (auto& series : series_) {
        freed += series.shrink();
    }
    return freed;
}

std::size_t CandleBook::give_up_older() {
    const std::size_t before = bytes();
    for (CandleSeries& series : series_) {
        if (series.timeframe() != Timeframe::m1) {
            ++version_;
            series.keep_newest(candle_retention(series.timeframe()) / 2);
        }
    }
    return before - bytes();
}

std::size_t CandleBook::older_bytes() const noexcept {
    std::size_t total = 0;
    for (const CandleSeries& series : series_) {
        const std::size_t size = series.closed().size();
        const std::size_t kept = candle_retention(series.timeframe()) / 2;
        if (series.timeframe() != Timeframe::m1 && size > kept) {
            total += series.bytes() / size * (size - kept);
        }
    }
    return total;
}

std::size_t CandleBook::bytes() const noexcept {
    std::size_t total = made_.capacity() * sizeof(Candle);
    for (const auto& series : series_) {
        total += series.bytes();
    }
    return total;
}

}  // namespace virtuoso
