#include "analysis/sentiment_component.hpp"

#include "base/archive.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace virtuoso {

namespace {

constexpr double funding_notable = 0.0005;  // in 8 h; twice and three times that are high and extreme
constexpr double minutes_an_hour = 60;
constexpr std::uint64_t liquidations_min = 5;
constexpr std::uint64_t cascade_events = 10;
constexpr double cascade_multiple = 3;

double sign_of(double value) {
    return value > 0 ? 1.0 : value < 0 ? -1.0 : 0.0;
}

}  // namespace

void SentimentComponent::update(const AnalysisInputs& inputs, const StateChange& change) {
    const SymbolState& state = inputs.state;
    std::vector<double> values;
    if (change.funding_history) {
        const auto& history = state.funding();
        const std::vector<int> intervals = funding_intervals(history);
        for (std::size_t i = 0; i < history.size(); ++i) {
            values.push_back(eight_hour_rate(history[i].rate, intervals[i]));
        }
        funding_minutes_ = intervals.empty() ? usual_funding_minutes : intervals.back();
        funding_scale_ = RobustScale::of(values);
    }
    if (change.account_ratio) {
        values.clear();
        for (std::size_t i = 0; i < state.account_ratio().size(); ++i) {
            values.push_back(state.account_ratio()[i].buy_ratio);
        }
        ratio_scale_ = RobustScale::of(values);
    }
    const bool candles_changed =
        std::exchange(candles_read_, state.candles().version()) != state.candles().version();
    if (candles_changed || change.open_interest) {
        leverage_.update(state, change.open_interest);
    }
    const auto& liquidations = state.liquidations();
    if (heard_from_.ms == 0) {
        heard_from_ = liquidations.empty() ? state.as_of() : liquidations.front().time;
    } else if (change.liquidations > 0) {
        heard_from_ = std::min(heard_from_, liquidations.front().time);
    }
    for (std::size_t age = std::min<std::size_t>(change.liquidations, liquidations.size()); age-- > 0;) {
        liquidations_.add(liquidations.newest(age).event());
    }
    if (candles_changed) {
        follow_hours(state.candles().series(Timeframe::h1));
    }
}

void SentimentComponent::follow_hours(const CandleSeries& hours) {
    bool moved = false;
    hours_.follow(
        hours,
        [&] {
            yang_zhang_ = {};
            volatilities_.clear();
            hour_closes_ = {};
            volatility_.reset();
        },
        [&](const Candle& candle) {
            const Bar bar = Bar::of(candle);
            yang_zhang_.update(bar);
            hour_closes_.push(bar.close);
            volatility_time_ = bar.open_time + ms_per_hour;
            if (const auto value = yang_zhang_.value()) {
                volatilities_.push(*value);
            }
            moved = true;
        });
    if (!moved || volatilities_.size() < volatilities_min || !hour_closes_.full()) {
        return;
    }
    const double now = volatilities_.back();
    double below = 0;
    for (std::size_t i = 0; i < volatilities_.size(); ++i) {
        below += volatilities_[i] < now ? 1.0 : volatilities_[i] == now ? 0.5 : 0.0;
    }
    const double move = logarithm(hour_closes_.newest(0) / hour_closes_.oldest());
    volatility_ =
        Volatility{now, below / static_cast<double>(volatilities_.size()),
                   now > 1.1 * volatilities_.newest(6), now > 0 ? move / (now * std::sqrt(24.0)) : 0.0};
}

