#include "analysis/timeframe_measure.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

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
    const double gate = adx ? std::clamp((*adx - 25.0) / 15.0, 0.0, 1.0) : 0.0;
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

using Measures = std::array<TimeframeMeasure, analysis_timeframes.size()>;

/// The timeframe that carries most of the lean; of a lean of zero the one that pulls hardest.
std::size_t decisive_of(const Measures& measured, double lean) {
    std::size_t best = measured.size();
    double most = 0;
    for (std::size_t i = 0; i < measured.size(); ++i) {
        if (!measured[i].lean) {
            continue;
        }
        const double pull = analysis_timeframes[i].weight * *measured[i].lean;
        const double carried = lean > 0 ? pull : lean < 0 ? -pull : std::fabs(pull);
        if (best == measured.size() || carried > most) {
            best = i;
            most = carried;
        }
    }
    return best;
}

void write_blend(SubScore& sub, const Measures& measured, double lean) {
    sub.set_lean(lean);
    const std::size_t decisive = decisive_of(measured, lean);
    const TimeframeMeasure& told = measured[decisive];
    sub.timeframe = analysis_timeframes[decisive].timeframe;
    sub.reading = told.reading;
    for (std::size_t i = 0; i < told.detail_count; ++i) {
        sub.add_raw(told.details[i].name, told.details[i].value);
    }
}

/// The shortest candles there are: minutes, or what a history without them has.
std::size_t finest_of(const CandleTracks& tracks) {
    for (std::size_t i = 0; i < analysis_timeframes.size(); ++i) {
        if (tracks.tracks()[i].candles.bars() > 0) {
            return i;
        }
    }
    return 0;
}

std::int64_t age_of(const CandleTracks& tracks, ExchangeTime as_of) {
    const std::size_t finest = finest_of(tracks);
    const auto& candles = tracks.tracks()[finest].candles;
    return candles.bars() > 0
               ? as_of - candles.last().open_time - interval_ms(analysis_timeframes[finest].timeframe)
               : -1;
}

}  // namespace

void write_timeframes(ComponentResult& result, const CandleTracks& tracks,
                      std::span<const NamedMeasure> measures, ExchangeTime as_of) {
    std::array<TimeframeBlend, analysis_timeframes.size()> by_timeframe;
    const auto samples = tracks.tracks()[finest_of(tracks)].candles.bars();
    for (const auto& [name, measure] : measures) {
        SubScore& sub = result.sub(name);
        TimeframeBlend blend;
        Absence absence = Absence::no_data;
        Measures measured{};
        for (std::size_t i = 0; i < analysis_timeframes.size(); ++i) {
            const CandleTrack& track = tracks.tracks()[i];
            measured[i] = measure(track);
            const auto [timeframe, weight] = analysis_timeframes[i];
            blend.add(weight, measured[i].lean);
            by_timeframe[i].add(sub.weight, measured[i].lean);
            if (measured[i].lean) {
                sub.add_raw(name_of(timeframe), measured[i].raw);
            } else if (track.candles.bars() > 0 && absence == Absence::no_data) {
                absence = measured[i].absence;
            }
        }
        sub.samples = samples;
        sub.age_ms = age_of(tracks, as_of);
        if (const auto lean = blend.lean()) {
            write_blend(sub, measured, *lean);
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

void TimeframeScores::write(ComponentResult& result, const CandleTracks& tracks,
                            std::span<const NamedMeasure> measures, ExchangeTime as_of) {
    if (tracks.version() == 0) {
        write_timeframes(result, tracks, measures, as_of);
        return;
    }
    if (tracks_ != &tracks || version_ != tracks.version()) {
        write_timeframes(result, tracks, measures, as_of);
        for (std::size_t i = 0; i < measures.size(); ++i) {
            subs_[i] = result.sub(measures[i].name);
        }
        divergence_adjustment_ = result.divergence_adjustment;
        tracks_ = &tracks;
        version_ = tracks.version();
        return;
    }
    for (std::size_t i = 0; i < measures.size(); ++i) {
        SubScore& sub = result.sub(measures[i].name);
        sub = subs_[i];
        sub.age_ms = age_of(tracks, as_of);
    }
    result.divergence_adjustment = divergence_adjustment_;
}

}  // namespace virtuoso
