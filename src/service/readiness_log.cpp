#include "service/readiness_log.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t patience_ms = 5'000;
constexpr std::int64_t again_ms = 60'000;

}  // namespace

std::optional<ReadinessLog::Line> ReadinessLog::look(const ServiceHealth& health, LocalTime now) {
    if (health.ready) {
        if (std::exchange(ready_, true)) {
            return std::nullopt;
        }
        const bool again = std::exchange(was_ready_, true);
        const bool told = std::exchange(told_, false);
        if (again && !told) {
            return std::nullopt;  // it was so short that nothing was said
        }
        return Line{LogLevel::info,
                    fmt::format("Ready{}: {} of {} deep symbols whole, {} of {} altogether",
                                again ? fmt::format(" again after {} s",
                                                    (now - unready_since_) / ns_per_ms / ms_per_second)
                                      : std::string(),
                                health.deep_whole, health.deep, health.whole, health.symbols)};
    }
    if (std::exchange(ready_, false)) {
        unready_since_ = now;
    }
    const std::int64_t unready_ms = (now - unready_since_) / ns_per_ms;
    if (unready_ms < patience_ms || (told_ && now - told_at_ < again_ms * ns_per_ms)) {
        return std::nullopt;
    }
    told_ = true;
    told_at_ = now;
    return Line{LogLevel::warning, fmt::format("Not ready {}{} s: {}", was_ready_ ? "for " : "after ",
                                               unready_ms / ms_per_second, health.why_not_ready)};
}

}  // namespace virtuoso
