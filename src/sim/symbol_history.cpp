// What a simulated contract tells of its past.
#include "sim/back_history.hpp"
#include "sim/symbol_market.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso::sim {

namespace {

constexpr std::int64_t past_trade_minutes = 250;

}  // namespace

double SymbolMarket::buy_ratio(std::int64_t time_ms) const {
    return 0.53 + 0.13 * slow_noise(seed_, instrument_.index + 9'000, time_ms, 12 * ms_per_hour);
}

SimCandle SymbolMarket::day() const {
    SimCandle day = day_parts_.front();
    day.steps = 0;
    day.turnover = 0;
    for (const SimCandle& part : day_parts_) {
        day.high = std::max(day.high, part.high);
        day.low = std::min(day.low, part.low);
        day.close = part.close;
        day.steps += part.steps;
        day.turnover += part.turnover;
    }
    return day;
}

const std::deque<SimTrade>& SymbolMarket::recent_trades() {
    if (!trades_have_past_) {
        trades_have_past_ = true;
        std::vector<SimTrade> past;
        static_cast<void>(
            BackHistory(seed_, instrument_, start_).minutes(past_trade_minutes, &past, past_trade_minutes));
        for (auto at = past.rbegin(); at != past.rend() && trades_.size() < trades_kept; ++at) {
            trades_.push_front(*at);
        }
    }
    return trades_;
}

const CandleStore& SymbolMarket::candles() {
    if (!store_) {
        store_.emplace();
        for (const SimCandle& minute :
             BackHistory(seed_, instrument_, start_).minutes((history_days + 1) * 24 * 60)) {
            store_->add_minute(minute);
        }
        for (const SimCandle& minute : std::exchange(live_minutes_, {})) {
            store_->add_minute(minute);
        }
        store_->advance(std::max(last_ms_, interest_ms_));  // the open candle is there before its first trade
    }
    return *store_;
}

std::vector<SimOpenInterest> SymbolMarket::open_interest_history(std::int64_t step_ms, std::int64_t from_ms,
                                                                 std::int64_t to_ms) const {
    std::vector<SimOpenInterest> points;
    const std::int64_t first = std::max(from_ms, instrument_.launch.ms);
    for (std::int64_t t = candle_start(first + step_ms - 1, step_ms); t <= to_ms; t += step_ms) {
        if (t <= start_.ms) {
            points.push_back({t, base_interest() * past_interest(seed_, instrument_.index, t)});
            continue;
        }
        const auto found = std::lower_bound(
            interest_samples_.begin(), interest_samples_.end(), t,
            [](const SimOpenInterest& sample, std::int64_t time) { return sample.time_ms < time; });
        if (found != interest_samples_.end() && found->time_ms == t) {
            points.push_back(*found);
        }
    }
    return points;
}

std::vector<SimFunding> SymbolMarket::funding_history(std::int64_t from_ms, std::int64_t to_ms) const {
    std::vector<SimFunding> points;
    const std::int64_t interval = instrument_.funding_minutes * ms_per_minute;
    const std::int64_t first = std::max(from_ms, instrument_.launch.ms);
    for (std::int64_t t = candle_start(first + interval - 1, interval); t <= std::min(to_ms, start_.ms);
         t += interval) {
        points.push_back({t, funding_wave(seed_, instrument_.index, t)});
    }
    for (const SimFunding& settled : settled_) {
        if (settled.time_ms >= from_ms && settled.time_ms <= to_ms) {
            points.push_back(settled);
        }
    }
    return points;
}

}  // namespace virtuoso::sim
