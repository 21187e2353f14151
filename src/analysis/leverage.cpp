#include "analysis/leverage.hpp"

#include <vector>

namespace virtuoso {

namespace {

constexpr std::int64_t day_hours = 24;

double quote_volume(const Candle& candle) {
    return candle.volume * (candle.high.value() + candle.low.value() + candle.close.value()) / 3;
}

/// Turnover of the day before each closed hour's end, for hours that have the 23 before them.
class DailyTurnover {
  public:
    explicit DailyTurnover(const CandleSeries& series) : hours_(series.closed()) {
        sums_.reserve(hours_.size() + 1);
        sums_.push_back(0);
        for (std::size_t i = 0; i < hours_.size(); ++i) {
            sums_.push_back(sums_.back() + quote_volume(hours_[i]));
        }
    }
    /// Call with times in ascending order.
    [[nodiscard]] std::optional<double> before(ExchangeTime time) {
        while (next_ < hours_.size() && hours_.key(next_) + ms_per_hour <= time.ms) {
            ++next_;
        }
        constexpr auto count = static_cast<std::size_t>(day_hours);
        if (next_ < count) {
            return std::nullopt;
        }
        const std::int64_t last = hours_.key(next_ - 1);
        const bool whole = last - hours_.key(next_ - count) == (day_hours - 1) * ms_per_hour &&
                           time.ms - last < 2 * ms_per_hour + ms_per_minute;
        const double turnover = sums_[next_] - sums_[next_ - count];
        return whole && turnover > 0 ? std::optional(turnover) : std::nullopt;
    }
    /// Of the last hour before the time asked for. Precondition: there was one.
    [[nodiscard]] double last_close() const { return hours_[next_ - 1].close.value(); }

  private:
    const PackedRing<Candle>& hours_;
    std::vector<double> sums_;
    std::size_t next_ = 0;  ///< the first hour that had not closed
};

}  // namespace

void Leverage::update(const SymbolState& state, bool interest_changed) {
    const CandleSeries& hours = state.candles().series(Timeframe::h1);
    if (!interest_changed && hours.closed().pushed() == hours_ && hours.revision() == revision_) {
        return;
    }
    hours_ = hours.closed().pushed();
    revision_ = hours.revision();
    DailyTurnover turnover(hours);
    std::vector<double> ratios;
    double newest = 0;  // none
    const auto& points = state.open_interest();
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto day = turnover.before(points[i].time);
        newest = 0;
        if (day) {
            // A point of a history has no price of its own: the hour's close is near enough to a leverage.
            const double price = points[i].price.is_zero() ? turnover.last_close() : points[i].price.value();
            newest = points[i].open_interest * price / *day;
            ratios.push_back(newest);
        }
    }
    samples_ = ratios.size();
    now_.reset();
    if (const auto scale = RobustScale::of(ratios); scale && newest > 0) {
        now_ = Now{newest, scale->z(newest)};
    }
}

}  // namespace virtuoso
