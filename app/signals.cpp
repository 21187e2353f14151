#include "signals.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <utility>

namespace virtuoso::app {

namespace {

constexpr int exit_by_signal = 128;

// Signals that come together are taken by several threads at once.
std::atomic<int> stops = 0;
std::atomic<int> reloads = 0;
int reloads_taken = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void on_stop(int signal) {
    if (++stops > 1) {
        ::_exit(exit_by_signal + signal);  // whoever insists is obeyed
    }
}

void on_reload(int) {
    ++reloads;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    action.sa_flags = 0;  // waits are to end
    ::sigaction(signal, &action, nullptr);
}

}  // namespace

void watch_for_service_signals() {
    handle(SIGINT, on_stop);
    handle(SIGTERM, on_stop);
    handle(SIGHUP, on_reload);
    handle(SIGPIPE, SIG_IGN);
}

bool stop_asked() noexcept {
    return stops > 0;
}

bool take_reload_asked() noexcept {
    const int asked = reloads;
    return std::exchange(reloads_taken, asked) != asked;
}

}  // namespace virtuoso::app
