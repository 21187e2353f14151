// Candles longer than a minute.
#include "market/candle_book.hpp"
#include "market/candle_rollup.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::span<const Timeframe> longer_timeframes{all_timeframes.data() + 1, timeframe_count - 1};

/// The first whole minute at or after `time`.
ExchangeTime next_minute(ExchangeTime time) {
    return {(time.ms + ms_per_minute - 1) / ms_per_minute * ms_per_minute};
}

bool of_exchange(const std::optional<Candle>& candle) {
    return candle && candle->source == CandleSource::exchange;
}

/// The exchange tells of every minute, also of those without a trade: between two that it tells of none is
/// quiet.
bool is_behind_gap(const Candle& minute) {
    return minute.gap_before && minute.source == CandleSource::exchange;
}

/// What is known of a candle when it is not told up to when `row` goes: no more than either says.
Candle at_least(const Candle& row, const std::optional<Candle>& rolled) {
    Candle made = row;
    if (rolled) {
        made = rolled->volume > row.volume ? *rolled : row;
        made.open = row.open;
        made.high = std::max(row.high, rolled->high);
        made.low = std::min(row.low, rolled->low);
        made.close = rolled->close;
    }
    made.source = CandleSource::rollup;
    made.partial = true;
    return made;
}

}  // namespace

void CandleBook::changed(ExchangeTime minute) {
    changed_to_ = changed_from_ ? std::max(changed_to_, minute) : minute;
    changed_from_ = changed_from_ ? std::min(*changed_from_, minute) : minute;
}

/// Minutes in [from, end), with the open one.
template <typename Visit>
void CandleBook::each_minute(ExchangeTime from, ExchangeTime end, Visit&& visit) const {
    const auto& closed = minutes().closed();
    closed.each(minutes().place_of(from), minutes().place_of(end), visit);
    if (open_ && *open_ >= from && *open_ < end) {
        visit(made_of(*traded(*open_)));
    }
}

/// True when the minutes are known from `start` on.
bool CandleBook::reaches(ExchangeTime start) const {
    const auto& closed = minutes().closed();
    if (closed.empty() && !open_) {
        return false;
    }
    const Candle oldest = closed.empty() ? made_of(*traded(*open_)) : closed.front();
    return oldest.open_time + (oldest.partial ? ms_per_minute : 0) <= start;
}

/// Every minute that begins before it is closed.
ExchangeTime CandleBook::known_until() const {
    const auto& closed = minutes().closed();
    return open_ ? *open_ : closed.empty() ? ExchangeTime{} : closed.back().open_time + ms_per_minute;
}

CandleBook::Sides CandleBook::sides_of(ExchangeTime start, ExchangeTime end) const {
    Sides sides;
    each_minute(start, end, [&](const Candle& minute) {
        sides.buy += minute.taker_buy;
        sides.sell += minute.taker_sell;
    });
    return sides;
}

std::optional<Candle> CandleBook::rolled(Timeframe timeframe, ExchangeTime start) const {
    const ExchangeTime end = start + interval_ms(timeframe);
    const auto& beginning = longer_[index_of(timeframe)].beginning;
    const bool whole = reaches(start);
    const bool told = !whole && beginning && beginning->row.open_time == start;
    const bool begun = told && beginning->until < end;
    std::optional<Candle> made;
    ExchangeTime from = start;
    if (begun) {
        from = next_minute(beginning->until);
        made = beginning->row;
        made->source = CandleSource::rollup;
        continue_with(*made, beginning->after);
        made->partial = made->partial || (from < end && from < known_until() && !reaches(from));
    }
    bool exchange_told = false;  // the minute before
    ExchangeTime known_to = start;
    each_minute(from, end, [&](const Candle& minute) {
        const bool behind_hole = exchange_told && is_behind_gap(minute);
        exchange_told = minute.source == CandleSource::exchange;
        known_to = minute.open_time + ms_per_minute;
        if (made) {
            extend(*made, minute);
            made->partial = made->partial || behind_hole;
            return;
        }
        const bool quiet_before = whole && minute.source != CandleSource::exchange;
        made = minute;
        made->open_time = start;
        made->source = CandleSource::rollup;
        made->gap_before = false;
        made->partial = minute.partial || (minute.open_time != start && !quiet_before);
    });
    if (const std::size_t next = minutes().place_of(end);
        exchange_told && known_to < end && next < minutes().closed().size()) {
        made->partial = made->partial || is_behind_gap(minutes().closed()[next]);
    }
    if (told && !begun) {
        made = at_least(beginning->row, made);
    }
    if (begun && !made->takers_told) {
        const Sides sides = sides_of(start, end);
        made->taker_buy = sides.buy;
        made->taker_sell = sides.sell;
    }
    return made;
}

// ---- what the exchange tells ----

