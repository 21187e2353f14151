#include "analysis/technical_component.hpp"

#include "analysis/timeframe_measure.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr double divergence_shift_max = 0.2;

// Contrary pull beyond an upper and a lower bound.
double reversion(double value, double upper, double lower, double scale) {
    return -hyperbolic_tangent(std::max(value - upper, 0.0) / scale) +
           hyperbolic_tangent(std::max(lower - value, 0.0) / scale);
}

// Overbought and oversold are reasons against the move: where momentum outweighs them they decided nothing.
Reading oscillator_reading(double value, double upper, double lower, double lean) {
    return value > upper && lean < 0   ? Reading::overbought
           : value < lower && lean > 0 ? Reading::oversold
                                       : reading_of_lean(lean);
}

// A divergence at recent swings is worth saying before anything else, where it speaks for the lean; and where
// without it the lean would have no or the other sign.
Reading unless_divergent(Reading reading, double divergence, double lean) {
    const bool decided = lean * (lean - divergence_shift_max * divergence) <= 0;
    if (divergence * lean > 0 && (std::fabs(divergence) > 0.5 || decided)) {
        return divergence > 0 ? Reading::bullish_divergence : Reading::bearish_divergence;
    }
    return reading;
}

TimeframeMeasure measure_rsi(const CandleTrack& track) {
    TimeframeMeasure measure;
    if (const auto rsi = track.candles.rsi.value()) {
        const double divergence = track.candles.rsi_divergence.strength();
        const double lean = gated(track, hyperbolic_tangent((*rsi - 50) / 15), reversion(*rsi, 70, 30, 8)) +
                            divergence_shift_max * divergence;
        measure.set(lean, *rsi, unless_divergent(oscillator_reading(*rsi, 70, 30, lean), divergence, lean));
    }
    return measure;
}

TimeframeMeasure measure_cci(const CandleTrack& track) {
    TimeframeMeasure measure;
    if (const auto cci = track.candles.cci.value()) {
        const double lean = gated(track, hyperbolic_tangent(*cci / 150), reversion(*cci, 100, -100, 80));
        measure.set(lean, *cci, oscillator_reading(*cci, 100, -100, lean));
    }
    return measure;
}

TimeframeMeasure measure_williams_r(const CandleTrack& track) {
    TimeframeMeasure measure;
    if (const auto percent = track.candles.williams_r.value()) {
        const double lean =
            gated(track, hyperbolic_tangent((*percent + 50) / 25), reversion(*percent, -20, -80, 8));
        measure.set(lean, *percent, oscillator_reading(*percent, -20, -80, lean));
    }
    return measure;
}

TimeframeMeasure measure_ao(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto atr = positive_atr(track, measure);
    const auto ao = track.candles.ao.value();
    const auto change = track.candles.ao.change();
    if (atr && ao && change) {
        const double divergence = track.candles.ao_divergence.strength();
        const double lean =
            hyperbolic_tangent(0.8 * *ao / *atr + 0.4 * *change / *atr) + divergence_shift_max * divergence;
        measure.set(lean, *ao / *atr, unless_divergent(reading_of_lean(lean), divergence, lean));
        measure.add_detail("change_atr", *change / *atr);
    }
    return measure;
}

TimeframeMeasure measure_macd(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto atr = positive_atr(track, measure);
    const auto macd = track.candles.macd.value();
    if (atr && macd) {
        const double lean = hyperbolic_tangent(2 * macd->histogram / *atr + 0.5 * macd->macd / *atr);
        measure.set(lean, macd->histogram / *atr, reading_of_lean(lean));
        measure.add_detail("line_atr", macd->macd / *atr);
    }
    return measure;
}

TimeframeMeasure measure_atr(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto atr = positive_atr(track, measure);
    const auto long_atr = track.candles.atr50.value();
    const auto displacement = track.candles.displacement();
    if (atr && long_atr && displacement) {
        const double bars = std::sqrt(static_cast<double>(CandleIndicators::displacement_bars));
        const double expansion = std::clamp(*atr / *long_atr, 0.5, 2.0);
        const double distance = *displacement / (*atr * bars);
        const double lean = hyperbolic_tangent(distance * expansion);
        measure.set(lean, distance, reading_of_lean(lean));
    }
    return measure;
}

constexpr NamedMeasure measures[] = {{"rsi", measure_rsi},
                                     {"ao", measure_ao},
                                     {"macd", measure_macd},
                                     {"cci", measure_cci},
                                     {"williams_r", measure_williams_r},
                                     {"atr", measure_atr}};

}  // namespace

ComponentResult TechnicalComponent::evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const {
    ComponentResult result(ComponentId::technical, inputs.weights);
    scores_.write(result, inputs.candles, measures, as_of);
    result.combine();
    return result;
}

}  // namespace virtuoso
