#include "market/symbol_state.hpp"

#include <algorithm>
#include <vector>

namespace virtuoso {

namespace {

template <typename T>
void take(std::optional<T>& into, const std::optional<T>& value) {
    if (value) {
        into = value;
    }
}

// Merges a history (oldest first) into a ring ordered by time. Of two points of one time that of the history
// is kept if `history_wins`, else the one that was known.
template <typename Point>
void merge_history(BoundedRing<Point>& ring, std::span<const Point> history, bool history_wins = false) {
    std::vector<Point> merged;
    merged.reserve(ring.size() + history.size());
    const auto take_known = [&] {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            merged.push_back(ring[i]);
        }
    };
    if (history_wins) {
        take_known();
    }
    merged.insert(merged.end(), history.begin(), history.end());
    if (!history_wins) {
        take_known();
    }
    std::stable_sort(merged.begin(), merged.end(),
                     [](const Point& a, const Point& b) { return a.time < b.time; });
    ring.clear();
    for (std::size_t i = 0; i < merged.size(); ++i) {
        const bool superseded = i + 1 < merged.size() && merged[i + 1].time == merged[i].time;
        if (!superseded) {
            ring.push(merged[i]);
        }
    }
}

// A market that comes back this far from its last trade, up or down, was split or redenominated: less far
// from a restart of its service, as splits come with one.
constexpr double restart_ratio = 1.4;
constexpr double return_ratio = 1.8;
constexpr std::int64_t comparable_ms = ms_per_day;  ///< longer absences may move any price as far

}  // namespace

SymbolState::SymbolState(std::string symbol, BookLimits limits)
    : symbol_(std::move(symbol)),
      book_(limits),
      interest_(open_interest_max),
      funding_(funding_max),
      ratio_(account_ratio_max),
      liquidations_(liquidations_max) {}

StateChange SymbolState::apply(const MarketEvent& event) {
    StateChange change;
    ++totals_.messages;
    totals_.sizes_capped += event.sizes_capped;
    as_of_ = std::max(as_of_, event.time);
    std::visit([&](const auto& payload) { apply_payload(payload, change); }, event.payload);
    candles_.advance(as_of_);
    price_open_interest(change);
    return change;
}

void SymbolState::reject(bool book_update, std::uint64_t count) {
    totals_.rejected += count;
    if (book_update && book_.view()) {
        book_.invalidate(BookFault::gap);
        ++totals_.gaps;
    }
}

void SymbolState::disconnect() {
    book_.invalidate(BookFault::disconnected);
}

void SymbolState::advance(ExchangeTime now) {
    as_of_ = std::max(as_of_, now);
    candles_.advance(as_of_);
}

// Several depths of one book may be recorded side by side, each with its own counter: the deepest wins.
bool SymbolState::wanted_depth(int depth) const noexcept {
    return depth == 0 || depth >= book_depth_;
}

void SymbolState::count_fault(BookFault fault) noexcept {
    if (fault == BookFault::crossed) {
        ++totals_.crossings;
    } else {
        ++totals_.gaps;
    }
}

void SymbolState::apply_payload(const BookSnapshot& snapshot, StateChange& change) {
    // A REST book beside a stream that sends its own snapshots counts differently.
    const bool beside_stream = snapshot.origin == SnapshotOrigin::rest && book_depth_ > 0;
    if (beside_stream || !wanted_depth(snapshot.depth)) {
        return;
    }
    book_depth_ = snapshot.depth;
    if (is_restatement(snapshot)) {
        forget_past();
        change.restated = true;
    }
    BookSnapshot timed = snapshot;
    if (timed.time.ms == 0) {
        timed.time = as_of_;  // spot snapshots carry no time
    }
    if (const auto fault = book_.apply(timed)) {
        count_fault(*fault);
        change.book_broken = true;
        return;
    }
    change.book = true;
}

// Whoever splits a contract restarts its service: u begins with 1 again. Whoever was not connected then sees
// any other u.
bool SymbolState::is_restatement(const BookSnapshot& snapshot) const noexcept {
    const double before = last_traded().value();
    const ExchangeTime traded = tape_.trades().empty() ? ticker_.time : tape_.trades().back().time;
    if (snapshot.origin != SnapshotOrigin::stream || snapshot.bids.empty() || snapshot.asks.empty() ||
        !(before > 0) || snapshot.time - traded > comparable_ms) {
        return false;
    }
    const double ratio = snapshot.update_id == 1 ? restart_ratio : return_ratio;
    const auto higher = [](const BookLevel& a, const BookLevel& b) { return a.price < b.price; };
    const double bid = std::ranges::max_element(snapshot.bids, higher)->price.value();
    const double ask = std::ranges::min_element(snapshot.asks, higher)->price.value();
    return bid < ask && (bid > before * ratio || ask < before / ratio);
}

