// Funding rates of different intervals, made comparable.
#pragma once

#include "base/bounded_ring.hpp"
#include "market/event.hpp"

#include <vector>

namespace virtuoso {

/// What most contracts have.
inline constexpr int usual_funding_minutes = 480;

/// The rate that would be paid in eight hours.
[[nodiscard]] constexpr double eight_hour_rate(double rate, int interval_minutes) noexcept {
    return rate * usual_funding_minutes / interval_minutes;
}

/// The interval of every point, in minutes: the exchange's own word where the point carries it, else the time
/// since the point before. A contract's interval may change at any time; a single longer gap between equal
/// ones is a missing point, not a change. O(points).
[[nodiscard]] std::vector<int> funding_intervals(const BoundedRing<FundingPoint>& points);

}  // namespace virtuoso
