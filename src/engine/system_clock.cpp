#include "engine/system_clock.hpp"

#include <chrono>
#include <thread>

namespace virtuoso {

LocalTime SystemClock::now() const {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count()};
}

void SystemClock::sleep_until(LocalTime time) const {
    const std::int64_t wait = time - now();
    if (wait > 0) {
        std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
    }
}

}  // namespace virtuoso
