#include "indicators/liquidation_pressure.hpp"

#include "base/deterministic_math.hpp"

#include <cmath>

namespace virtuoso {

namespace {

/// By age.
std::array<double, LiquidationPressure::bins> decayed_weights() {
    const double step =
        exponential2(-static_cast<double>(LiquidationPressure::bin_ms) / LiquidationPressure::half_life_ms);
    std::array<double, LiquidationPressure::bins> weights{};
    double weight = 1;
    for (double& each : weights) {
        each = weight;
        weight *= step;
    }
    return weights;
}

}  // namespace

void LiquidationPressure::add(const Liquidation& event) {
    const std::int64_t number = event.time.ms / bin_ms;
    const std::size_t place = static_cast<std::size_t>(number) % bins;
    Bin& bin = bins_[place];
    if (number < bin.number) {
        return;  // older than a day before what the bin holds
    }
    if (number > bin.number) {
        bin = Bin{.number = number};
    }
    const double notional = event.price.value() * event.size.value();
    const bool is_long = event.position == PositionSide::long_position;
    (is_long ? bin.longs : bin.shorts) += std::sqrt(notional);
    (is_long ? bin.long_quote : bin.short_quote) += notional;
    ++bin.events;
    used_[place] = true;
}

LiquidationPressure::Totals LiquidationPressure::totals(ExchangeTime as_of) const {
    Totals result;
    const std::int64_t current = as_of.ms / bin_ms;
    static const auto weights = decayed_weights();
    for (std::size_t age = 0; age < bins; ++age) {
        const std::int64_t number = current - static_cast<std::int64_t>(age);
        const std::size_t place = static_cast<std::size_t>(number) % bins;
        const Bin& bin = bins_[place];
        if (!used_[place] || bin.number != number) {
            continue;
        }
        result.longs += weights[age] * bin.longs;
        result.shorts += weights[age] * bin.shorts;
        result.long_quote += bin.long_quote;
        result.short_quote += bin.short_quote;
        result.events += bin.events;
        if (age < hour_bins) {
            result.newest_events[age] = bin.events;
            result.newest_net[age] = bin.shorts - bin.longs;
        }
    }
    return result;
}

}  // namespace virtuoso