void CandleBook::begin_longer(Timeframe timeframe, const Candle& row, ExchangeTime until,
                              const TradeTape& tape) {
    auto& [pending, beginning] = longer_[index_of(timeframe)];
    const ExchangeTime start = row.open_time;
    const CandleSeries& series = series_[index_of(timeframe)];
    const bool older = beginning && (beginning->row.open_time > start ||
                                     (beginning->row.open_time == start && beginning->until > until));
    if (older || of_exchange(series.find(start))) {
        return;
    }
    beginning = Beginning{row, until, traded_between(tape, until, next_minute(until))};
    beginnings_until_ = std::max(beginnings_until_, next_minute(until));
    if (pending && *pending < start) {
        close_longer(timeframe);
    }
    if (!series.has(start) && (!pending || *pending <= start)) {
        pending = start;
        return;
    }
    made_.clear();
    remake(timeframe, start);
    changing(timeframe).put(made_);
}

void CandleBook::continue_beginnings(ExchangeTime time, Price price, Size size, Side taker) {
    for (const auto timeframe : longer_timeframes) {
        auto& beginning = longer_[index_of(timeframe)].beginning;
        if (beginning && time >= beginning->until && time < next_minute(beginning->until)) {
            beginning->after.add(time, price, size, taker);
        }
    }
}

void CandleBook::put_longer(Timeframe timeframe, std::span<const Candle> rows) {
    if (rows.empty()) {
        return;
    }
    const CandleSeries& series = series_[index_of(timeframe)];
    made_.clear();
    for (const Candle& row : rows) {
        Candle& kept = made_.emplace_back(row);
        if (row.takers_told) {
            continue;
        }
        const Sides sides = sides_of(row.open_time, row.open_time + interval_ms(timeframe));
        const auto known = reaches(row.open_time) ? std::nullopt : series.find(row.open_time);
        // Minutes that are no longer kept were counted in the candle that was.
        kept.taker_buy = known ? std::max(sides.buy, known->taker_buy) : sides.buy;
        kept.taker_sell = known ? std::max(sides.sell, known->taker_sell) : sides.sell;
    }
    changing(timeframe).put(made_);
    if (const auto& pending = longer_[index_of(timeframe)].pending;
        pending && *pending <= rows.back().open_time) {
        close_longer(timeframe);
    }
}

// ---- what minutes make ----

void CandleBook::close_longer(Timeframe timeframe) {
    auto& pending = longer_[index_of(timeframe)].pending;
    const ExchangeTime start = *pending;
    pending.reset();
    if (!series_[index_of(timeframe)].has(start)) {
        if (const auto made = rolled(timeframe, start)) {
            changing(timeframe).put(*made);
        }
    }
}

/// A minute begins: candles that ended before it close, and those that it lies in are open.
void CandleBook::expect(ExchangeTime minute) {
    for (const auto timeframe : longer_timeframes) {
        const CandleSeries& series = series_[index_of(timeframe)];
        auto& pending = longer_[index_of(timeframe)].pending;
        const ExchangeTime start = series.start_of(minute);
        if (pending && *pending < start) {
            close_longer(timeframe);
        }
        if (!pending && !series.has(start)) {
            pending = start;
        }
    }
}

void CandleBook::make_again() {
    if (!changed_from_) {
        return;
    }
    const ExchangeTime from = *changed_from_;
    changed_from_.reset();
    for (const auto timeframe : longer_timeframes) {
        make_again(timeframe, from, changed_to_);
    }
}

void CandleBook::make_again(Timeframe timeframe, ExchangeTime from, ExchangeTime to) {
    const CandleSeries& series = series_[index_of(timeframe)];
    const std::int64_t interval = interval_ms(timeframe);
    auto& pending = longer_[index_of(timeframe)].pending;
    const ExchangeTime until = known_until();
    if (pending && *pending + interval <= until) {
        close_longer(timeframe);
    }
    made_.clear();
    const auto& closed = minutes().closed();
    ExchangeTime done{-1};
    std::size_t first = minutes().place_of(from);
    if (first > 0 && first < closed.size() && closed[first].gap_before) {
        --first;  // the candle that the hole begins in
    }
    for (std::size_t i = first; i < closed.size() && closed.key(i) <= to.ms; ++i) {
        const ExchangeTime start = series.start_of({closed.key(i)});
        if (start == std::exchange(done, start)) {
            continue;
        }
        if (start + interval <= until || series.has(start)) {
            remake(timeframe, start);
        } else if (!pending) {
            pending = start;
        }
    }
    changing(timeframe).put(made_);
}

/// Adds to `made_` what the candle has become, if it may have become something else.
void CandleBook::remake(Timeframe timeframe, ExchangeTime start) {
    const auto known = series_[index_of(timeframe)].find(start);
    const bool whole = reaches(start);
    if (of_exchange(known)) {
        if (!known->takers_told) {
            const Sides sides = sides_of(start, start + interval_ms(timeframe));
            Candle& again = made_.emplace_back(*known);
            // Minutes that are no longer kept were counted before.
            again.taker_buy = whole ? sides.buy : std::max(sides.buy, known->taker_buy);
            again.taker_sell = whole ? sides.sell : std::max(sides.sell, known->taker_sell);
        }
        return;
    }
    // Once its minutes are no longer kept a candle stays what they made of it.
    const auto& beginning = longer_[index_of(timeframe)].beginning;
    const bool begun = beginning && beginning->row.open_time == start;
    if (!known || whole || begun || known->partial) {
        if (const auto made = rolled(timeframe, start)) {
            made_.push_back(*made);
        }
    }
}

}  // namespace virtuoso
