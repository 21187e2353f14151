#include "analysis/price_structure_component.hpp"

#include "analysis/timeframe_measure.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr double zone_half_life_bars = 25;
constexpr double level_strength_min = 0.3;

/// Logistic fall-off with distance: ½ at 5 % of the price.
double nearness(double distance_share) {
    return 1 / (1 + exponential((distance_share - 0.05) / 0.01));
}

double decay(std::uint64_t age_bars, double half_life) {
    return exponential2(-static_cast<double>(age_bars) / half_life);
}

TimeframeMeasure measure_breaks(const CandleTrack& track) {
    TimeframeMeasure measure;
    const StructureBreaks& breaks = track.structure.breaks;
    if (track.structure.swings.swings().empty()) {
        return measure;
    }
    if (!breaks.last()) {
        measure.set(0, 0, Reading::neutral);
        return measure;
    }
    const auto& last = *breaks.last();
    const double age = decay(breaks.age_bars(), StructureBreaks::half_life_bars);
    const bool up = last.direction > 0;
    const Reading reading = age < 0.25      ? Reading::neutral
                            : last.reversal ? (up ? Reading::reversal_up : Reading::reversal_down)
                                            : (up ? Reading::break_up : Reading::break_down);
    measure.set(last.direction * (last.reversal ? 0.8 : 0.6) * age, last.direction * age, reading);
    return measure;
}

// Middles of the demand and supply zones nearest to the last close.
void add_nearest_zones(TimeframeMeasure& measure, const CandleTrack& track) {
    const double price = track.candles.last().close;
    std::optional<double> demand;
    std::optional<double> supply;
    for (const auto& block : track.structure.blocks.active()) {
        const double middle = (block.low + block.high) / 2;
        auto& nearest = block.direction > 0 ? demand : supply;
        if (!nearest || std::fabs(middle - price) < std::fabs(*nearest - price)) {
            nearest = middle;
        }
    }
    if (demand) {
        measure.add_detail("demand", *demand);
    }
    if (supply) {
        measure.add_detail("supply", *supply);
    }
}

TimeframeMeasure measure_zones(const CandleTrack& track) {
    TimeframeMeasure measure;
    if (!positive_atr(track, measure)) {
        return measure;
    }
    const double price = track.candles.last().close;
    double strength = 0;
    for (const auto& block : track.structure.blocks.active()) {
        const double outside = std::max({block.low - price, price - block.high, 0.0});
        strength += block.direction * nearness(outside / price) *
                    decay(track.structure.blocks.bars() - 1 - block.bar, zone_half_life_bars);
    }
    // Stops rest beyond equal highs and lows: price is drawn to them.
    for (const auto& pool : track.structure.pools.open()) {
        const double pull = nearness(std::fabs(pool.price - price) / price) *
                            decay(track.structure.swings.bars() - 1 - pool.bar, zone_half_life_bars);
        strength += pool.high ? 0.5 * pull : -0.5 * pull;
    }
    measure.set_strength(strength, strength, reading_of_lean(strength));
    add_nearest_zones(measure, track);
    return measure;
}

TimeframeMeasure measure_gaps(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto atr = positive_atr(track, measure);
    if (!atr) {
        return measure;
    }
    const double price = track.candles.last().close;
    double below = 0;
    double above = 0;
    for (const auto& gap : track.structure.gaps.open()) {
        const bool supports = gap.direction > 0;
        const double distance = supports ? price - gap.filled_to : gap.filled_to - price;
        const double weight = gap.unfilled() * exponential2(-std::max(distance, 0.0) / (2 * *atr));
        double& side = supports ? below : above;
        side = std::max(side, weight);
    }
    measure.set_strength(1.2 * (below - above), below - above, reading_of_lean(below - above));
    return measure;
}

struct NearestLevels {
    const PriceLevel* support = nullptr;
    const PriceLevel* resistance = nullptr;
};

NearestLevels nearest_levels(const CandleTrack& track, double price) {
    NearestLevels nearest;
    for (const auto& level : track.structure.levels.levels()) {
        if (level.strength < level_strength_min) {
            continue;
        }
        if (level.price < price && (nearest.support == nullptr || level.price > nearest.support->price)) {
            nearest.support = &level;
        }
        if (level.price > price &&
            (nearest.resistance == nullptr || level.price < nearest.resistance->price)) {
            nearest.resistance = &level;
        }
    }
    return nearest;
}

