#include "sim/symbol_market.hpp"

#include "base/deterministic_math.hpp"
#include "sim/back_history.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace virtuoso::sim {

namespace {

constexpr std::int64_t factor_step_ms = 100;
constexpr double excitation_decay = 1.5;  ///< per second
constexpr double jumps_per_hour = 0.7;
constexpr std::size_t live_minutes_max = 1'500;
constexpr std::size_t latest_minutes_kept = 4;
constexpr std::int64_t sample_ms = 5 * ms_per_minute;
constexpr std::size_t samples_kept = 8'640;
/// Of what is liquidated; for the rest the other side of the trade opens a position.
constexpr double interest_closed = 0.05;
constexpr std::int64_t day_part_ms = 5 * ms_per_minute;

double fat_draw(SeededRandom& random) {
    const double u1 = random.uniform();
    const double u2 = random.uniform();
    const double u3 = random.uniform();
    const double u4 = random.uniform();
    return fat_normal(u1, u2, u3, u4, random.uniform());
}

double decayed(double value, double elapsed_ms, double life_ms) {
    return value * exponential(-elapsed_ms / life_ms);
}

}  // namespace

void MarketFactor::advance(std::int64_t to_ms) {
    for (; now_ms_ + factor_step_ms <= to_ms; now_ms_ += factor_step_ms) {
        constexpr double share = static_cast<double>(factor_step_ms) / static_cast<double>(ms_per_minute);
        value_ += fat_draw(random_) * std::sqrt(share) * volatility_.at(now_ms_ / ms_per_minute);
    }
}

