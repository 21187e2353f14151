// What systemd is told (sd_notify(3), without its library: the protocol is one datagram).
#pragma once

#include "service/state_folder.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// Does nothing where nobody asked to be told.
class Notifier {
  public:
    /// `$NOTIFY_SOCKET`: a path, or a name of the abstract namespace that begins with '@'; `$WATCHDOG_USEC`.
    explicit Notifier(const EnvironmentLookup& environment);

    /// "READY=1", "STOPPING=1", "STATUS=…". False when it could not be sent.
    bool tell(std::string_view state) const;
    /// How often `WATCHDOG=1` is waited for; nullopt: it is not.
    [[nodiscard]] std::optional<std::chrono::microseconds> watchdog() const noexcept { return watchdog_; }

  private:
    std::string socket_;
    std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace virtuoso
