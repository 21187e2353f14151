#include "signals.hpp"

#include <unistd.h>

#include <csignal>

namespace virtuoso::app {

namespace {

constexpr int exit_by_signal = 128;

volatile std::sig_atomic_t stops = 0;
volatile std::sig_atomic_t reloads = 0;
std::sig_atomic_t reloads_taken = 0;

void on_stop(int signal) {
    stops = stops + 1;
    if (stops > 1) {
        ::_exit(exit_by_signal + signal);  // whoever insists is obeyed
    }
}

void on_reload(int) {
    reloads = reloads + 1;
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
    if (reloads == reloads_taken) {
        return false;
    }
    reloads_taken = reloads;
    return true;
}

}  // namespace virtuoso::app
