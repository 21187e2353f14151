// Hours of the day, in somebody's time zone, in which nobody wants to be woken.
#pragma once

#include "alert/wall_clock.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace virtuoso {

/// Follows the clocks on the wall, so also when they are set for summer time. An hour that happens twice is
/// quiet both times; quiet hours whose end is skipped end where the clocks go on.
class QuietHours {
  public:
    /// "22:00-07:00@Europe/Berlin": from 22:00 until before 07:00, over midnight where the end is not after
    /// the beginning. Without a zone it is UTC. Error: config naming `field`.
    [[nodiscard]] static Result<QuietHours> parse(std::string_view text, std::string_view field);

    /// O(log offsets of the zone).
    [[nodiscard]] bool hold(LocalTime time) const;
    /// When the quiet that holds at `time` ends. Precondition: `hold(time)`.
    [[nodiscard]] LocalTime end_after(LocalTime time) const;
    /// As it was written.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    QuietHours(std::string text, int begin, int end, WallClock clock)
        : text_(std::move(text)), begin_(begin), end_(end), clock_(std::move(clock)) {}

    std::string text_;
    int begin_;  ///< minute of the day
    int end_;
    WallClock clock_;
};

}  // namespace virtuoso
