// The day's volume profile, where its centre was, and the session averages.
#pragma once

#include "indicators/rolling_window.hpp"
#include "indicators/session_vwap.hpp"
#include "indicators/volume_profile.hpp"

namespace virtuoso {

/// Fed with closed 1m candles, oldest first. O(bins) a bar.
class DayProfile {
  public:
    static constexpr std::size_t migration_bars = 240;

    void update(const Bar& bar) {
        profile.update(bar);
        day.update(bar);
        week.update(bar);
        area_ = profile.value_area();
        if (area_) {
            controls_.push(area_->point_of_control);
        }
        previous_close_ = last_close_;
        last_close_ = bar.close;
    }

    [[nodiscard]] const std::optional<VolumeProfile::ValueArea>& area() const noexcept { return area_; }
    /// Point of control now less what it was four hours (or as long as it is known) ago.
    [[nodiscard]] double migration() const noexcept {
        return controls_.size() > 0 ? controls_.newest(0) - controls_.oldest() : 0.0;
    }
    /// How long that is.
    [[nodiscard]] std::size_t migration_minutes() const noexcept {
        return controls_.size() > 0 ? controls_.size() - 1 : 0;
    }
    [[nodiscard]] double last_close() const noexcept { return last_close_; }
    [[nodiscard]] double previous_close() const noexcept { return previous_close_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return profile.bytes(); }

    VolumeProfile profile;
    SessionVwap day = SessionVwap::daily();
    SessionVwap week = SessionVwap::weekly();

  private:
    std::optional<VolumeProfile::ValueArea> area_;
    RollingWindow<double, migration_bars + 1> controls_;
    double last_close_ = 0;
    double previous_close_ = 0;
};

}  // namespace virtuoso
