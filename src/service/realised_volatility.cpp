#include "service/realised_volatility.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace virtuoso {

namespace {

constexpr double hours_a_year = 24.0 * 365.0;

/// A return and the hours it was made in, which are several where candles are missing.
struct HourlyReturn {
    double square = 0;
    double span_hours = 1;
};

std::vector<HourlyReturn> returns_of(const CandleSeries& hourly) {
    const auto& candles = hourly.closed();
    std::vector<HourlyReturn> returns;
    returns.reserve(candles.size());
    for (std::size_t i = 1; i < candles.size(); ++i) {
        const double before = candles[i - 1].close.value();
        const double now = candles[i].close.value();
        const auto span = static_cast<double>(candles[i].open_time - candles[i - 1].open_time);
        if (before > 0 && now > 0) {
            const double step = logarithm(now / before);
            returns.push_back({step * step, span / static_cast<double>(ms_per_hour)});
        }
    }
    return returns;
}

/// Of the `RealisedVolatility::hours` returns that end before `end`, or as many as there are.
double annualised(const std::vector<HourlyReturn>& returns, std::size_t end) {
    double square = 0;
    double span = 0;
    for (std::size_t i = end - std::min(end, RealisedVolatility::hours); i < end; ++i) {
        square += returns[i].square;
        span += returns[i].span_hours;
    }
    return std::sqrt(square / span * hours_a_year);
}

}  // namespace

std::optional<RealisedVolatility> RealisedVolatility::of(const CandleSeries& hourly) {
    const std::vector<HourlyReturn> returns = returns_of(hourly);
    if (returns.size() < hours_min) {
        return std::nullopt;
    }
    RealisedVolatility result;
    result.returns = std::min(returns.size(), hours);
    result.annualised = virtuoso::annualised(returns, returns.size());
    double below = 0;
    double count = 0;
    for (std::size_t end = hours; end <= returns.size(); ++end) {
        const double value = virtuoso::annualised(returns, end);
        below += value < result.annualised ? 1.0 : value == result.annualised ? 0.5 : 0.0;
        ++count;
    }
    if (count >= static_cast<double>(percentile_min)) {
        result.percentile = below / count;
    }
    return result;
}

}  // namespace virtuoso