/// What the last three bars did at a level: +1 broke up or was held up by it, −1 the mirror.
struct LevelEvent {
    double strength = 0;
    Reading reading = Reading::neutral;
};

LevelEvent level_event(const CandleTrack& track, double atr) {
    LevelEvent best;
    const double margin = 0.1 * atr;
    const std::size_t bars = std::min<std::size_t>(3, track.structure.bars());
    for (const auto& level : track.structure.levels.levels()) {
        for (std::size_t age = 0; age < bars && level.strength >= level_strength_min; ++age) {
            const Bar& bar = track.structure.bar(age);
            LevelEvent event;
            if (bar.open < level.price && bar.close > level.price + margin) {
                event = {0.6 * level.strength, Reading::break_up};
            } else if (bar.open > level.price && bar.close < level.price - margin) {
                event = {-0.6 * level.strength, Reading::break_down};
            } else if (bar.open < level.price && bar.high > level.price && bar.close < level.price - margin) {
                event = {-0.4 * level.strength, Reading::rejected_up};
            } else if (bar.open > level.price && bar.low < level.price && bar.close > level.price + margin) {
                event = {0.4 * level.strength, Reading::rejected_down};
            }
            best = std::fabs(event.strength) > std::fabs(best.strength) ? event : best;
        }
    }
    return best;
}

TimeframeMeasure measure_levels(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto atr = positive_atr(track, measure);
    if (!atr || track.structure.levels.levels().empty()) {
        return measure;
    }
    const double price = track.candles.last().close;
    const NearestLevels nearest = nearest_levels(track, price);
    double position = 0;
    if (nearest.support != nullptr) {
        position += nearest.support->strength * exponential2((nearest.support->price - price) / *atr);
    }
    if (nearest.resistance != nullptr) {
        position -= nearest.resistance->strength * exponential2((price - nearest.resistance->price) / *atr);
    }
    const LevelEvent event = level_event(track, *atr);
    const double strength = position + event.strength;
    measure.set_strength(strength, strength,
                         event.strength * strength > 0 ? event.reading : reading_of_lean(strength));
    if (nearest.support != nullptr) {
        measure.add_detail("support", nearest.support->price);
    }
    if (nearest.resistance != nullptr) {
        measure.add_detail("resistance", nearest.resistance->price);
    }
    return measure;
}

TimeframeMeasure measure_trend(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto atr = positive_atr(track, measure);
    const auto fast = track.candles.ema20.value();
    const auto middle = track.candles.ema50.value();
    if (!atr || !fast || !middle) {
        return measure;
    }
    const double close = track.candles.last().close;
    const auto order = [](double a, double b) { return a > b ? 1.0 : a < b ? -1.0 : 0.0; };
    double sum = order(close, *fast) + order(*fast, *middle);
    double count = 2;
    if (const auto slow = track.candles.ema200.value()) {
        sum += order(*middle, *slow);
        ++count;
    }
    const double distance = (close - *middle) / *atr;
    const double lean = 0.6 * sum / count + 0.4 * hyperbolic_tangent(distance / 3);
    measure.set(lean, distance, reading_of_lean(lean));
    measure.add_detail("order", sum / count);
    return measure;
}

