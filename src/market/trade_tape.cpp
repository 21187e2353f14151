#include "market/trade_tape.hpp"

#include <algorithm>

namespace virtuoso {

// A trade newer than everything seen cannot be a repetition, so the scan usually ends at once.
bool TradeTape::seen(const TradePrint& print) const {
    for (std::size_t age = 0; age < recent_ids_.size(); ++age) {
        const RecentTradeId known = recent_ids_.newest(age);
        if (known.id == print.id) {
            return true;
        }
        if (known.time.ms < print.time.ms - late_tolerance_ms) {
            return false;
        }
        if (age == 0 && known.time < print.time) {
            return false;
        }
    }
    return recent_ids_.size() == recent_ids_.capacity() && has_like(print);
}

bool TradeTape::has_like(const TradePrint& print) const {
    for (std::size_t age = 0; age < trades_.size(); ++age) {
        const TapeTrade known = trades_.newest(age);
        if (known.time < print.time) {
            return false;
        }
        if (known.time == print.time && known.price == print.price && known.size() == print.size &&
            known.taker() == print.taker) {
            return true;
        }
    }
    return false;
}

std::size_t TradeTape::drop_old(ExchangeTime now, std::size_t keep) {
    const std::size_t before = trades_.size();
    while (trades_.size() > keep && now.ms - trades_.key(0) > span_ms) {
        trades_.pop_front();
    }
    return before - trades_.size();
}

std::size_t TradeTape::compact(ExchangeTime now) {
    const std::size_t dropped = drop_old(now, trades_min);
    trades_.shrink();
    recent_ids_.shrink();
    return dropped;
}

std::size_t TradeTape::keep_newest(std::size_t count) {
    const std::size_t before = trades_.size();
    while (trades_.size() > count) {
        trades_.pop_front();
    }
    trades_.shrink();
    recent_ids_.shrink();
    return before - trades_.size();
}

TradeOutcome TradeTape::add(const TradePrint& print, bool ids_ascend) {
    if (ids_ascend) {
        const bool second_part = print.retail && print.id == last_id_ && !last_was_retail_;
        if (!rising_ids_.add(print.id) && !second_part) {
            return TradeOutcome::duplicate;
        }
        last_id_ = print.id;
        last_was_retail_ = print.retail;
    } else if (print.id != 0) {
        if (seen(print)) {
            return TradeOutcome::duplicate;
        }
        const ExchangeTime newest = recent_ids_.empty() ? print.time : recent_ids_.back().time;
        recent_ids_.push({std::max(newest, print.time), print.id});
    }
    ExchangeTime time = print.time;
    if (!trades_.empty() && time < trades_.back().time) {
        if (trades_.back().time - time > late_tolerance_ms) {
            return TradeOutcome::late;
        }
        time = trades_.back().time;
    }
    drop_old(time, trades_min - 1);
    trades_.push(
        {time, print.price, static_cast<std::int64_t>(print.taker) * print.size.units, print.retail});
    return TradeOutcome::added;
}

}  // namespace virtuoso
