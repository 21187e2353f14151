#include "service/keeper_schedule.hpp"

#include <algorithm>

namespace virtuoso {

KeeperSchedule::Start KeeperSchedule::begin(SteadyTime now) noexcept {
    const std::int64_t late = std::max<std::int64_t>(0, now.ms_since(next_));
    const bool early = now < next_;
    // From where the interval counts on: the schedule, unless the run is asked for or is far behind.
    scheduled_ = early || late > made_good_ms ? now : next_;
    next_ = scheduled_.after_ms(interval_ms_);
    return {.number = ++runs_, .late_ms = late, .interval_ms = interval_ms_};
}

void KeeperSchedule::end(SteadyTime now, const MemoryReading& after) noexcept {
    pressure_ = pressure_of(after.share(), pressure_, options_.marks);
    if (pressure_ == MemoryPressure::normal) {
        lengthen();
    } else {
        shorten();
    }
    next_ = std::max(scheduled_.after_ms(interval_ms_), now.after_ms(options_.interval_min_ms / 2));
}

void KeeperSchedule::observe(SteadyTime now, const MemoryReading& reading) noexcept {
    const MemoryPressure before = pressure_;
    pressure_ = pressure_of(reading.share(), pressure_, options_.marks);
    if (pressure_ > before) {
        shorten();
        next_ = std::min(next_, std::max(now, scheduled_.after_ms(interval_ms_)));
        if (pressure_ == MemoryPressure::hard) {
            next_ = std::min(next_, std::max(now, scheduled_.after_ms(options_.interval_min_ms)));
        }
    }
}

void KeeperSchedule::set(const Options& options, SteadyTime now) noexcept {
    options_ = options;
    interval_ms_ = pressure_ == MemoryPressure::normal
                       ? options.interval_ms
                       : std::clamp(interval_ms_, options.interval_min_ms, options.interval_ms);
    if (runs_ > 0) {
        next_ = std::max(now, scheduled_.after_ms(interval_ms_));
    }
}

void KeeperSchedule::shorten() noexcept {
    interval_ms_ = std::max(interval_ms_ / 2, std::min(options_.interval_min_ms, options_.interval_ms));
}

void KeeperSchedule::lengthen() noexcept {
    interval_ms_ = std::min(interval_ms_ * 2, options_.interval_ms);
}

}  // namespace virtuoso
