#include "progress_bar.hpp"

#include "engine/system_clock.hpp"
#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string_view>
#include <utility>

namespace virtuoso::app {

namespace {

constexpr std::string_view line_cleared = "\r\033[K";

std::atomic<bool> drawn_somewhere = false;
static_assert(std::atomic<bool>::is_always_lock_free);

/// A bar that cannot be drawn is no reason to stop.
void write_raw(std::string_view text) noexcept {
    static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

}  // namespace

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
    clear();
}

void ProgressBar::show(double share) {
    const auto now = SystemClock().now().ns;
    if (!terminal_ || now - last_ns_ < 100'000'000) {
        return;
    }
    last_ns_ = now;
    drawn_ = true;
    drawn_somewhere = true;
    constexpr std::size_t width_max = 40;
    constexpr std::size_t beside = 11;  // brackets, spaces, percents, and the last cell, which is left free
    const std::size_t columns = terminal_size(STDERR_FILENO).value_or(screen::ScreenSize{}).columns;
    const std::size_t taken = screen::cells_in(label_) + beside;
    const int width = static_cast<int>(columns > taken ? std::min(columns - taken, width_max) : 0);
    const int filled = std::clamp(static_cast<int>(share * width), 0, width);
    write_raw(
        fmt::format("\r{} [{:#<{}}{:.<{}}] {:3.0f} %", label_, "", filled, "", width - filled, share * 100));
}

void ProgressBar::clear() {
    if (drawn_) {
        write_raw(line_cleared);
        drawn_ = false;
        drawn_somewhere = false;
    }
}

void ProgressBar::clear_drawn() noexcept {
    if (drawn_somewhere) {
        write_raw(line_cleared);
    }
}

}  // namespace virtuoso::app