SymbolMarket::SymbolMarket(std::uint64_t seed, SimInstrument instrument, ExchangeTime start, double factor)
    : seed_(seed),
      instrument_(std::move(instrument)),
      start_(start),
      random_(seed ^ (instrument_.index + 1) * 0x9e3779b97f4a7c15),
      volatility_(seed, instrument_.index),
      book_(instrument_.start_tick),
      next_us_(start.ms * 1'000),
      last_us_(next_us_),
      last_ms_(start.ms),
      log_fair_(logarithm(instrument_.price_of(instrument_.start_tick))),
      fair_(instrument_.price_of(instrument_.start_tick)),
      factor_seen_(factor),
      refilled_at_(instrument_.start_tick),
      slow_price_(fair_),
      interest_(base_interest() * past_interest(seed, instrument_.index, start.ms)),
      interest_ms_(start.ms),
      next_funding_ms_(candle_start(start.ms, instrument_.funding_minutes * ms_per_minute) +
                       instrument_.funding_minutes * ms_per_minute),
      next_sample_ms_(candle_start(start.ms, sample_ms) + sample_ms),
      last_tick_(instrument_.start_tick),
      trade_number_(static_cast<std::uint64_t>(start.ms / ms_per_minute) * past_trades_per_minute),
      sequence_(trade_number_ + 1) {
    for (std::int64_t d = 0; d < 400; ++d) {
        for (const bool bid : {true, false}) {
            if (random_.uniform() < 0.8) {
                const double depth = 1 + 0.25 * std::sqrt(static_cast<double>(d));
                book_.add(bid, instrument_.start_tick + (bid ? -d : d + 1),
                          lot(depth * (0.2 + exponential_draw())));
            }
        }
    }
    const BackHistory past(seed, instrument_, start);
    for (const SimCandle& minute : past.minutes(ms_per_day / ms_per_minute)) {
        const std::int64_t part = candle_start(minute.start_ms, day_part_ms);
        if (day_parts_.empty() || day_parts_.back().start_ms != part) {
            day_parts_.push_back({part, minute.open, minute.high, minute.low, minute.close});
        }
        SimCandle& bucket = day_parts_.back();
        bucket.high = std::max(bucket.high, minute.high);
        bucket.low = std::min(bucket.low, minute.low);
        bucket.close = minute.close;
        bucket.steps += minute.steps;
        bucket.turnover += minute.turnover;
    }
    const std::int64_t tick = instrument_.start_tick;
    latest_minutes_.push_back({candle_start(start.ms, ms_per_minute), tick, tick, tick, tick});
    if (day_parts_.empty()) {
        day_parts_.push_back({candle_start(start.ms, day_part_ms), tick, tick, tick, tick});
    }
    plan_next();
}

double SymbolMarket::exponential_draw() {
    return -logarithm(1e-12 + random_.uniform());
}

std::int64_t SymbolMarket::lot(double scale) {
    return std::max<std::int64_t>(1, std::llround(instrument_.lot_steps * scale));
}

// Power-law distance from the own best price (Bouchaud, Mézard, Potters 2002: orders fall off as d^-1.6).
std::int64_t SymbolMarket::distance() {
    const double u = 1e-6 + random_.uniform();
    const double d = (exponential(-logarithm(u) / 1.3) - 1) * 2;
    return static_cast<std::int64_t>(std::min(d, 900.0));
}

double SymbolMarket::base_interest() const {
    return instrument_.quantity_of(std::llround(instrument_.lot_steps * 3'000));
}

// Ogata's thinning with the present intensity as the bound: it only decays until the next event.
void SymbolMarket::plan_next() {
    double elapsed_s = 0;
    double bound = instrument_.events_per_second + excitation_;
    while (true) {
        elapsed_s += exponential_draw() / bound;
        const double intensity =
            instrument_.events_per_second + excitation_ * exponential(-excitation_decay * elapsed_s);
        if (random_.uniform() * bound <= intensity) {
            break;
        }
        bound = intensity;
    }
    next_us_ = last_us_ + std::max<std::int64_t>(1, static_cast<std::int64_t>(elapsed_s * 1e6));
}

void SymbolMarket::move_fair(const MarketFactor& factor, std::int64_t now_ms) {
    const auto elapsed = static_cast<double>(now_ms - last_ms_);
    const double minutes = elapsed / static_cast<double>(ms_per_minute);
    log_fair_ += instrument_.market_beta * market_volatility * (factor.value() - factor_seen_);
    factor_seen_ = factor.value();
    const double volatility = instrument_.minute_volatility * volatility_.at(now_ms / ms_per_minute);
    log_fair_ += 0.8 * volatility * std::sqrt(minutes) * fat_draw(random_);
    if (random_.uniform() < jumps_per_hour * minutes / 60) {
        log_fair_ += (random_.uniform() < 0.5 ? -1 : 1) * volatility * (4 + 4 * exponential_draw());
    }
    fair_ = exponential(log_fair_);
    const double middle =
        0.5 * (instrument_.price_of(book_.best_bid()) + instrument_.price_of(book_.best_ask()));
    const double premium = std::clamp(middle / fair_ - 1, -0.01, 0.01);
    premium_fast_ = premium + decayed(premium_fast_ - premium, elapsed, 30'000);
    premium_slow_ = premium + decayed(premium_slow_ - premium, elapsed, 3'600'000);
    slow_price_ = middle + decayed(slow_price_ - middle, elapsed, 60'000);
}

void SymbolMarket::resume(std::int64_t now_ms) {
    last_us_ = std::max(last_us_, now_ms * 1'000);
    last_ms_ = std::max(last_ms_, now_ms);
    plan_next();
}

void SymbolMarket::step(const MarketFactor& factor) {
    const std::int64_t now_ms = next_us_ / 1'000;
    excitation_ *= exponential(-excitation_decay * static_cast<double>(next_us_ - last_us_) / 1e6);
    last_us_ = next_us_;
    move_fair(factor, now_ms);
    last_ms_ = now_ms;
    ++sequence_;
    const auto fair_tick = std::llround(fair_ * 1e8 / static_cast<double>(instrument_.tick_units));
    const double middle = 0.5 * static_cast<double>(book_.best_bid() + book_.best_ask());
    const auto half_spread = 0.5 * static_cast<double>(book_.best_ask() - book_.best_bid());
    const double off = static_cast<double>(fair_tick) - middle;
    const double u = random_.uniform();
    if (std::abs(off) > half_spread + 2 && u < 0.6) {
        market_order(off > 0, 1 + 6 * exponential_draw(), fair_tick);
    } else if (u < 0.70) {
        add_order();
    } else if (u < 0.92) {
        cancel_order();
    } else {
        const bool buy = random_.uniform() < 0.5 + std::clamp(0.1 * off / (half_spread + 1), -0.3, 0.3);
        market_order(buy, 0.3 + exponential_draw(), buy ? book_.best_ask() + 10 : book_.best_bid() - 10);
    }
    liquidate();
    refill();
    plan_next();
}

void SymbolMarket::add_order() {
    const bool bid = random_.uniform() < 0.5;
    std::int64_t tick = 0;
    const std::int64_t spread = book_.best_ask() - book_.best_bid();
    if (spread > 1 && random_.uniform() < 0.5) {
        const auto inside =
            1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(spread - 1)));
        tick = bid ? book_.best_bid() + inside : book_.best_ask() - inside;
    } else {
        const std::int64_t d = distance();
        tick = bid ? book_.best_bid() - d : book_.best_ask() + d;
    }
    book_.add(bid, tick, lot(0.2 + exponential_draw()));
    excitation_ += 0.55;
}

void SymbolMarket::cancel_order() {
    const bool bid = random_.uniform() < 0.5;
    std::int64_t tick = bid ? book_.best_bid() - distance() : book_.best_ask() + distance();
    for (int i = 0; i < 20 && book_.steps_at(tick) == 0; ++i) {
        tick += bid ? 1 : -1;
    }
    // The touch itself is left to trades while it is the only level near the fair price.
    const std::int64_t there = book_.steps_at(tick);
    book_.remove(tick, random_.uniform() < 0.6 ? there : there / 2 + 1);
    excitation_ += 0.5;
}

double SymbolMarket::notional(const SimTrade& trade) const {
    return instrument_.price_of(trade.tick) * instrument_.quantity_of(trade.steps);
}

void SymbolMarket::roll_minutes(std::int64_t now_ms) {
    const std::int64_t start = candle_start(now_ms, ms_per_minute);
    while (latest_minutes_.back().start_ms < start) {
        const SimCandle& last = latest_minutes_.back();
        latest_minutes_.push_back(
            {last.start_ms + ms_per_minute, last.close, last.close, last.close, last.close});
        if (latest_minutes_.size() > latest_minutes_kept) {
            latest_minutes_.pop_front();
        }
    }
}

void SymbolMarket::trade(std::int64_t tick, std::int64_t steps, bool buy) {
    const SimTrade made{last_ms_, tick, steps, ++trade_number_, sequence_, buy};
    last_tick_ = tick;
    ++trade_count_;
    new_trades_.push_back(made);
    trades_.push_back(made);
    if (trades_.size() > trades_kept) {
        trades_.pop_front();
    }
    const double quote = notional(made);
    roll_minutes(made.time_ms);
    latest_minutes_.back().add(made, quote);
    if (store_) {
        store_->add(made, quote);
    } else {
        const std::int64_t minute = candle_start(made.time_ms, ms_per_minute);
        if (live_minutes_.empty() || live_minutes_.back().start_ms != minute) {
            live_minutes_.push_back({minute, tick, tick, tick, tick});
        }
        live_minutes_.back().add(made, quote);
    }
    const std::int64_t part = candle_start(made.time_ms, day_part_ms);
    if (day_parts_.back().start_ms != part) {
        day_parts_.push_back({part, tick, tick, tick, tick});
    }
    day_parts_.back().add(made, quote);
}

void SymbolMarket::drop_old_day(std::int64_t now_ms) {
    while (day_parts_.size() > 1 && day_parts_.front().start_ms <= now_ms - ms_per_day - day_part_ms) {
        day_parts_.pop_front();
    }
}

// Positions are opened and closed: open interest moves restlessly about its slow wave, as it did in the past.
void SymbolMarket::move_interest(std::int64_t now_ms) {
    const auto elapsed = static_cast<double>(now_ms - interest_ms_);
    if (elapsed <= 0) {
        return;
    }
    const double kept = exponential(-elapsed / static_cast<double>(interest_memory_ms));
    const double target = base_interest() * interest_wave(seed_, instrument_.index, now_ms);
    const double draw =
        2 * hash_uniform(seed_, instrument_.index + 7'000, static_cast<std::uint64_t>(now_ms)) - 1;
    interest_ =
        std::max(0.0, target + kept * (interest_ - target) +
                          base_interest() * interest_unrest * std::sqrt(3 * (1 - kept * kept)) * draw);
    interest_ms_ = now_ms;
}

void SymbolMarket::market_order(bool buy, double size_lots, std::int64_t limit_tick) {
    fills_.clear();
    book_.take(buy, lot(size_lots), limit_tick, fills_);
    for (const auto& fill : fills_) {
        trade(fill.tick, fill.steps, buy);
    }
    excitation_ += 1.2;
}

// A fast move exhausts the margin of those on the wrong side: part of the open interest is closed at market.
// How often depends on how long the move lasts, not on how many orders are placed meanwhile.
void SymbolMarket::liquidate() {
    const double move = instrument_.price_of(last_tick_) / slow_price_ - 1;
    const double excess = std::abs(move) / (3.2 * instrument_.minute_volatility);
    if (excess < 1 || random_.uniform() * std::max(1.0, instrument_.activity) > 0.25) {
        return;
    }
    const bool longs = move < 0;
    const double share = std::min(2e-3, 2e-4 * excess * exponential_draw());
    const auto steps = std::max<std::int64_t>(
        1, std::llround(interest_ * share * 1e8 / static_cast<double>(instrument_.step_units)));
    const std::int64_t bankrupt =
        std::max<std::int64_t>(1, std::llround(static_cast<double>(last_tick_) * (longs ? 0.994 : 1.006)));
    new_liquidations_.push_back({last_ms_, longs, steps, bankrupt});
    interest_ *= 1 - interest_closed * share;
    fills_.clear();
    book_.take(!longs, steps, longs ? last_tick_ - 200 : last_tick_ + 200, fills_);
    for (const auto& fill : fills_) {
        trade(fill.tick, fill.steps, !longs);
    }
    excitation_ += 2;
}

// Market makers follow: after a move, both sides are quoted again near the touch.
void SymbolMarket::refill() {
    const std::int64_t middle = (book_.best_bid() + book_.best_ask()) / 2;
    if (std::abs(middle - refilled_at_) < 6) {
        return;
    }
    refilled_at_ = middle;
    for (std::int64_t d = 1; d <= 40; ++d) {
        for (const bool bid : {true, false}) {
            const std::int64_t tick = bid ? book_.best_bid() - d : book_.best_ask() + d;
            if (book_.steps_at(tick) == 0 && random_.uniform() < 0.45) {
                book_.add(bid, tick, lot((0.2 + exponential_draw()) * (1 + 0.1 * static_cast<double>(d))));
            }
        }
    }
    const std::int64_t spread = book_.best_ask() - book_.best_bid();
    if (spread > 4) {
        book_.add(true, book_.best_bid() + spread / 3, lot(0.5 + exponential_draw()));
        book_.add(false, book_.best_ask() - spread / 3, lot(0.5 + exponential_draw()));
    }
}

double SymbolMarket::funding_rate() const noexcept {
    const double wave = funding_wave(seed_, instrument_.index, last_ms_);
    return std::clamp(wave + std::clamp(0.25 * premium_slow_, -1e-4, 1e-4), -5e-3, 5e-3);
}

void SymbolMarket::advance(std::int64_t now_ms) {
    if (live_minutes_.size() > live_minutes_max) {
        static_cast<void>(candles());
    }
    roll_minutes(now_ms);
    if (store_) {
        store_->advance(now_ms);
    }
    move_interest(now_ms);
    drop_old_day(now_ms);
    for (; next_sample_ms_ <= now_ms; next_sample_ms_ += sample_ms) {
        interest_samples_.push_back({next_sample_ms_, interest_});
        if (interest_samples_.size() > samples_kept) {
            interest_samples_.pop_front();
        }
    }
    const std::int64_t interval = instrument_.funding_minutes * ms_per_minute;
    for (; next_funding_ms_ <= now_ms; next_funding_ms_ += interval) {
        settled_.push_back({next_funding_ms_, funding_rate()});
    }
}

}  // namespace virtuoso::sim