void SymbolState::forget_past() {
    tape_ = TradeTape{};
    minute_volumes_ = MinuteVolumes{};
    candles_.clear();
    interest_.clear();
    liquidations_.clear();
    // Rates and turnovers are of no unit of the contract.
    ticker_ = Ticker{.time = ticker_.time,
                     .funding_rate = ticker_.funding_rate,
                     .next_funding_time = ticker_.next_funding_time,
                     .funding_interval_minutes = ticker_.funding_interval_minutes,
                     .change_24h = ticker_.change_24h,
                     .turnover_24h = ticker_.turnover_24h};
}

void SymbolState::tell_funding_interval(int minutes) {
    ticker_.funding_interval_minutes = minutes;
}

void SymbolState::apply_payload(const BookDelta& delta, StateChange& change) {
    if (book_depth_ >= 0 && delta.depth != book_depth_) {
        return;
    }
    const bool thin_before = book_.thin();
    switch (book_.apply(delta)) {
        case DeltaOutcome::applied:
            change.book = true;
            change.book_thin = book_.thin() && !thin_before;
            break;
        case DeltaOutcome::duplicate:
            ++totals_.duplicates;
            break;
        case DeltaOutcome::faulted:
            count_fault(book_.view().error());
            change.book_broken = true;
            break;
        case DeltaOutcome::buffered:
        case DeltaOutcome::awaiting:
            break;
    }
}

void SymbolState::apply_payload(const Trades& trades, StateChange& change) {
    if (!trade_feed_) {
        trade_feed_ = trades.feed;
    }
    if (*trade_feed_ != trades.feed) {
        return;
    }
    for (const auto& print : trades.prints) {
        if (print.off_market) {
            ++totals_.off_market;
            continue;
        }
        if (print.block) {
            ++totals_.block_trades;
            minute_volumes_.add(print.time, print.size);
            continue;
        }
        const auto outcome = tape_.add(print, trades.ids_ascend);
        if (outcome == TradeOutcome::duplicate) {
            ++totals_.duplicates;
            continue;
        }
        ++totals_.trades;
        minute_volumes_.add(print.time, print.size);
        (print.taker == Side::buy ? totals_.buy_volume : totals_.sell_volume) += print.size.units;
        candles_.add_trade(print.time, print.price, print.size, print.taker);
        if (outcome == TradeOutcome::late) {
            ++totals_.late_trades;
        } else {
            ++change.trades;
        }
    }
}

void SymbolState::apply_payload(const TickerUpdate& update, StateChange& change) {
    ticker_.time = std::max(ticker_.time, update.time);
    take(ticker_.last_price, update.last_price);
    take(ticker_.mark_price, update.mark_price);
    take(ticker_.index_price, update.index_price);
    take(ticker_.open_interest, update.open_interest);
    take(ticker_.open_interest_value, update.open_interest_value);
    take(ticker_.funding_rate, update.funding_rate);
    take(ticker_.next_funding_time, update.next_funding_time);
    take(ticker_.funding_interval_minutes, update.funding_interval_minutes);
    take(ticker_.change_24h, update.change_24h);
    take(ticker_.turnover_24h, update.turnover_24h);
    take(ticker_.volume_24h, update.volume_24h);
    take(ticker_.high_24h, update.high_24h);
    take(ticker_.low_24h, update.low_24h);
    take(ticker_.best_bid, update.best_bid);
    take(ticker_.best_ask, update.best_ask);
    if (update.open_interest) {
        sample_open_interest(update.time, change);
    }
}

std::optional<Price> SymbolState::last_price() const noexcept {
    if (ticker_.last_price || tape_.trades().empty()) {
        return ticker_.last_price;
    }
    return tape_.trades().back().price;
}

Price SymbolState::last_traded() const noexcept {
    if (!tape_.trades().empty()) {
        return tape_.trades().back().price;
    }
    return ticker_.last_price.value_or(Price{});
}

void SymbolState::sample_open_interest(ExchangeTime time, StateChange& change) {
    const ExchangeTime slot{time.ms - time.ms % open_interest_step_ms};
    if (!interest_.empty() && slot <= interest_.back().time) {
        return;
    }
    interest_.push({slot, *ticker_.open_interest, last_traded()});
    change.open_interest = true;
}

// The price at a point's time is the close of the candle that ended then, whenever that becomes known. Until
// then a sample has the price that was traded last.
void SymbolState::price_open_interest(StateChange& change) {
    if (!change.open_interest && candles_.version() == candles_priced_) {
        return;
    }
    candles_priced_ = candles_.version();
    const CandleSeries& candles = candles_.series(Timeframe::m5);
    const auto& closed = candles.closed();
    std::size_t place = 0;
    for (std::size_t i = 0; i < interest_.size(); ++i) {
        OpenInterestPoint& point = interest_[i];
        const ExchangeTime begun{point.time.ms - interval_ms(Timeframe::m5)};
        place = i == 0 ? candles.place_of(begun) : place;
        while (place < closed.size() && closed.key(place) < begun.ms) {
            ++place;
        }
        if (place == closed.size()) {
            return;
        }
        if (closed.key(place) != begun.ms) {
            continue;
        }
        if (const Price close = closed[place].close; point.price != close) {
            point.price = close;
            change.open_interest = true;
        }
    }
}

