// Who was closed by force over the last day.
#pragma once

#include "market/event.hpp"

#include <array>
#include <cstdint>

namespace virtuoso {

/// √notional of liquidations in five-minute bins of 24 h, with a half-life of 3.5 h. O(1) an event,
/// O(288) to read.
class LiquidationPressure {
  public:
    static constexpr std::size_t bins = 288;
    static constexpr std::int64_t bin_ms = 5 * ms_per_minute;
    static constexpr std::size_t hour_bins = 12;
    static constexpr double half_life_ms = 3.5 * 3'600'000;

    struct Totals {
        double longs = 0;  ///< decayed Σ √notional of liquidated longs
        double shorts = 0;
        double long_quote = 0;  ///< plain notional, quote currency
        double short_quote = 0;
        std::uint64_t events = 0;
        /// Of the current bin, the one before it, and so on: number of events, and √notional of shorts −
        /// longs.
        std::array<std::uint32_t, hour_bins> newest_events{};
        std::array<double, hour_bins> newest_net{};
    };

    void add(const Liquidation& event);
    [[nodiscard]] Totals totals(ExchangeTime as_of) const;

  private:
    struct Bin {
        std::int64_t number = -1;
        double longs = 0;
        double shorts = 0;
        double long_quote = 0;
        double short_quote = 0;
        std::uint32_t events = 0;
    };
    std::array<Bin, bins> bins_{};
    std::array<bool, bins> used_{};  ///< by anything ever: most never are, and are not looked at
};

}  // namespace virtuoso
