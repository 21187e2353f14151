#include "sim/back_history.hpp"

#include "base/deterministic_math.hpp"
#include "base/seeded_random.hpp"
#include "sim/price_process.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso::sim {

namespace {

using MinuteTrades = std::array<SimTrade, past_trades_per_minute>;

/// Orders' usual sizes that the live market trades in a minute whose fair price has this deviation: informed
/// orders carry the book after it, the more the fewer ticks a level is. Least squares of the logarithms over
/// minutes of three seeds and 240 contracts; medians of single contracts lie within 1.4 of it.
double minute_lots(const SimInstrument& instrument, double deviation) {
    const double ticks =
        std::clamp(logarithm(deviation * static_cast<double>(instrument.start_tick)), -1.0, 8.0);
    const double events = logarithm(instrument.events_per_second);
    return 60 * instrument.events_per_second *
           exponential(-3.1446 + 1.4867 * ticks - 0.6458 * events - 0.0875 * ticks * ticks -
                       0.0174 * events * events + 0.0653 * ticks * events);
}

struct MinuteMove {
    double from;        ///< price at its beginning
    double move;        ///< share
    double volatility;  ///< the symbol's own
    double lots;        ///< traded on average
};

/// The minute's path from one price to the next, as trades.
MinuteTrades trades_of(std::uint64_t seed, const SimInstrument& instrument, std::int64_t minute,
                       const MinuteMove& path) {
    const auto [from, move, volatility, lots] = path;
    SeededRandom random(seed ^ (instrument.index + 77) * 0x9e3779b97f4a7c15 ^
                        static_cast<std::uint64_t>(minute) * 0xc2b2ae3d27d4eb4f);
    static_cast<void>(random.next());
    constexpr double mean_draw = 1.3;
    const double per_trade = lots / (past_trades_per_minute * mean_draw);
    MinuteTrades trades;
    for (int i = 0; i < past_trades_per_minute; ++i) {
        const double share = static_cast<double>(i + 1) / past_trades_per_minute;
        const bool last = i + 1 == past_trades_per_minute;
        const double wander = last ? 0 : (random.uniform() - 0.5) * volatility * 1.4;
        const double price = from * (1 + move * share + wander);
        SimTrade& trade = trades[static_cast<std::size_t>(i)];
        trade.time_ms = minute * ms_per_minute + i * (ms_per_minute / past_trades_per_minute) +
                        static_cast<std::int64_t>(random.below(ms_per_minute / past_trades_per_minute));
        trade.tick =
            std::max<std::int64_t>(1, std::llround(price * 1e8 / static_cast<double>(instrument.tick_units)));
        const double size = instrument.lot_steps * per_trade * (0.3 - logarithm(1e-9 + random.uniform()));
        trade.steps = std::max<std::int64_t>(1, static_cast<std::int64_t>(size));
        trade.buy = random.uniform() < 0.5 + std::clamp(move / (6 * volatility), -0.35, 0.35);
        trade.number =
            static_cast<std::uint64_t>(minute) * past_trades_per_minute + static_cast<std::uint64_t>(i);
        trade.sequence = trade.number;
    }
    return trades;
}

}  // namespace

std::vector<SimCandle> BackHistory::minutes(std::int64_t minutes_max, std::vector<SimTrade>* trades,
                                            std::int64_t trade_minutes) const {
    const std::int64_t end = start_.ms / ms_per_minute;  // the minute that the simulation begins in
    const std::int64_t first = std::max(instrument_->launch.ms / ms_per_minute, end - minutes_max);
    std::vector<SimCandle> candles(static_cast<std::size_t>(std::max<std::int64_t>(0, end - first)));
    double log_price = logarithm(instrument_->price_of(instrument_->start_tick));
    std::vector<SimTrade> reversed;
    PastReturns returns(seed_, *instrument_);
    for (std::int64_t minute = end - 1; minute >= first; --minute) {
        const double move = returns.at(minute);
        log_price -= move;
        const MinuteTrades prints =
            trades_of(seed_, *instrument_, minute,
                      {.from = exponential(log_price),
                       .move = exponential(move) - 1,
                       .volatility = returns.volatility(),
                       .lots = minute_lots(*instrument_, returns.whole_volatility())});
        SimCandle& candle = candles[static_cast<std::size_t>(minute - first)];
        candle.start_ms = minute * ms_per_minute;
        for (const SimTrade& trade : prints) {
            candle.add(trade, instrument_->price_of(trade.tick) * instrument_->quantity_of(trade.steps));
        }
        if (trades != nullptr && end - minute <= trade_minutes) {
            reversed.insert(reversed.end(), prints.rbegin(), prints.rend());
        }
    }
    if (trades != nullptr) {
        trades->assign(reversed.rbegin(), reversed.rend());
    }
    return candles;
}

}  // namespace virtuoso::sim
