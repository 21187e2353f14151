// Signals, as a service takes them.
#pragma once

namespace virtuoso::app {

/// SIGINT and SIGTERM ask to stop; the second of them ends the process at once, with 128 + its number. SIGHUP
/// asks to read the configuration again. SIGPIPE is left to whoever writes.
void watch_for_service_signals();
[[nodiscard]] bool stop_asked() noexcept;
/// Once for every time it was asked.
[[nodiscard]] bool take_reload_asked() noexcept;

}  // namespace virtuoso::app
