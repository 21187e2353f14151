// When reports are due, on the clocks of somebody's wall.
#pragma once

#include "alert/wall_clock.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace virtuoso {

/// A report is of the time since the one before it was due, so that every moment is in one report: a day in
/// which clocks are set has an hour less or more.
class ReportTime {
  public:
    /// "day 07:00@Europe/Berlin", "week mon 07:00". Without a zone it is UTC. Error: config, which says what
    /// is wrong with it.
    [[nodiscard]] static Result<ReportTime> parse(std::string_view text);

    /// 1 or 7.
    [[nodiscard]] int days() const noexcept { return weekday_ ? 7 : 1; }
    /// The first one that is due after `time`.
    [[nodiscard]] LocalTime after(LocalTime time) const { return nearest(time, 1); }
    /// The last one that was due before `time`.
    [[nodiscard]] LocalTime before(LocalTime time) const { return nearest(time, -1); }

  private:
    ReportTime(std::optional<int> weekday, int minute, WallClock clock)
        : weekday_(weekday), minute_(minute), clock_(std::move(clock)) {}
    /// `step`: 1 looks for it after the time, -1 before.
    [[nodiscard]] LocalTime nearest(LocalTime time, int step) const;
    [[nodiscard]] bool is_on(LocalTime time, int days_on) const;

    std::optional<int> weekday_;  ///< 0: Monday; nullopt: every day
    int minute_;
    WallClock clock_;
};

}  // namespace virtuoso
