// How much a price has moved, from its hourly closes.
#pragma once

#include "market/candle_series.hpp"

#include <cstddef>
#include <optional>

namespace virtuoso {

/// Root of the mean squared hourly log return of the last 24 h (Andersen, Bollerslev 1998), annualised: times
/// √(24 · 365), which is the day's volatility times √365.
struct RealisedVolatility {
    static constexpr std::size_t hours = 24;
    static constexpr std::size_t hours_min = 20;        ///< below it nothing is said
    static constexpr std::size_t percentile_min = 120;  ///< values for a place among them

    double annualised = 0;  ///< share: 0.45 is 45 %
    /// Its place among those of every hour of the series (30 days), 0…1.
    std::optional<double> percentile;
    std::size_t returns = 0;  ///< that it is made of

    friend bool operator==(const RealisedVolatility&, const RealisedVolatility&) = default;

    /// nullopt below 20 returns. Precondition: closed 1h candles. O(candles).
    [[nodiscard]] static std::optional<RealisedVolatility> of(const CandleSeries& hourly);
};

}  // namespace virtuoso
