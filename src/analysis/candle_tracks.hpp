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
            const Candle candle = closed.newest(static_cast<std::size_t>(closed.pushed() - 1 - consumed_));
            if (!candle.partial) {
                feed(candle);
            }
        }
    }

    /// A candle that was read has changed since.
    [[nodiscard]] bool corrected(const CandleSeries& series) const noexcept {
        return series.revision() != revision_;
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

/// Shared by the components, so that each candle is worked through once. Reading a corrected series again
/// costs all that is kept of it, and trades that come late one by one correct it with each: that is done once
/// a second at most, by the time of the market, so that it does not depend on who asks when.
class CandleTracks {
  public:
    static constexpr std::int64_t read_again_ms = ms_per_second;

    /// After every event; `now` is the market's time.
    void update(const CandleBook& candles, ExchangeTime now);
    /// Whether some correction waits to be read.
    [[nodiscard]] bool behind(const CandleBook& candles) const noexcept;
    /// Reads what waits.
    void catch_up(const CandleBook& candles);

    /// In the order of `analysis_timeframes`.
    [[nodiscard]] const std::array<CandleTrack, analysis_timeframes.size()>& tracks() const noexcept {
        return tracks_;
    }
    [[nodiscard]] const CandleTrack& base() const noexcept { return tracks_.front(); }
    /// Another one whenever a candle was read; 0 when it tells nothing, after `catch_up`.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    [[nodiscard]] const DayProfile& day() const noexcept { return day_; }
    /// The scale of a day's structure: the 30m ATR, or a twentieth of the day's range before that is known.
    [[nodiscard]] double day_scale() const;
    /// Gives back memory that holds nothing; returns the bytes.
    std::size_t shrink();
    /// Heap memory.
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    void follow(std::size_t index, const CandleBook& candles);

    std::array<CandleTrack, analysis_timeframes.size()> tracks_{};
    std::array<CandleCursor, analysis_timeframes.size()> cursors_{};
    std::array<ExchangeTime, analysis_timeframes.size()> read_again_{};  ///< last times
    DayProfile day_;
    std::uint64_t version_ = 1;
    std::uint64_t read_ = 0;  ///< version of the candles of which all is read
};

}  // namespace virtuoso