void SentimentComponent::write_funding(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const {
    const auto& rate = state.ticker().funding_rate;
    sub.samples = state.funding().size();
    if (!rate) {
        sub.set_absent(Absence::no_data);
        return;
    }
    sub.age_ms = as_of - state.ticker().time;
    const int interval = interval_of_now(state);
    const double normalised = eight_hour_rate(*rate, interval);
    sub.add_raw("rate_8h", normalised);
    sub.add_raw("interval_hours", interval / minutes_an_hour);
    if (!funding_scale_) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    const double z = funding_scale_->z(normalised);
    sub.add_raw("z_history", z);
    sub.add_raw("history_days",
                static_cast<double>(state.funding().back().time - state.funding().front().time) /
                    static_cast<double>(ms_per_day));
    // Crowded funding is paid by those who will have to leave; ordinary funding follows the trend.
    const double beyond = std::max(std::fabs(z) - 1, 0.0);
    const double inside = std::max(1 - std::fabs(z), 0.0);
    sub.set_lean(-sign_of(z) * hyperbolic_tangent(beyond / 1.5) + 0.4 * z * inside);
    const double size = std::fabs(normalised);
    sub.reading = size >= 3 * funding_notable   ? Reading::funding_extreme
                  : size >= 2 * funding_notable ? Reading::funding_high
                  : size >= funding_notable     ? Reading::funding_elevated
                                                : reading_of_lean(*sub.lean);
}

void SentimentComponent::write_ratio(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const {
    const auto& history = state.account_ratio();
    sub.samples = history.size();
    if (history.empty()) {
        sub.set_absent(Absence::no_data);
        return;
    }
    sub.age_ms = as_of - history.back().time;
    sub.add_raw("long_share", history.back().buy_ratio);
    if (!ratio_scale_) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    const double z = ratio_scale_->z(history.back().buy_ratio);
    sub.add_raw("z_history", z);
    sub.set_strength(-z / 1.5);
    sub.reading = reading_of_lean(*sub.lean);
}

void SentimentComponent::write_liquidations(SubScore& sub, const SymbolState& state,
                                            ExchangeTime as_of) const {
    const auto totals = liquidations_.totals(as_of);
    sub.samples = totals.events;
    if (!state.liquidations().empty()) {
        sub.age_ms = as_of - state.liquidations().back().time;
    }
    if (totals.events < liquidations_min) {
        sub.set_absent(totals.events == 0 ? Absence::no_data : Absence::warming_up);
        return;
    }
    const double net = (totals.shorts - totals.longs) / (totals.shorts + totals.longs);
    const double normal = static_cast<double>(totals.events) / LiquidationPressure::bins;
    const std::int64_t heard_ms = std::clamp<std::int64_t>(as_of - heard_from_, 0, ms_per_day);
    sub.add_raw("window_s", static_cast<double>(heard_ms) / 1e3);
    sub.add_raw("longs_quote_24h", totals.long_quote);
    sub.add_raw("shorts_quote_24h", totals.short_quote);
    sub.add_raw("net_decayed", net);
    sub.add_raw("events_5m", totals.newest_events[0]);
    // The newest cascade of the last hour: with the move while it runs, against it once it is over.
    for (std::size_t age = 0; age < LiquidationPressure::hour_bins; ++age) {
        const auto events = totals.newest_events[age];
        if (events >= cascade_events && events >= cascade_multiple * normal) {
            if (totals.newest_net[age] == 0) {
                continue;
            }
            const bool running = age <= 1;
            const double fading = 1 - static_cast<double>(age) / LiquidationPressure::hour_bins;
            sub.add_raw("cascade_age_min", static_cast<double>(age) * 5);
            sub.set_strength(sign_of(totals.newest_net[age]) * (running ? 1.0 : -fading));
            sub.reading = Reading::cascade;
            return;
        }
    }
    sub.set_strength(1.2 * net);
    sub.reading = reading_of_lean(*sub.lean);
}

void SentimentComponent::write_volatility(SubScore& sub, ExchangeTime as_of) const {
    sub.samples = volatilities_.size();
    if (!volatility_) {
        sub.set_absent(volatilities_.empty() ? Absence::no_data : Absence::warming_up);
        return;
    }
    sub.age_ms = as_of - volatility_time_;
    sub.add_raw("hourly", volatility_->hourly);
    sub.add_raw("annualised", volatility_->hourly * std::sqrt(24.0 * 365.0));
    sub.add_raw("percentile_30d", volatility_->percentile);
    sub.add_raw("history_hours", static_cast<double>(volatilities_.size()));
    sub.add_raw("rising", volatility_->rising ? 1 : 0);
    sub.add_raw("return_sigmas_24h", volatility_->return_sigmas);
    if (volatility_->percentile > 0.95) {
        sub.set_lean(-0.6);
        sub.reading = Reading::risk_off;
    } else if (volatility_->rising && volatility_->percentile < 0.5) {
        sub.set_strength(0.5 * volatility_->return_sigmas);
        sub.reading = reading_of_lean(*sub.lean);
    } else {
        sub.set_lean(0);
    }
}

void write_activity(SubScore& sub, const MarketBreadth* market) {
    if (market == nullptr || market->symbols < MarketBreadth::symbols_min) {
        sub.set_absent(Absence::no_data);
        return;
    }
    const double breadth = (static_cast<double>(market->advancers) - static_cast<double>(market->decliners)) /
                           static_cast<double>(market->symbols);
    const double activity = std::clamp(market->turnover_z.value_or(0.0), -2.0, 2.0);
    sub.samples = market->symbols;
    sub.age_ms = market->age_ms;
    sub.add_raw("advancers", static_cast<double>(market->advancers));
    sub.add_raw("decliners", static_cast<double>(market->decliners));
    sub.add_raw("breadth", breadth);
    sub.add_raw("breadth_age_s", static_cast<double>(market->age_ms) / ms_per_second);
    sub.add_raw("turnover_z", activity);
    sub.set_strength(1.2 * breadth * (1 + 0.25 * activity));
    sub.reading = reading_of_lean(*sub.lean);
}

// Leverage above its own norm with longs paying is a crowd of longs, with shorts paying of shorts.
void SentimentComponent::write_risk(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const {
    const auto& interest = state.open_interest();
    const auto& rate = state.ticker().funding_rate;
    sub.samples = leverage_.samples();
    if (interest.empty() || !rate) {
        sub.set_absent(Absence::no_data);
        return;
    }
    sub.age_ms = as_of - interest.back().time;
    const double normalised = eight_hour_rate(*rate, interval_of_now(state));
    sub.add_raw("rate_8h", normalised);
    const auto& now = leverage_.now();
    if (!now) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    sub.add_raw("interest_to_turnover", now->ratio);
    sub.add_raw("leverage_z", now->z);
    sub.set_strength(-0.5 * std::max(now->z, 0.0) * hyperbolic_tangent(normalised / funding_notable));
    sub.reading = reading_of_lean(*sub.lean);
}

void SentimentComponent::save(ArchiveWriter& archive) const {
    archive(heard_from_);
}

void SentimentComponent::load(ArchiveReader& archive) {
    archive(heard_from_);
}

ComponentResult SentimentComponent::evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const {
    ComponentResult result(ComponentId::sentiment, inputs.weights);
    write_funding(result.sub("funding_rate"), inputs.state, as_of);
    write_ratio(result.sub("long_short_ratio"), inputs.state, as_of);
    write_liquidations(result.sub("liquidations"), inputs.state, as_of);
    write_volatility(result.sub("volatility"), as_of);
    write_activity(result.sub("market_activity"), inputs.market);
    write_risk(result.sub("risk"), inputs.state, as_of);
    result.combine();
    return result;
}

}  // namespace virtuoso
