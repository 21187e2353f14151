#include "indicators/liquidation_pressure.hpp"

#include "base/deterministic_math.hpp"

#include <cmath>

namespace virtuoso {

void LiquidationPressure::add(const Liquidation& event) {
    const std::int64_t number = event.time.ms / bin_ms;
    Bin& bin = bins_[static_cast<std::size_t>(number) % bins];
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
}

LiquidationPressure::Totals LiquidationPressure::totals(ExchangeTime as_of) const {
    Totals result;
    const std::int64_t current = as_of.ms / bin_ms;
    const double step = exponential2(-static_cast<double>(bin_ms) / half_life_ms);
    double weight = 1;
    for (std::int64_t number = current; number > current - static_cast<std::int64_t>(bins); --number) {
        const Bin& bin = bins_[static_cast<std::size_t>(number) % bins];
        if (bin.number == number) {
            result.longs += weight * bin.longs;
            result.shorts += weight * bin.shorts;
            result.long_quote += bin.long_quote;
            result.short_quote += bin.short_quote;
            result.events += bin.events;
            if (const auto age = static_cast<std::size_t>(current - number); age < hour_bins) {
                result.newest_events[age] = bin.events;
                result.newest_net[age] = bin.shorts - bin.longs;
            }
        }
        weight *= step;
    }
    return result;
}

}  // namespace virtuoso
