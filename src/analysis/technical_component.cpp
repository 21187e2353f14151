#include "analysis/technical_component.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr double divergence_shift_max = 0.2;

/// Momentum and reversion readings mixed by the trend gate of the same timeframe.
struct TimeframeReading {
    std::optional<double> lean;
    double raw = 0;
    Absence absence = Absence::warming_up;

    void set(double value, double raw_value) {
        lean = std::clamp(value, -1.0, 1.0);
        raw = raw_value;
        absence = Absence::none;
    }
};

double trend_gate(const CandleIndicators& indicators) {
    const auto adx = indicators.adx.value();
    return adx ? std::clamp((*adx - 18.0) / 14.0, 0.0, 1.0) : 0.0;
}

double gated(double gate, double momentum, double reversion) {
    return gate * momentum + (1 - gate) * reversion;
}

// Contrary pull beyond an upper and a lower bound.
double reversion(double value, double upper, double lower, double scale) {
    return -hyperbolic_tangent(std::max(value - upper, 0.0) / scale) +
           hyperbolic_tangent(std::max(lower - value, 0.0) / scale);
}

using Measure = TimeframeReading (*)(const CandleIndicators&);

TimeframeReading measure_rsi(const CandleIndicators& indicators) {
    TimeframeReading reading;
    if (const auto rsi = indicators.rsi.value()) {
        const double lean =
            gated(trend_gate(indicators), hyperbolic_tangent((*rsi - 50) / 15), reversion(*rsi, 70, 30, 8));
        reading.set(lean + divergence_shift_max * indicators.rsi_divergence.strength(), *rsi);
    }
    return reading;
}

TimeframeReading measure_cci(const CandleIndicators& indicators) {
    TimeframeReading reading;
    if (const auto cci = indicators.cci.value()) {
        reading.set(
            gated(trend_gate(indicators), hyperbolic_tangent(*cci / 150), reversion(*cci, 100, -100, 80)),
            *cci);
    }
    return reading;
}

TimeframeReading measure_williams_r(const CandleIndicators& indicators) {
    TimeframeReading reading;
    if (const auto percent = indicators.williams_r.value()) {
        reading.set(gated(trend_gate(indicators), hyperbolic_tangent((*percent + 50) / 25),
                          reversion(*percent, -20, -80, 8)),
                    *percent);
    }
    return reading;
}

// The tools below are in units of ATR(14), which has to be positive.
std::optional<double> positive_atr(const CandleIndicators& indicators, TimeframeReading& reading) {
    const auto atr = indicators.atr14.value();
    if (atr && !(*atr > 0)) {
        reading.absence = Absence::flat;
        return std::nullopt;
    }
    return atr;
}

TimeframeReading measure_ao(const CandleIndicators& indicators) {
    TimeframeReading reading;
    const auto atr = positive_atr(indicators, reading);
    const auto ao = indicators.ao.value();
    const auto change = indicators.ao.change();
    if (atr && ao && change) {
        const double lean = hyperbolic_tangent(0.8 * *ao / *atr + 0.4 * *change / *atr);
        reading.set(lean + divergence_shift_max * indicators.ao_divergence.strength(), *ao / *atr);
    }
    return reading;
}

TimeframeReading measure_macd(const CandleIndicators& indicators) {
    TimeframeReading reading;
    const auto atr = positive_atr(indicators, reading);
    const auto macd = indicators.macd.value();
    if (atr && macd) {
        reading.set(hyperbolic_tangent(2 * macd->histogram / *atr + 0.5 * macd->macd / *atr),
                    macd->histogram / *atr);
    }
    return reading;
}

TimeframeReading measure_atr(const CandleIndicators& indicators) {
    TimeframeReading reading;
    const auto atr = positive_atr(indicators, reading);
    const auto long_atr = indicators.atr50.value();
    const auto displacement = indicators.displacement();
    if (atr && long_atr && displacement) {
        const double bars = std::sqrt(static_cast<double>(CandleIndicators::displacement_bars));
        const double expansion = std::clamp(*atr / *long_atr, 0.5, 2.0);
        const double distance = *displacement / (*atr * bars);
        reading.set(hyperbolic_tangent(distance * expansion), distance);
    }
    return reading;
}

