// Candles of one simulated contract on every interval of the exchange.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <string_view>

namespace virtuoso::sim {

struct SimTrade {
    std::int64_t time_ms = 0;
    std::int64_t tick = 0;
    std::int64_t steps = 0;
    std::uint64_t number = 0;  ///< counts up within a symbol
    std::uint64_t sequence = 0;
    bool buy = false;
};

struct SimCandle {
    std::int64_t start_ms = 0;
    std::int64_t open = 0;  ///< ticks
    std::int64_t high = 0;
    std::int64_t low = 0;
    std::int64_t close = 0;
    std::int64_t steps = 0;
    double turnover = 0;
    std::int64_t buy_steps = 0;  ///< of `steps`, bought by takers

    void add(const SimTrade& trade, double notional);
};

struct SimInterval {
    std::string_view name;  ///< the exchange's: "1", "60", "D"
    std::int64_t ms;        ///< months are counted as 30 days
};

inline constexpr std::array<SimInterval, 13> sim_intervals{{{"1", ms_per_minute},
                                                            {"3", 3 * ms_per_minute},
                                                            {"5", 5 * ms_per_minute},
                                                            {"15", 15 * ms_per_minute},
                                                            {"30", 30 * ms_per_minute},
                                                            {"60", ms_per_hour},
                                                            {"120", 2 * ms_per_hour},
                                                            {"240", 4 * ms_per_hour},
                                                            {"360", 6 * ms_per_hour},
                                                            {"720", 12 * ms_per_hour},
                                                            {"D", ms_per_day},
                                                            {"W", 7 * ms_per_day},
                                                            {"M", 30 * ms_per_day}}};

/// Start of the candle that holds `time_ms`. Weeks begin on Mondays.
[[nodiscard]] std::int64_t candle_start(std::int64_t time_ms, std::int64_t interval_ms);

/// At most `kept` candles an interval, the newest. A trade costs O(intervals).
class CandleStore {
  public:
    static constexpr std::size_t kept = 1'500;

    void add(const SimTrade& trade, double notional);
    /// A whole candle of one minute, in order of time, as the history is built.
    void add_minute(const SimCandle& minute);
    /// Minutes without trades repeat the last price, as the exchange's do.
    void advance(std::int64_t now_ms);

    [[nodiscard]] const std::deque<SimCandle>& candles(std::size_t interval) const {
        return series_[interval];
    }

  private:
    void roll(std::size_t interval, std::int64_t time_ms, std::int64_t tick);

    std::array<std::deque<SimCandle>, sim_intervals.size()> series_;
};

}  // namespace virtuoso::sim
