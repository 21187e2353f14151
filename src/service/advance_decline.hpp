// How many more contracts rose than fell, minute by minute.
#pragma once

#include "engine/market_tickers.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace virtuoso {

/// Every minute adds the number of contracts whose last price is above that of a minute ago, less the number
/// of those below it; the sum begins anew at 00:00 UTC. So it depends on prices at the beginnings of minutes,
/// not on how often it is asked. A minute that nobody asked in is part of the next step. O(n log n) a minute
/// of n contracts, O(1) otherwise; keeps one price for each contract of the newest minute.
class AdvanceDeclineLine {
  public:
    void update(std::span<const TickerSample> samples, ExchangeTime as_of);
    [[nodiscard]] std::int64_t value() const noexcept { return value_; }

  private:
    std::int64_t minute_ = -1;
    std::int64_t value_ = 0;
    std::map<std::string, Price, std::less<>> prices_;
};

}  // namespace virtuoso
