// Signals, as commands and as the service take them.
#pragma once

namespace virtuoso::app {

/// SIGINT, SIGTERM and SIGHUP end the process at once, wherever it waits, with 128 + their number; outputs
/// that are not finished are removed. A SIGHUP that was ignored from the start still is (nohup). What is
/// written to nobody, or beyond a limit, is an error to whoever writes: SIGPIPE and SIGXFSZ are ignored.
void end_on_signals();

/// From now on the first of these signals asks to stop; the second ends the process at once.
void watch_for_interrupts();
/// Whether it was asked to stop.
[[nodiscard]] bool interrupted() noexcept;
/// 128 + the number of the signal that asked first.
[[nodiscard]] int interrupted_exit_code() noexcept;

/// As `watch_for_interrupts`, but SIGHUP asks to read the configuration again.
void watch_for_service_signals();
[[nodiscard]] bool stop_asked() noexcept;
/// Once for every time it was asked.
[[nodiscard]] bool take_reload_asked() noexcept;

}  // namespace virtuoso::app
