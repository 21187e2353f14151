#include "engine/system_clock.hpp"

#include <chrono>
#include <ctime>
#include <thread>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

std::int64_t read(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time.tv_sec * ns_per_second + time.tv_nsec;
}

}  // namespace

SystemClock::SystemClock() : offset_ns_(read(CLOCK_REALTIME) - read(CLOCK_BOOTTIME)) {}

LocalTime SystemClock::now() const {
    return {read(CLOCK_BOOTTIME) + offset_ns_};
}

void SystemClock::sleep_until(LocalTime time) const {
    const std::int64_t wait = time - now();
    if (wait > 0) {
        std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
    }
}

LocalTime time_of_day() {
    return {read(CLOCK_REALTIME)};
}

}  // namespace virtuoso