struct NamedMeasure {
    std::string_view name;
    Measure measure;
};
constexpr NamedMeasure measures[] = {{"rsi", measure_rsi},
                                     {"ao", measure_ao},
                                     {"macd", measure_macd},
                                     {"cci", measure_cci},
                                     {"williams_r", measure_williams_r},
                                     {"atr", measure_atr}};

Reading oscillator_reading(std::string_view name, double raw, double lean,
                           const CandleIndicators& indicators) {
    const auto bounds = name == "rsi"          ? std::optional(std::pair(70.0, 30.0))
                        : name == "cci"        ? std::optional(std::pair(100.0, -100.0))
                        : name == "williams_r" ? std::optional(std::pair(-20.0, -80.0))
                                               : std::nullopt;
    const double divergence = name == "rsi"  ? indicators.rsi_divergence.strength()
                              : name == "ao" ? indicators.ao_divergence.strength()
                                             : 0.0;
    if (std::fabs(divergence) > 0.5) {
        return divergence > 0 ? Reading::bullish_divergence : Reading::bearish_divergence;
    }
    if (bounds && raw > bounds->first) {
        return Reading::overbought;
    }
    if (bounds && raw < bounds->second) {
        return Reading::oversold;
    }
    return reading_of_lean(lean);
}

}  // namespace

void TechnicalComponent::update(const AnalysisInputs& inputs, const StateChange&) {
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        Track& track = tracks_[i];
        const auto& series = inputs.state.candles().series(analysis_timeframes[i].timeframe);
        if (series.revision() != track.revision) {
            track.indicators = {};
            track.revision = series.revision();
            track.consumed = series.closed().pushed() - series.closed().size();
        }
        const auto& closed = series.closed();
        for (; track.consumed < closed.pushed(); ++track.consumed) {
            const auto& candle =
                closed.newest(static_cast<std::size_t>(closed.pushed() - 1 - track.consumed));
            if (!candle.partial) {
                track.indicators.update(Bar::of(candle));
            }
        }
    }
}

ComponentResult TechnicalComponent::evaluate(const AnalysisInputs&, ExchangeTime as_of) const {
    ComponentResult result(ComponentId::technical);
    std::array<TimeframeBlend, analysis_timeframes.size()> by_timeframe;
    for (const auto& [name, measure] : measures) {
        SubScore& sub = result.sub(name);
        TimeframeBlend blend;
        Absence absence = Absence::no_data;
        for (std::size_t i = 0; i < tracks_.size(); ++i) {
            const auto& indicators = tracks_[i].indicators;
            const TimeframeReading reading = measure(indicators);
            const auto [timeframe, weight] = analysis_timeframes[i];
            blend.add(weight, reading.lean);
            by_timeframe[i].add(sub.weight, reading.lean);
            if (reading.lean) {
                sub.add_raw(name_of(timeframe), reading.raw);
                if (sub.reading == Reading::neutral) {
                    sub.reading = oscillator_reading(name, reading.raw, *reading.lean, indicators);
                }
            } else if (indicators.bars() > 0 && absence == Absence::no_data) {
                absence = reading.absence;
            }
        }
        const auto& base = tracks_.front().indicators;
        sub.samples = base.bars();
        if (base.bars() > 0) {
            sub.age_ms = as_of - base.last().open_time - interval_ms(analysis_timeframes.front().timeframe);
        }
        if (const auto lean = blend.lean()) {
            sub.set_lean(*lean);
        } else {
            sub.set_absent(absence);
        }
    }
    TimeframeBlend whole;
    for (std::size_t i = 0; i < by_timeframe.size(); ++i) {
        whole.add(analysis_timeframes[i].weight, by_timeframe[i].lean());
    }
    result.divergence_adjustment = whole.divergence_adjustment();
    result.combine();
    return result;
}

}  // namespace virtuoso
