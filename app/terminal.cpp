#include "terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace virtuoso::app {

namespace {

constexpr std::size_t columns_max = 1'000;
constexpr std::size_t rows_max = 500;
constexpr int exit_by_signal = 128;
constexpr std::array signals{SIGINT,  SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGABRT, SIGQUIT,
                             SIGSEGV, SIGBUS,  SIGFPE, SIGILL,   SIGXCPU, SIGUSR1, SIGUSR2};

// Handlers see these alone.
std::atomic<bool> on_screen = false;
std::atomic<bool> redraw_due = false;
std::atomic<int> stops = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);
int keys = -1;  // −1: nobody can type
int picture = STDOUT_FILENO;
termios modes_before{};
termios modes_of_screen{};
std::array<struct sigaction, signals.size()> actions_before{};

bool takes_output(int patience_ms) noexcept {
    pollfd out{.fd = picture, .events = POLLOUT, .revents = 0};
    return ::poll(&out, 1, patience_ms) == 1 && (out.revents & POLLOUT) != 0;
}

// These two are what a handler may call. A terminal that is stuck is not waited for.
void leave() noexcept {
    constexpr int patience_ms = 200;
    if (!on_screen.exchange(false)) {
        return;
    }
    if (takes_output(patience_ms)) {
        static_cast<void>(!::write(picture, screen::leave_screen.data(), screen::leave_screen.size()));
    }
    if (keys >= 0) {
        ::tcflush(keys, TCIFLUSH);
        ::tcsetattr(keys, TCSANOW, &modes_before);
    }
}

void enter() noexcept {
    if (keys >= 0) {
        ::tcsetattr(keys, TCSANOW, &modes_of_screen);
    }
    on_screen = true;
    redraw_due = true;
    static_cast<void>(!::write(picture, screen::enter_screen.data(), screen::enter_screen.size()));
}

const struct sigaction& action_before(int signal) noexcept {
    const auto* const place = std::ranges::find(signals, signal);
    return actions_before[static_cast<std::size_t>(place - signals.begin())];
}

/// What the rest of the program wants of this signal.
void hand_on(int signal) noexcept {
    const auto& before = action_before(signal);
    if ((before.sa_flags & SA_SIGINFO) == 0 && before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(signal);
    }
}

void on_stop(int signal) {
    const int error = errno;
    if (++stops > 1) {
        leave();
        ::_exit(exit_by_signal + signal);  // whoever insists is obeyed
    }
    if (on_screen) {  // and so what is read here was written before, whichever thread this is
        hand_on(signal);
    }
    errno = error;
}

void on_resize(int) {
    redraw_due = true;
}

void on_suspend(int) {
    const int error = errno;
    leave();
    ::raise(SIGSTOP);
    enter();
    errno = error;
}

/// What ends the process as if nobody had taken it.
void on_end(int signal) {
    leave();
    ::sigaction(signal, &action_before(signal), nullptr);
    ::raise(signal);
}

using Handler = void (*)(int);

Handler handler_of(int signal) noexcept {
    switch (signal) {
        case SIGWINCH:
            return on_resize;
        case SIGTSTP:
            return on_suspend;
        case SIGINT:
        case SIGTERM:
        case SIGHUP:
            return on_stop;
        default:
            return on_end;
    }
}

void take_signals() noexcept {
    for (std::size_t i = 0; i < signals.size(); ++i) {
        struct sigaction action {};
        ::sigaction(signals[i], nullptr, &actions_before[i]);
        const bool ignored = (actions_before[i].sa_flags & SA_SIGINFO) == 0 &&
                             actions_before[i].sa_handler == SIG_IGN && signals[i] != SIGWINCH;
        action.sa_handler = ignored ? SIG_IGN : handler_of(signals[i]);
        sigemptyset(&action.sa_mask);
        action.sa_flags = 0;  // waits are to end
        ::sigaction(signals[i], &action, nullptr);
    }
}

