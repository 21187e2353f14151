#include "service/market_regime.hpp"

#include <fmt/format.h>

#include <array>

namespace virtuoso {

namespace {

double percent(double share) {
    return share * 100;
}

/// How a bound reads: what has to be exceeded to enter, or not fallen below to stay.
std::string_view bound_word(bool staying) {
    return staying ? "to stay" : "wanted";
}

}  // namespace

std::string_view name_of(MarketRegime regime) noexcept {
    constexpr std::array<std::string_view, 4> names{"bullish", "bearish", "ranging", "volatile"};
    return names[static_cast<std::size_t>(regime)];
}

bool RegimeTracker::follows(const RegimeInputs& inputs, MarketRegime side) {
    const bool up = side == MarketRegime::bullish;
    const bool staying = regime_ == side;
    const std::size_t count = up ? inputs.gainers : inputs.losers;
    const double share = static_cast<double>(count) / static_cast<double>(inputs.total);
    const double share_min = staying ? limits_.share_stay : limits_.share_enter;
    const double mean = up ? inputs.mean_change : -inputs.mean_change;
    const double mean_min = staying ? limits_.mean_stay : limits_.mean_enter;
    if (share < share_min || mean < mean_min) {
        return false;
    }
    rule_ =
        fmt::format("{}: {} of {} {} ({:.1f} %, {:.0f} % {}) and the mean change is {:+.2f} % ({:+.2f} % {})",
                    name_of(side), count, inputs.total, up ? "rose" : "fell", percent(share),
                    percent(share_min), bound_word(staying), percent(inputs.mean_change),
                    percent(up ? mean_min : -mean_min), bound_word(staying));
    return true;
}

bool RegimeTracker::is_volatile(const RegimeInputs& inputs) {
    const bool staying = regime_ == MarketRegime::volatile_market;
    const double place_min = staying ? limits_.percentile_stay : limits_.percentile_enter;
    const double dispersion_min = staying ? limits_.dispersion_stay : limits_.dispersion_enter;
    if (inputs.bitcoin && inputs.bitcoin->percentile.value_or(0) >= place_min) {
        rule_ = fmt::format(
            "volatile: bitcoin's realised volatility of {:.1f} % is above {:.0f} % of its last 30 "
            "days ({:.0f} % {})",
            percent(inputs.bitcoin->annualised), percent(*inputs.bitcoin->percentile), percent(place_min),
            bound_word(staying));
        return true;
    }
    if (inputs.dispersion >= dispersion_min) {
        rule_ = fmt::format("volatile: 24 h changes are spread by {:.2f} % ({:.0f} % {})",
                            percent(inputs.dispersion), percent(dispersion_min), bound_word(staying));
        return true;
    }
    return false;
}

std::optional<MarketRegime> RegimeTracker::update(const RegimeInputs& inputs) {
    if (inputs.total < limits_.symbols_min) {
        regime_.reset();
        rule_ = fmt::format("none: {} contracts are known, {} are needed", inputs.total, limits_.symbols_min);
        return regime_;
    }
    if (follows(inputs, MarketRegime::bullish)) {
        regime_ = MarketRegime::bullish;
    } else if (follows(inputs, MarketRegime::bearish)) {
        regime_ = MarketRegime::bearish;
    } else if (is_volatile(inputs)) {
        regime_ = MarketRegime::volatile_market;
    } else {
        rule_ = fmt::format(
            "ranging: {} of {} rose, {} fell, the mean change is {:+.2f} % and 24 h changes are "
            "spread by {:.2f} %: no other rule holds",
            inputs.gainers, inputs.total, inputs.losers, percent(inputs.mean_change),
            percent(inputs.dispersion));
        regime_ = MarketRegime::ranging;
    }
    return regime_;
}

}  // namespace virtuoso
