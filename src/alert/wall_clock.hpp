// What the clocks on the walls of a time zone show.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace virtuoso {

/// "07:30" as minutes since midnight; "24:00" is none. nullopt: it is no time of the day.
[[nodiscard]] std::optional<int> day_minute_from(std::string_view text) noexcept;

/// The clocks of one of the IANA's time zones, which may be set for summer time. Days are counted from the
/// one that it is there at `time`. O(log offsets of the zone).
class WallClock {
  public:
    /// "Europe/Berlin", "UTC". Error: config: this machine does not know it.
    [[nodiscard]] static Result<WallClock> of_zone(std::string_view name);

    [[nodiscard]] int minute_of_day(LocalTime time) const;
    /// 0: Monday.
    [[nodiscard]] int weekday(LocalTime time, int days_on = 0) const;
    /// When they show `minute`: where it comes twice the first time, where it is skipped when they go on.
    [[nodiscard]] LocalTime when(LocalTime time, int days_on, int minute) const;
    /// All times that may be meant by it, the earliest first; the same three where no clock is set.
    [[nodiscard]] std::array<LocalTime, 3> candidates(LocalTime time, int days_on, int minute) const;

  private:
    struct Zone;
    explicit WallClock(std::shared_ptr<const Zone> zone) : zone_(std::move(zone)) {}

    std::shared_ptr<const Zone> zone_;
};

}  // namespace virtuoso
