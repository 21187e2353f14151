#include "analysis/open_interest_reading.hpp"

#include "indicators/median.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace virtuoso {

namespace {

constexpr std::size_t points_min = 21;  // 20 differences
constexpr std::size_t hour_points = 12;
constexpr double weak_quadrant = 0.4;
constexpr double z_max = 4;

// 1.4826 · median |Δ|: the scale of changes around zero, so that their sign keeps its meaning.
double robust_scale(const std::vector<double>& series, std::size_t lag) {
    std::vector<double> changes;
    for (std::size_t i = lag; i < series.size(); ++i) {
        changes.push_back(std::fabs(series[i] - series[i - lag]));
    }
    return 1.4826 * median_of<double>(changes);
}

std::optional<double> change_z(const std::vector<double>& series, std::size_t lag) {
    if (series.size() < points_min + lag) {
        return std::nullopt;
    }
    const double scale = robust_scale(series, lag);
    const double change = series.back() - series[series.size() - 1 - lag];
    return scale > 0 ? std::optional(std::clamp(change / scale, -z_max, z_max)) : std::nullopt;
}

// Price at a time without its own record: the close of the 5m candle that ended then.
double price_at(const SymbolState& state, ExchangeTime time) {
    const auto ended = state.candles().series(Timeframe::m5).find({time.ms - interval_ms(Timeframe::m5)});
    return ended ? ended->close.value() : 0;
}

// Spearman's ρ of the last `hour_points` of two series.
double spearman(const std::vector<double>& a, const std::vector<double>& b) {
    const auto ranks = [](const std::vector<double>& series) {
        std::array<double, hour_points> result{};
        const std::size_t first = series.size() - hour_points;
        for (std::size_t i = 0; i < hour_points; ++i) {
            for (std::size_t j = 0; j < hour_points; ++j) {
                result[i] += series[first + j] < series[first + i] ? 1.0 : 0.0;
                result[i] += j != i && series[first + j] == series[first + i] ? 0.5 : 0.0;
            }
        }
        return result;
    };
    const auto ranks_a = ranks(a);
    const auto ranks_b = ranks(b);
    constexpr double mean = (hour_points - 1) / 2.0;
    double cross = 0;
    double square_a = 0;
    double square_b = 0;
    for (std::size_t i = 0; i < hour_points; ++i) {
        cross += (ranks_a[i] - mean) * (ranks_b[i] - mean);
        square_a += (ranks_a[i] - mean) * (ranks_a[i] - mean);
        square_b += (ranks_b[i] - mean) * (ranks_b[i] - mean);
    }
    return square_a > 0 && square_b > 0 ? cross / std::sqrt(square_a * square_b) : 0;
}

}  // namespace

void OpenInterestReading::update(const SymbolState& state) {
    std::vector<double> interest;
    std::vector<double> price;
    std::vector<std::int64_t> times;
    const auto& points = state.open_interest();
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double at =
            points[i].price.is_zero() ? price_at(state, points[i].time) : points[i].price.value();
        if (at > 0) {
            interest.push_back(points[i].open_interest);
            price.push_back(at);
            times.push_back(points[i].time.ms);
        }
    }
    const auto horizon = [&](std::size_t lag) -> std::optional<Horizon> {
        const auto interest_z = change_z(interest, lag);
        const auto price_z = change_z(price, lag);
        if (!interest_z || !price_z) {
            return std::nullopt;
        }
        const double interest_before = interest[interest.size() - 1 - lag];
        const double price_before = price[price.size() - 1 - lag];
        return Horizon{*interest_z, *price_z,
                       interest_before > 0 ? interest.back() / interest_before - 1 : 0.0,
                       price.back() / price_before - 1, times.back() - times[times.size() - 1 - lag]};
    };
    short_ = horizon(1);
    long_ = horizon(hour_points);
    rank_correlation_ =
        interest.size() >= hour_points ? std::optional(spearman(interest, price)) : std::nullopt;
}

double OpenInterestReading::strength(const Horizon& horizon) {
    const double direction = horizon.price_z > 0 ? 1 : horizon.price_z < 0 ? -1 : 0;
    const double magnitude = std::sqrt(std::fabs(horizon.interest_z * horizon.price_z));
    return direction * magnitude * (horizon.interest_z >= 0 ? 1.0 : weak_quadrant);
}

void OpenInterestReading::write(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const {
    const auto& points = state.open_interest();
    sub.samples = points.size();
    if (points.empty()) {
        sub.set_absent(Absence::no_data);
        return;
    }
    sub.age_ms = as_of - points.back().time;
    sub.add_raw("open_interest_base", points.back().open_interest);
    if (!short_) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    double total = strength(*short_);
    sub.add_raw("interest_z_5m", short_->interest_z);
    sub.add_raw("price_z_5m", short_->price_z);
    sub.add_raw("interest_change_5m", short_->interest_change);
    sub.add_raw("price_change_5m", short_->price_change);
    sub.add_raw("span_5m_s", static_cast<double>(short_->span_ms) / 1e3);
    if (long_) {
        total = (total + strength(*long_)) / 2;
        sub.add_raw("interest_z_1h", long_->interest_z);
        sub.add_raw("price_z_1h", long_->price_z);
        sub.add_raw("interest_change_1h", long_->interest_change);
        sub.add_raw("price_change_1h", long_->price_change);
        sub.add_raw("span_1h_s", static_cast<double>(long_->span_ms) / 1e3);
    }
    if (rank_correlation_) {
        sub.add_raw("rank_correlation_1h", *rank_correlation_);
    }
    sub.set_strength(total);
    if (total == 0) {
        return;
    }
    // Told is the horizon that carries most of the lean.
    const double side = total > 0 ? 1 : -1;
    const bool told_long = long_ && side * strength(*long_) >= side * strength(*short_);
    const Horizon& decisive = told_long ? *long_ : *short_;
    sub.add_raw("told_hours", told_long ? 1.0 : 1.0 / 12);
    const bool builds = decisive.interest_z >= 0;
    sub.reading = decisive.price_z > 0 ? (builds ? Reading::longs_building : Reading::short_covering)
                                       : (builds ? Reading::shorts_building : Reading::long_liquidation);
}

}  // namespace virtuoso
