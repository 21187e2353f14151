#include "analysis/candle_tracks.hpp"

namespace virtuoso {

void CandleTrack::update(const Bar& bar, std::int64_t interval_ms) {
    const auto atr_before = candles.atr14.value();
    volume.update(bar);
    structure.update(bar, interval_ms, atr_before, volume.relative.mean_before());
    candles.update(bar);
}

void CandleTracks::follow(std::size_t index, const CandleBook& candles) {
    const Timeframe timeframe = analysis_timeframes[index].timeframe;
    const bool is_base = index == 0;
    cursors_[index].follow(
        candles.series(timeframe),
        [&] {
            ++version_;
            tracks_[index] = {};
            if (is_base) {
                day_ = {};
            }
        },
        [&](const Candle& candle) {
            ++version_;
            const Bar bar = Bar::of(candle);
            tracks_[index].update(bar, interval_ms(timeframe));
            if (is_base) {
                day_.update(bar);
            }
        });
}

void CandleTracks::update(const CandleBook& candles, ExchangeTime now) {
    if (candles.version() == read_) {
        return;
    }
    bool some_wait = false;
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        if (cursors_[i].corrected(candles.series(analysis_timeframes[i].timeframe))) {
            if (now - read_again_[i] < read_again_ms) {
                some_wait = true;
                continue;
            }
            read_again_[i] = now;
        }
        follow(i, candles);
    }
    read_ = some_wait ? 0 : candles.version();
}

bool CandleTracks::behind(const CandleBook& candles) const noexcept {
    if (candles.version() == read_) {
        return false;
    }
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        if (cursors_[i].corrected(candles.series(analysis_timeframes[i].timeframe))) {
            return true;
        }
    }
    return false;
}

void CandleTracks::catch_up(const CandleBook& candles) {
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        follow(i, candles);
    }
    version_ = 0;
}

std::size_t CandleTracks::shrink() {
    std::size_t freed = day_.profile.shrink();
    for (auto& track : tracks_) {
        freed += track.structure.swings.shrink();
    }
    return freed;
}

std::size_t CandleTracks::bytes() const noexcept {
    std::size_t total = day_.bytes();
    for (const auto& track : tracks_) {
        total += track.structure.bytes();
    }
    return total;
}

double CandleTracks::day_scale() const {
    static_assert(analysis_timeframes[2].timeframe == Timeframe::m30);
    const auto atr = tracks_[2].candles.atr14.value();
    return atr && *atr > 0 ? *atr : (day_.profile.high() - day_.profile.low()) / 20;
}

}  // namespace virtuoso
