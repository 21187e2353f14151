// What the log says of whether the service is ready.
#pragma once

#include "base/time.hpp"
#include "service/health.hpp"
#include "service/service_log.hpp"

#include <optional>
#include <string>

namespace virtuoso {

/// Told of the health every second or so. Speaks when the service becomes ready, when it has not been for
/// five seconds, a minute after that and so on, and when it is again. O(1) a call.
class ReadinessLog {
  public:
    struct Line {
        LogLevel level = LogLevel::info;
        std::string text;
    };

    explicit ReadinessLog(LocalTime began) : unready_since_(began) {}

    [[nodiscard]] std::optional<Line> look(const ServiceHealth& health, LocalTime now);

  private:
    bool ready_ = false;
    bool was_ready_ = false;  ///< at any time
    bool told_ = false;       ///< that it is not ready
    LocalTime unready_since_;
    LocalTime told_at_;
};

}  // namespace virtuoso
