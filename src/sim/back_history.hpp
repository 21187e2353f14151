// What a simulated contract did before the simulation began.
#pragma once

#include "sim/candle_store.hpp"
#include "sim/instrument_universe.hpp"

#include <cstdint>
#include <vector>

namespace virtuoso::sim {

/// Trades of every minute of the past: a minute's candle is made of exactly these.
inline constexpr int past_trades_per_minute = 4;

/// Walks back from the start price, so that the past joins the present. O(minutes).
class BackHistory {
  public:
    BackHistory(std::uint64_t seed, const SimInstrument& instrument, ExchangeTime start)
        : seed_(seed), instrument_(&instrument), start_(start) {}

    /// Minutes from the launch, at most `minutes_max`, oldest first. `trades`, if given, receives the trades
    /// of the newest `trade_minutes`.
    [[nodiscard]] std::vector<SimCandle> minutes(std::int64_t minutes_max,
                                                 std::vector<SimTrade>* trades = nullptr,
                                                 std::int64_t trade_minutes = 0) const;

  private:
    std::uint64_t seed_;
    const SimInstrument* instrument_;
    ExchangeTime start_;
};

}  // namespace virtuoso::sim
