#include "api/structure_json.hpp"

#include "present/json_values.hpp"

#include <utility>

namespace virtuoso {

namespace {

/// The candle that an indicator counted as `bar` of so many.
std::optional<ExchangeTime> time_of(const CandleSeries& series, std::uint64_t bars, std::uint64_t bar) {
    const std::uint64_t age = bars - 1 - bar;
    return bar < bars && age < series.closed().size()
               ? std::optional(series.closed().newest(static_cast<std::size_t>(age)).open_time)
               : std::nullopt;
}

std::vector<SeenLevel> seen_by(const StructureIndicators& structure, const CandleSeries& series) {
    std::vector<SeenLevel> seen;
    const auto add = [&](std::string_view kind, int direction, double low, double high) -> SeenLevel& {
        seen.push_back({.kind = kind, .direction = direction, .low = low, .high = high});
        return seen.back();
    };
    const std::uint64_t bars = structure.swings.bars();
    for (const auto& level : structure.levels.levels()) {
        SeenLevel& added = add("support_resistance", 0, level.price, level.price);
        added.strength = level.strength;
        added.touches = level.touches;
    }
    for (const auto& block : structure.blocks.active()) {
        add("order_block", block.direction, block.low, block.high).time =
            time_of(series, structure.blocks.bars(), block.bar);
    }
    for (const auto& gap : structure.gaps.open()) {
        SeenLevel& added = add("fair_value_gap", gap.direction, gap.low, gap.high);
        added.time = time_of(series, structure.gaps.bars(), gap.bar);
        added.strength = gap.unfilled();
    }
    for (const auto& pool : structure.pools.open()) {
        add("liquidity_pool", pool.high ? -1 : 1, pool.price, pool.price).time =
            time_of(series, bars, pool.bar);
    }
    if (const auto& last = structure.breaks.last()) {
        SeenLevel& added = add("structure_break", last->direction, last->level, last->level);
        added.time = time_of(series, bars, last->bar);
        added.reversal = last->reversal;
    }
    return seen;
}

Json level_json(const SeenLevel& level) {
    return {{"kind", level.kind},
            {"direction", level.direction > 0   ? Json("up")
                          : level.direction < 0 ? Json("down")
                                                : Json(nullptr)},
            {"low", level.low},
            {"high", level.high},
            {"strength", or_null(level.strength)},
            {"touches", level.touches ? Json(*level.touches) : Json(nullptr)},
            {"time_ms", or_null(level.time)},
            {"reversal", level.reversal}};
}

}  // namespace

LevelsReading read_levels(const TrackedSymbol& symbol) {
    LevelsReading reading{.symbol = symbol.state.symbol(), .as_of = symbol.state.as_of(), .tracks = {}};
    for (std::size_t i = 0; i < analysis_timeframes.size(); ++i) {
        const Timeframe timeframe = analysis_timeframes[i].timeframe;
        reading.tracks[i] = {timeframe, seen_by(symbol.analysis.candles().tracks()[i].structure,
                                                symbol.state.candles().series(timeframe))};
    }
    return reading;
}

ProfileReading read_profile(const TrackedSymbol& symbol) {
    const DayProfile& day = symbol.analysis.candles().day();
    return {.symbol = symbol.state.symbol(),
            .as_of = symbol.state.as_of(),
            .minutes = day.profile.bars(),
            .low = day.profile.low(),
            .high = day.profile.high(),
            .volumes = day.profile.volumes(),
            .area = day.area(),
            .migration = day.migration(),
            .migration_minutes = day.migration_minutes(),
            .day_vwap = day.day.value(),
            .week_vwap = day.week.value()};
}

Json levels_json(const LevelsReading& reading) {
    Json timeframes = Json::object();
    for (const auto& track : reading.tracks) {
        Json levels = Json::array();
        for (const auto& level : track.levels) {
            levels.push_back(level_json(level));
        }
        timeframes.set(name_of(track.timeframe), std::move(levels));
    }
    return {{"schema", "virtuoso.levels/1"},
            {"symbol", reading.symbol},
            {"as_of_ms", reading.as_of.ms},
            {"timeframes", std::move(timeframes)}};
}

Json profile_json(const ProfileReading& reading) {
    Json volumes = Json::array();
    for (const double volume : reading.volumes) {
        volumes.push_back(volume);
    }
    const auto& area = reading.area;
    return {{"schema", "virtuoso.profile/1"},
            {"symbol", reading.symbol},
            {"as_of_ms", reading.as_of.ms},
            {"minutes", reading.minutes},
            {"low", reading.low},
            {"high", reading.high},
            {"volumes", std::move(volumes)},
            {"point_of_control", area ? Json(area->point_of_control) : Json(nullptr)},
            {"value_area_low", area ? Json(area->low) : Json(nullptr)},
            {"value_area_high", area ? Json(area->high) : Json(nullptr)},
            {"migration", reading.migration},
            {"migration_minutes", reading.migration_minutes},
            {"day_vwap", or_null(reading.day_vwap)},
            {"week_vwap", or_null(reading.week_vwap)}};
}

}  // namespace virtuoso
