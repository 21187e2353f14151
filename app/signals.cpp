#include "signals.hpp"

#include "base/output_file.hpp"
#include "progress_bar.hpp"
#include "terminal.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <utility>

namespace virtuoso::app {

namespace {

constexpr int exit_by_signal = 128;

// Signals that come together are taken by several threads at once.
std::atomic<int> stops = 0;
std::atomic<int> first_stop = 0;
std::atomic<int> reloads = 0;
int reloads_taken = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void end_at_once(int signal) {
    OutputFile::remove_unfinished();
    ProgressBar::clear_drawn();
    Terminal::leave_at_end();
    ::_exit(exit_by_signal + signal);
}

void on_stop(int signal) {
    int none = 0;
    first_stop.compare_exchange_strong(none, signal);
    if (++stops > 1) {
        end_at_once(signal);  // whoever insists is obeyed
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

bool is_ignored(int signal) {
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void handle_ends(void (*handler)(int)) {
    handle(SIGINT, handler);
    handle(SIGTERM, handler);
    if (!is_ignored(SIGHUP)) {
        handle(SIGHUP, handler);
    }
}

}  // namespace

void end_on_signals() {
    handle_ends(end_at_once);
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
}

void watch_for_interrupts() {
    handle_ends(on_stop);
}

bool interrupted() noexcept {
    return stops > 0;
}

int interrupted_exit_code() noexcept {
    return exit_by_signal + first_stop;
}

void watch_for_service_signals() {
    handle(SIGINT, on_stop);
    handle(SIGTERM, on_stop);
    handle(SIGHUP, on_reload);
}

bool stop_asked() noexcept {
    return interrupted();
}

bool take_reload_asked() noexcept {
    const int asked = reloads;
    return std::exchange(reloads_taken, asked) != asked;
}

}  // namespace virtuoso::app