void give_signals_back() noexcept {
    for (std::size_t i = 0; i < signals.size(); ++i) {
        ::sigaction(signals[i], &actions_before[i], nullptr);
    }
}

/// The terminal that is written to, once more: only here a full one refuses bytes instead of making us wait.
/// −1: it cannot be had.
int open_picture() noexcept {
    constexpr std::size_t name_max = 256;
    std::array<char, name_max> name{};
    if (::ttyname_r(STDOUT_FILENO, name.data(), name.size()) != 0) {
        return -1;
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    return ::open(name.data(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

/// Keys are typed even where the standard input is something else.
int open_keys() noexcept {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    return ::isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : ::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
}

void close_own(int& descriptor, int otherwise) noexcept {
    if (descriptor > STDERR_FILENO) {
        ::close(descriptor);
    }
    descriptor = otherwise;
}

}  // namespace

screen::Glyphs terminal_glyphs() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
    return screen::glyphs_of_locale(std::getenv("LC_ALL"), std::getenv("LC_CTYPE"), std::getenv("LANG"));
}

std::optional<screen::ScreenSize> terminal_size(int descriptor) {
    if (::isatty(descriptor) != 1) {
        return std::nullopt;
    }
    winsize window{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    if (::ioctl(descriptor, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) {
        return screen::ScreenSize{};
    }
    return screen::ScreenSize{.columns = std::min<std::size_t>(window.ws_col, columns_max),
                              .rows = std::min<std::size_t>(window.ws_row, rows_max)};
}

bool Terminal::can_be_drawn_on() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
    const char* const kind = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && kind != nullptr && *kind != '\0' &&
           std::string_view(kind) != "dumb";
}

std::unique_ptr<Terminal> Terminal::open() {
    return can_be_drawn_on() ? std::unique_ptr<Terminal>(new Terminal()) : nullptr;
}

Terminal::Terminal() {
    std::fflush(stdout);
    const int own = open_picture();
    picture = own >= 0 ? own : STDOUT_FILENO;
    keys = open_keys();
    if (keys >= 0 && ::tcgetattr(keys, &modes_before) != 0) {
        close_own(keys, -1);
    }
    modes_of_screen = modes_before;
    modes_of_screen.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
    modes_of_screen.c_iflag &= ~static_cast<tcflag_t>(IXON);
    modes_of_screen.c_cc[VMIN] = 0;
    modes_of_screen.c_cc[VTIME] = 0;
    stops = 0;
    take_signals();
    enter();
}

Terminal::~Terminal() {
    leave();
    give_signals_back();
    close_own(picture, STDOUT_FILENO);
    close_own(keys, -1);
}

void Terminal::leave_at_end() noexcept {
    leave();
}

bool Terminal::take_redraw_due() noexcept {
    return redraw_due.exchange(false);
}

std::string Terminal::read() {
    pollfd in{.fd = keys, .events = POLLIN, .revents = 0};
    if (keys < 0 || ::poll(&in, 1, 0) != 1) {
        return {};
    }
    std::array<char, 4096> bytes{};
    const auto count = ::read(keys, bytes.data(), bytes.size());
    lost_ = lost_ || (in.revents & POLLHUP) != 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
    return count > 0 ? std::string(bytes.data(), static_cast<std::size_t>(count)) : std::string();
}

bool Terminal::ready() {
    while (!waiting_.empty() && !lost_) {
        const auto count = ::write(picture, waiting_.data(), waiting_.size());
        if (count > 0) {
            waiting_.erase(0, static_cast<std::size_t>(count));
        } else if (errno == EAGAIN || end_asked()) {
            break;
        } else {
            lost_ = errno != EINTR;
        }
    }
    return waiting_.empty();
}

void Terminal::write(std::string_view bytes) {
    waiting_ += bytes;
    static_cast<void>(ready());
}

bool Terminal::end_asked() const noexcept {
    return stops > 0;
}

}  // namespace virtuoso::app
