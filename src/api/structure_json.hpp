// What the analysis saw in a symbol's prices, as documents.
#pragma once

#include "engine/pipeline.hpp"
#include "present/json.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// A price, or two, with what it means there. Times are those of the candle it could first be known by.
struct SeenLevel {
    std::string_view kind;  ///< "support_resistance", "order_block", "fair_value_gap", "structure_break", …
    int direction = 0;      ///< +1 below price or upwards, −1 above or downwards, 0 neither
    double low = 0;
    double high = 0;
    std::optional<double> strength =
        {};  ///< 0…1: of levels against the strongest, of gaps what is not filled
    std::optional<int> touches = {};
    std::optional<ExchangeTime> time = {};  ///< nullopt when that candle is not kept any more
    bool reversal = false;                  ///< of breaks: a change of character
};
struct LevelsReading {
    struct Track {
        Timeframe timeframe = Timeframe::m1;
        std::vector<SeenLevel> levels;
    };
    std::string symbol;
    ExchangeTime as_of;
    std::array<Track, analysis_timeframes.size()> tracks;
};
struct ProfileReading {
    std::string symbol;
    ExchangeTime as_of;
    std::size_t minutes = 0;  ///< that it is made of
    double low = 0;
    double high = 0;
    std::array<double, VolumeProfile::bins> volumes{};
    std::optional<VolumeProfile::ValueArea> area;
    double migration = 0;
    std::size_t migration_minutes = 0;
    std::optional<double> day_vwap;
    std::optional<double> week_vwap;
};

/// O(what is kept of them).
[[nodiscard]] LevelsReading read_levels(const TrackedSymbol& symbol);
[[nodiscard]] ProfileReading read_profile(const TrackedSymbol& symbol);
/// Schema "virtuoso.levels/1".
[[nodiscard]] Json levels_json(const LevelsReading& reading);
/// Schema "virtuoso.profile/1".
[[nodiscard]] Json profile_json(const ProfileReading& reading);

}  // namespace virtuoso