// Lost trade frames leave no gap in any number of the stream; the exchange's candle tells of them. Its volume
// is a double: a millionth of it is not a trade.
bool SymbolState::short_of_trades(const Candle& minute) {
    const auto received = minute_volumes_.audit(minute.open_time);
    return received &&
           static_cast<double>(*received) / static_cast<double>(decimal_scale) < minute.volume * (1 - 1e-6);
}

void SymbolState::audit(const Candle& minute, StateChange& change) {
    if (short_of_trades(minute)) {
        ++totals_.minutes_short;
        change.trades_missing = std::min(change.trades_missing.value_or(minute.open_time), minute.open_time);
    }
}

void SymbolState::apply_payload(const KlineUpdate& update, StateChange& change) {
    if (update.confirmed && update.timeframe == Timeframe::m1) {
        audit(update.candle, change);
    }
    candles_.add_kline(update.timeframe, update.candle, update.confirmed, update.time, tape_);
}

std::size_t SymbolState::drop_liquidations(ExchangeTime now, std::size_t keep) {
    const std::size_t before = liquidations_.size();
    while (liquidations_.size() > keep && now.ms - liquidations_.key(0) > liquidation_span_ms) {
        liquidations_.pop_front();
    }
    return before - liquidations_.size();
}

// Of liquidations the newest stays: its age is told.
std::size_t SymbolState::history_bytes() const noexcept {
    return candles_.bytes() + interest_.bytes() + funding_.bytes() + ratio_.bytes();
}

std::size_t SymbolState::give_up_history() {
    const std::size_t before = bytes();
    candles_.clear();
    candles_priced_ = 0;
    interest_.clear();
    funding_.clear();
    ratio_.clear();
    interest_.shrink();
    funding_.shrink();
    ratio_.shrink();
    return before - bytes();
}

std::size_t SymbolState::give_up_tape() {
    const std::size_t before = bytes();
    tape_.keep_newest(TradeTape::trades_min);
    return before - bytes();
}

Compaction SymbolState::compact(ExchangeTime now) {
    const std::size_t before = bytes();
    Compaction trimmed;
    trimmed.trades = tape_.compact(now);
    trimmed.liquidations = drop_liquidations(now, 1);
    liquidations_.shrink();
    interest_.shrink();
    funding_.shrink();
    ratio_.shrink();
    candles_.shrink();
    book_.shrink();
    trimmed.bytes = before - bytes();
    return trimmed;
}

void SymbolState::apply_payload(const Liquidations& batch, StateChange& change) {
    for (const auto& event : batch.events) {
        drop_liquidations(event.time, 0);
        const bool is_short = event.position == PositionSide::short_position;
        liquidations_.push({event.time, event.price, is_short ? -event.size.units : event.size.units});
        ++change.liquidations;
    }
}

void SymbolState::apply_payload(const KlineHistory& history, StateChange& change) {
    std::vector<Candle> usable;
    usable.reserve(history.candles.size());
    for (const auto& candle : history.candles) {
        if (!on_grid(candle.open_time, history.timeframe)) {
            ++totals_.rejected;  // off the grid it would never close
        } else if (usable.empty() || candle.open_time > usable.back().open_time) {
            usable.push_back(candle);
        }
    }
    if (history.timeframe == Timeframe::m1) {
        for (const auto& candle : usable) {
            if (candle.open_time + ms_per_minute <= history.time) {
                audit(candle, change);
            }
        }
    }
    candles_.add_history(history.timeframe, usable, history.time, tape_);
}

void SymbolState::apply_payload(const OpenInterestHistory& history, StateChange& change) {
    merge_history(interest_, history.points, true);  // a sample is of some time after its slot began
    change.open_interest = true;
}

void SymbolState::apply_payload(const FundingHistory& history, StateChange& change) {
    change.funding_history = true;
    merge_history(funding_, history.points);
}

void SymbolState::apply_payload(const AccountRatioHistory& history, StateChange& change) {
    change.account_ratio = true;
    merge_history(ratio_, history.points);
}

std::size_t SymbolState::bytes() const noexcept {
    return sizeof(*this) + book_.bytes() + tape_.bytes() + candles_.bytes() + interest_.bytes() +
           funding_.bytes() + ratio_.bytes() + liquidations_.bytes();
}

}  // namespace virtuoso
