// The sub-indicator that docs/extending.md adds to sentiment: how far the mark price stands from its index.
#pragma once

#include "analysis/component.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace virtuoso::examples {

// docs: basis weights
constexpr SubIndicator sentiment_subs[] = {
    {"funding_rate", .20},    {"liquidations", .20}, {"volatility", .13}, {"long_short_ratio", .15},
    {"market_activity", .10}, {"risk", .12},         {"basis", .10}};
// docs: end

// docs: basis
constexpr double basis_notable_bps = 10;

// Who buys the perpetual above its index pays funding until the gap is closed: against the gap.
inline void write_basis(SubScore& sub, const SymbolState& state, ExchangeTime as_of) {
    const Ticker& ticker = state.ticker();
    if (!ticker.mark_price || !ticker.index_price || ticker.index_price->units <= 0) {
        sub.set_absent(Absence::no_data);
        return;
    }
    const double bps = (ticker.mark_price->value() / ticker.index_price->value() - 1) * 1e4;
    sub.samples = 1;
    sub.age_ms = as_of - ticker.time;
    sub.add_raw("basis_bps", bps);
    sub.set_strength(-bps / basis_notable_bps);
    sub.reading = reading_of_lean(*sub.lean);
}

inline std::string basis_sentence(const SubScore& sub) {
    const double bps = sub.raw_value("basis_bps").value_or(0);
    return fmt::format("The mark price stands {} bps {} its index", told_apart(std::fabs(bps), 0, 1).first,
                       bps >= 0 ? "above" : "below");
}
// docs: end

}  // namespace virtuoso::examples
