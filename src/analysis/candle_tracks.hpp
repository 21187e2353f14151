// The candle-driven indicators of one symbol on the timeframes that are analysed.
#pragma once

#include "analysis/timeframe_blend.hpp"
#include "indicators/candle_indicators.hpp"
#include "indicators/day_profile.hpp"
#include "indicators/structure_indicators.hpp"
#include "indicators/volume_indicators.hpp"
#include "market/candle_book.hpp"

#include <array>
#include <cstdint>

namespace virtuoso {

/// How far a consumer has read a series of closed candles.
class CandleCursor {
  public:
    /// Calls `feed(candle)` once for every closed candle whose beginning was seen, oldest first. When the
    /// exchange corrected one, calls `restart()` and feeds all that are kept again.
    template <typename Restart, typename Feed>
    void follow(const CandleSeries& series, Restart&& restart, Feed&& feed) {
        const auto& closed = series.closed();
        if (series.revision() != revision_) {
            revision_ = series.revision();
            consumed_ = closed.pushed() - closed.size();
            restart();
        }
        for (; consumed_ < closed.pushed(); ++consumed_) {
            const auto& candle = closed.newest(static_cast<std::size_t>(closed.pushed() - 1 - consumed_));
            if (!candle.partial) {
                feed(candle);
            }
        }
    }

  private:
    std::uint64_t consumed_ = 0;  ///< closed candles already fed, as CandleSeries counts them
    std::uint64_t revision_ = 0;
};

/// Everything that closed candles of one timeframe drive.
struct CandleTrack {
    CandleIndicators candles;
    VolumeIndicators volume;
    StructureIndicators structure;

    void update(const Bar& bar, std::int64_t interval_ms);
};

/// Shared by the components, so that each candle is worked through once.
class CandleTracks {
  public:
    void update(const CandleBook& candles);

    /// In the order of `analysis_timeframes`.
    [[nodiscard]] const std::array<CandleTrack, analysis_timeframes.size()>& tracks() const noexcept {
        return tracks_;
    }
    [[nodiscard]] const CandleTrack& base() const noexcept { return tracks_.front(); }
    [[nodiscard]] const DayProfile& day() const noexcept { return day_; }
    /// The scale of a day's structure: the 30m ATR, or a twentieth of the day's range before that is known.
    [[nodiscard]] double day_scale() const;
    /// Heap memory.
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    std::array<CandleTrack, analysis_timeframes.size()> tracks_{};
    std::array<CandleCursor, analysis_timeframes.size()> cursors_{};
    DayProfile day_;
};

}  // namespace virtuoso
