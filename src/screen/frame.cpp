#include "screen/frame.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::screen {

namespace {

// What is written in them can be read on a dark and on a light background.
std::string_view start_of(LineStyle style, bool colours) noexcept {
    switch (style) {
        case LineStyle::heading:
        case LineStyle::notice:
            return "\x1b[1m";
        case LineStyle::chosen:
            return "\x1b[7m";
        case LineStyle::faint:
            return "\x1b[2m";
        case LineStyle::rising:
            return colours ? "\x1b[32m" : "";
        case LineStyle::falling:
            return colours ? "\x1b[31m" : "";
        case LineStyle::plain:
            return "";
    }
    return "";
}

}  // namespace

std::string paint(const Frame& before, const Frame& now, bool anew, bool colours) {
    std::string bytes = anew ? "\x1b[0m\x1b[2J" : "";
    const Line none;
    for (std::size_t row = 0; row < std::max(before.size(), now.size()); ++row) {
        const Line& old = anew || row >= before.size() ? none : before[row];
        const Line& line = row < now.size() ? now[row] : none;
        if (line == old) {
            continue;
        }
        // Cleared first: behind a line as wide as the screen, clearing takes its last character.
        bytes +=
            fmt::format("\x1b[{};1H\x1b[0m\x1b[K{}{}", row + 1, start_of(line.style, colours), line.text);
    }
    return bytes.empty() ? bytes : bytes + "\x1b[0m";
}

}  // namespace virtuoso::screen
