#include "analysis/volume_component.hpp"

#include "analysis/timeframe_measure.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

double sign_of(double value) {
    return value > 0 ? 1.0 : value < 0 ? -1.0 : 0.0;
}

TimeframeMeasure measure_delta(const CandleTrack& track) {
    TimeframeMeasure measure;
    if (const auto delta = track.volume.delta.value()) {
        measure.set_strength(delta->ratio / 0.15, delta->ratio, reading_of_lean(delta->ratio / 0.15));
        measure.add_detail("estimated_bars", delta->estimated_bars);
    }
    return measure;
}

TimeframeMeasure measure_slope(std::optional<double> slope, const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto mean = track.volume.relative.mean_before();
    if (slope && mean) {
        if (!(*mean > 0)) {
            measure.absence = Absence::flat;
            return measure;
        }
        const double per_bar = *slope / *mean;
        measure.set_strength(1.5 * per_bar, per_bar, reading_of_lean(per_bar));
    }
    return measure;
}

TimeframeMeasure measure_adl(const CandleTrack& track) {
    return measure_slope(track.volume.adl_slope.value(), track);
}

TimeframeMeasure measure_obv(const CandleTrack& track) {
    return measure_slope(track.volume.obv_slope.value(), track);
}

TimeframeMeasure measure_cmf(const CandleTrack& track) {
    TimeframeMeasure measure;
    if (const auto cmf = track.candles.cmf.value()) {
        measure.set_strength(*cmf / 0.12, *cmf, reading_of_lean(*cmf / 0.12));
    }
    return measure;
}

// A move on little volume is doubted: a small lean against it, none at the mean.
TimeframeMeasure measure_relative_volume(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto relative = track.volume.relative.value();
    if (!relative) {
        return measure;
    }
    const double direction = sign_of(track.candles.last().close - track.candles.last().open);
    const Reading reading = *relative < 1    ? Reading::weak_volume
                            : *relative >= 4 ? Reading::extreme_volume
                            : *relative >= 3 ? Reading::strong_volume
                            : *relative >= 2 ? Reading::significant_volume
                                             : Reading::neutral;
    measure.add_detail("direction", direction);
    if (*relative < 1) {
        measure.set(-0.15 * direction * (1 - *relative), *relative, reading);
    } else {
        measure.set_strength(direction * (*relative - 1) / 1.5, *relative, reading);
    }
    return measure;
}

constexpr NamedMeasure measures[] = {{"volume_delta", measure_delta},
                                     {"adl", measure_adl},
                                     {"cmf", measure_cmf},
                                     {"obv", measure_obv},
                                     {"relative_volume", measure_relative_volume}};

void write_profile(SubScore& sub, const CandleTracks& candles, ExchangeTime as_of) {
    const DayProfile& day = candles.day();
    sub.samples = day.profile.bars();
    if (!day.area()) {
        sub.set_absent(day.profile.bars() == 0 ? Absence::no_data : Absence::warming_up);
        return;
    }
    sub.age_ms = as_of - candles.base().candles.last().open_time - ms_per_minute;
    const auto& area = *day.area();
    const double close = day.last_close();
    const double scale = candles.day_scale();
    sub.add_raw("point_of_control", area.point_of_control);
    sub.add_raw("value_area_low", area.low);
    sub.add_raw("value_area_high", area.high);
    sub.add_raw("profile_minutes", static_cast<double>(day.profile.bars()));
    sub.add_raw("migration_atr_4h", day.migration() / scale);
    sub.add_raw("migration_minutes", static_cast<double>(day.migration_minutes()));
    if (close > area.high && day.previous_close() > area.high) {
        sub.set_strength(0.5 + 0.5 * (close - area.high) / scale);
        sub.reading = Reading::accepted_above_value;
    } else if (close < area.low && day.previous_close() < area.low) {
        sub.set_strength(-0.5 - 0.5 * (area.low - close) / scale);
        sub.reading = Reading::accepted_below_value;
    } else {
        sub.set_strength(day.migration() / scale);
        sub.reading = Reading::inside_value;
    }
}

// A session that has just begun is its own mean.
constexpr std::uint64_t vwap_bars_min = 20;

void write_vwap(SubScore& sub, const CandleTracks& candles, ExchangeTime as_of) {
    const DayProfile& day = candles.day();
    const CandleTrack& base = candles.base();
    sub.samples = base.candles.bars();
    double weight = 0;
    double sum = 0;
    struct Part {
        double days;
        double deviations;
        double pull;
        double minutes;
    };
    std::array<Part, 2> parts{};
    std::size_t count = 0;
    const auto add = [&](double share, double days, const SessionVwap& vwap, std::string_view name,
                         std::string_view distance) {
        const auto value = vwap.value();
        const auto deviation = vwap.deviation();
        if (value && *deviation > 0 && vwap.bars() >= vwap_bars_min) {
            const double d = (day.last_close() - *value) / *deviation;
            const double lean = gated(base, hyperbolic_tangent(d / 1.5),
                                      -hyperbolic_tangent(std::max(std::fabs(d) - 2, 0.0)) * sign_of(d));
            sub.add_raw(name, *value);
            sub.add_raw(distance, d);
            weight += share;
            sum += share * lean;
            parts[count++] = {days, d, share * lean, static_cast<double>(vwap.span_ms()) / ms_per_minute + 1};
        }
    };
    add(.6, 1, day.day, "vwap_day", "day_deviations");
    add(.4, 7, day.week, "vwap_week", "week_deviations");
    if (!(weight > 0)) {
        sub.set_absent(base.candles.bars() == 0          ? Absence::no_data
                       : day.week.bars() < vwap_bars_min ? Absence::warming_up
                                                         : Absence::flat);
        return;
    }
    sub.age_ms = as_of - base.candles.last().open_time - ms_per_minute;
    sub.set_lean(sum / weight);
    // Told is the session that carries most of the lean; it is stretched when that pulls back.
    const double side = sign_of(*sub.lean);
    const Part& told = count == 2 && side * parts[1].pull > side * parts[0].pull ? parts[1] : parts[0];
    sub.add_raw("session_days", told.days);
    sub.add_raw("session_minutes", told.minutes);
    sub.reading = told.deviations > 2 && side < 0    ? Reading::stretched_up
                  : told.deviations < -2 && side > 0 ? Reading::stretched_down
                                                     : reading_of_lean(*sub.lean);
}

}  // namespace

ComponentResult VolumeComponent::evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const {
    ComponentResult result(ComponentId::volume, inputs.weights);
    scores_.write(result, inputs.candles, measures, as_of);
    write_profile(result.sub("volume_profile"), inputs.candles, as_of);
    write_vwap(result.sub("vwap"), inputs.candles, as_of);
    result.combine();
    return result;
}

}  // namespace virtuoso
