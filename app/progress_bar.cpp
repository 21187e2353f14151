#include "progress_bar.hpp"

#include "engine/system_clock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace virtuoso::app {

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
    constexpr int width = 40;
    const int filled = std::clamp(static_cast<int>(share * width), 0, width);
    fmt::print(stderr, "\r{} [{:#<{}}{:.<{}}] {:3.0f} %", label_, "", filled, "", width - filled,
               share * 100);
    std::fflush(stderr);
}

void ProgressBar::clear() {
    if (drawn_) {
        fmt::print(stderr, "\r\033[K");
        drawn_ = false;
    }
}

}  // namespace virtuoso::app
