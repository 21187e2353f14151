// Sub-indicators that are measured on every timeframe and blended.
#pragma once

#include "analysis/candle_tracks.hpp"
#include "analysis/component.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace virtuoso {

/// What one sub-indicator says on one timeframe.
struct TimeframeMeasure {
    std::optional<double> lean;
    double raw = 0;
    Reading reading = Reading::neutral;
    Absence absence = Absence::warming_up;
    std::array<RawValue, 2> details{};  ///< further raw values, told of the decisive timeframe
    std::size_t detail_count = 0;

    void set(double value, double raw_value, Reading what);
    void set_strength(double strength, double raw_value, Reading what);
    void add_detail(std::string_view name, double value) { details[detail_count++] = {name, value}; }
};

struct NamedMeasure {
    std::string_view name;  ///< of the sub-indicator
    TimeframeMeasure (*measure)(const CandleTrack&);
};

/// Fills the named sub-indicators of the result, with one raw value a timeframe, and its divergence
/// adjustment. Absent timeframes leave their weight to the others.
void write_timeframes(ComponentResult& result, const CandleTracks& tracks,
                      std::span<const NamedMeasure> measures, ExchangeTime as_of);

/// The same for one component, which says what it said last while no candle has come.
class TimeframeScores {
  public:
    /// `measures` are always the same.
    void write(ComponentResult& result, const CandleTracks& tracks, std::span<const NamedMeasure> measures,
               ExchangeTime as_of);

  private:
    const CandleTracks* tracks_ = nullptr;  ///< that were asked last
    std::uint64_t version_ = 0;             ///< theirs
    std::array<SubScore, sub_indicators_max> subs_{};
    double divergence_adjustment_ = 0;
};

/// Mix of a momentum and a mean-reversion reading by how strongly the track trends:
/// g = clamp((ADX − 25)/15, 0, 1): the median ADX(14) of a random walk is about 23.
[[nodiscard]] double gated(const CandleTrack& track, double momentum, double reversion);

/// ATR(14) when it is known and positive; else notes in `measure` why not.
[[nodiscard]] std::optional<double> positive_atr(const CandleTrack& track, TimeframeMeasure& measure);

}  // namespace virtuoso