TimeframeMeasure measure_range(const CandleTrack& track) {
    TimeframeMeasure measure;
    const auto range = track.structure.range();
    if (!range) {
        return measure;
    }
    const double height = range->high - range->low;
    if (!(height > 0)) {
        measure.absence = Absence::flat;
        return measure;
    }
    const Bar& bar = track.candles.last();
    const double position = (bar.close - range->low) / height;
    const double wick = 0.005 * height;
    const auto volume = track.volume.relative.value();
    const bool backed = volume.value_or(0) >= 1.5;
    if (volume) {
        measure.add_detail("volume_of_mean", *volume);
    }
    if (bar.close > range->high) {
        measure.set_strength(backed ? 0.9 : 0.3, position, Reading::break_up);
    } else if (bar.close < range->low) {
        measure.set_strength(backed ? -0.9 : -0.3, position, Reading::break_down);
    } else if (bar.high >= range->high + wick && bar.low > range->low - wick) {
        measure.set_strength(-0.8, position, Reading::rejected_up);
    } else if (bar.low <= range->low - wick && bar.high < range->high + wick) {
        measure.set_strength(0.8, position, Reading::rejected_down);
    } else {
        const double side = 2 * position - 1;
        const Reading reading = side > 0.5    ? Reading::premium
                                : side < -0.5 ? Reading::discount
                                              : Reading::neutral;
        measure.set_strength(-0.6 * side * std::fabs(side), position, reading);
    }
    return measure;
}

constexpr NamedMeasure measures[] = {
    {"institutional_zones", measure_zones}, {"support_resistance", measure_levels},
    {"trend_position", measure_trend},      {"structure_breaks", measure_breaks},
    {"range_analysis", measure_range},      {"fair_value_gaps", measure_gaps}};

/// Pull of the nearest high-volume node on one side: its share of the heaviest, by nearness.
struct Node {
    double price = 0;
    double pull = 0;
};

// A node is a bin heavier than its neighbours and than 1.5 times the mean.
Node nearest_node(const VolumeProfile& profile, double price, double scale, bool above, double mean,
                  double most) {
    Node nearest;
    const auto& volumes = profile.volumes();
    for (std::size_t i = 0; i < VolumeProfile::bins; ++i) {
        const std::size_t bin = above ? i : VolumeProfile::bins - 1 - i;
        const double node = profile.price_of(bin);
        const double before = bin > 0 ? volumes[bin - 1] : 0;
        const double after = bin + 1 < VolumeProfile::bins ? volumes[bin + 1] : 0;
        const bool beyond = above ? node > price : node < price;
        if (beyond && volumes[bin] >= 1.5 * mean && volumes[bin] >= before && volumes[bin] >= after) {
            nearest = {node, volumes[bin] / most * exponential2(-std::fabs(node - price) / (2 * scale))};
            break;
        }
    }
    return nearest;
}

void write_nodes(SubScore& sub, const CandleTracks& candles, ExchangeTime as_of) {
    const VolumeProfile& profile = candles.day().profile;
    sub.samples = profile.bars();
    if (!candles.day().area()) {
        sub.set_absent(profile.bars() == 0 ? Absence::no_data : Absence::warming_up);
        return;
    }
    double total = 0;
    double most = 0;
    for (const double volume : profile.volumes()) {
        total += volume;
        most = std::max(most, volume);
    }
    const double mean = total / static_cast<double>(VolumeProfile::bins);
    const double price = candles.day().last_close();
    const double scale = candles.day_scale();
    const Node above = nearest_node(profile, price, scale, true, mean, most);
    const Node below = nearest_node(profile, price, scale, false, mean, most);
    const double place = std::clamp((price - profile.low()) / profile.bin_width(), 0.0,
                                    static_cast<double>(VolumeProfile::bins - 1));
    const bool thin = profile.volumes()[static_cast<std::size_t>(place)] <= 0.5 * mean;
    sub.age_ms = as_of - candles.base().candles.last().open_time - ms_per_minute;
    if (above.pull > 0) {
        sub.add_raw("node_above", above.price);
        sub.add_raw("pull_above", above.pull);
    }
    if (below.pull > 0) {
        sub.add_raw("node_below", below.price);
        sub.add_raw("pull_below", below.pull);
    }
    sub.add_raw("in_thin_volume", thin ? 1 : 0);
    // Where little was traded nothing holds price back on its way to the next node.
    sub.set_strength((thin ? 1.8 : 1.2) * (above.pull - below.pull));
    sub.reading = reading_of_lean(*sub.lean);
}

}  // namespace

ComponentResult PriceStructureComponent::evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const {
    ComponentResult result(ComponentId::price_structure, inputs.weights);
    scores_.write(result, inputs.candles, measures, as_of);
    write_nodes(result.sub("volume_nodes"), inputs.candles, as_of);
    result.combine();
    return result;
}

}  // namespace virtuoso
