#include "analysis/timeframe_measure.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>

namespace virtuoso {

void TimeframeMeasure::set(double value, double raw_value, Reading what) {
    lean = std::clamp(value, -1.0, 1.0);
    raw = raw_value;
    reading = what;
    absence = Absence::none;
}

void TimeframeMeasure::set_strength(double strength, double raw_value, Reading what) {
    set(hyperbolic_tangent(strength), raw_value, what);
}

double gated(const CandleTrack& track, double momentum, double reversion) {
    const auto adx = track.candles.adx.value();
    const double gate = adx ? std::clamp((*adx - 18.0) / 14.0, 0.0, 1.0) : 0.0;
    return gate * momentum + (1 - gate) * reversion;
}

std::optional<double> positive_atr(const CandleTrack& track, TimeframeMeasure& measure) {
    const auto atr = track.candles.atr14.value();
    if (atr && !(*atr > 0)) {
        measure.absence = Absence::flat;
        return std::nullopt;
    }
    return atr;
}

namespace {

// What is worth saying: the first particular reading, from the shortest timeframe on, that speaks for the
// side the whole leans to; else that side.
Reading blended_reading(double lean, std::span<const Reading> readings, std::span<const double> leans) {
    for (std::size_t i = 0; i < readings.size(); ++i) {
        if (readings[i] > Reading::bearish && leans[i] * lean >= 0) {
            return readings[i];
        }
    }
    return reading_of_lean(lean);
}

}  // namespace

void write_timeframes(ComponentResult& result, const CandleTracks& tracks,
                      std::span<const NamedMeasure> measures, ExchangeTime as_of) {
    std::array<TimeframeBlend, analysis_timeframes.size()> by_timeframe;
    const auto& base = tracks.base().candles;
    for (const auto& [name, measure] : measures) {
        SubScore& sub = result.sub(name);
        TimeframeBlend blend;
        Absence absence = Absence::no_data;
        std::array<Reading, analysis_timeframes.size()> readings{};
        std::array<double, analysis_timeframes.size()> leans{};
        for (std::size_t i = 0; i < analysis_timeframes.size(); ++i) {
            const CandleTrack& track = tracks.tracks()[i];
            const TimeframeMeasure measured = measure(track);
            const auto [timeframe, weight] = analysis_timeframes[i];
            blend.add(weight, measured.lean);
            by_timeframe[i].add(sub.weight, measured.lean);
            if (measured.lean) {
                sub.add_raw(name_of(timeframe), measured.raw);
                readings[i] = measured.reading;
                leans[i] = *measured.lean;
            } else if (track.candles.bars() > 0 && absence == Absence::no_data) {
                absence = measured.absence;
            }
        }
        sub.samples = base.bars();
        if (base.bars() > 0) {
            sub.age_ms = as_of - base.last().open_time - interval_ms(analysis_timeframes.front().timeframe);
        }
        if (const auto lean = blend.lean()) {
            sub.set_lean(*lean);
            sub.reading = blended_reading(*lean, readings, leans);
        } else {
            sub.set_absent(absence);
        }
    }
    TimeframeBlend whole;
    for (std::size_t i = 0; i < by_timeframe.size(); ++i) {
        whole.add(analysis_timeframes[i].weight, by_timeframe[i].lean());
    }
    result.divergence_adjustment = whole.divergence_adjustment();
}

}  // namespace virtuoso
