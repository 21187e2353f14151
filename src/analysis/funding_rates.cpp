#include "analysis/funding_rates.hpp"

namespace virtuoso {

namespace {

constexpr std::int64_t jitter_ms = 10 * ms_per_second;  ///< of the times that exchanges note
constexpr int hour_minutes = 60;

/// Whole hours up to eight, 0 for what is no interval.
int minutes_between(ExchangeTime earlier, ExchangeTime later) noexcept {
    const std::int64_t hours = (later - earlier + jitter_ms) / ms_per_hour;
    const int minutes = static_cast<int>(hours) * hour_minutes;
    return hours < 1 || minutes > usual_funding_minutes ? 0 : minutes;
}

// What is not known is as it was afterwards, or else before.
void fill_from_neighbours(std::vector<int>& minutes) {
    for (std::size_t i = minutes.size(); i-- > 1;) {
        minutes[i - 1] = minutes[i - 1] == 0 ? minutes[i] : minutes[i - 1];
    }
    int before = usual_funding_minutes;
    for (int& each : minutes) {
        each = each == 0 ? before : each;
        before = each;
    }
}

}  // namespace

std::vector<int> funding_intervals(const BoundedRing<FundingPoint>& points) {
    std::vector<int> gaps(points.size(), 0);  // before each point; 0: not known
    for (std::size_t i = 1; i < points.size(); ++i) {
        gaps[i] = minutes_between(points[i - 1].time, points[i].time);
    }
    std::vector<int> result = gaps;
    for (std::size_t i = 2; i + 1 < points.size(); ++i) {
        const bool hole =
            gaps[i - 1] != 0 && gaps[i - 1] == gaps[i + 1] && gaps[i] != 0 && gaps[i] % gaps[i - 1] == 0;
        result[i] = hole ? gaps[i - 1] : gaps[i];
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        result[i] = points[i].interval_minutes > 0 ? points[i].interval_minutes : result[i];
    }
    fill_from_neighbours(result);
    return result;
}

}  // namespace virtuoso
