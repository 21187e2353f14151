// One picture of the screen, and how a terminal comes to show it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::screen {

struct ScreenSize {
    std::size_t columns = 80;
    std::size_t rows = 24;

    friend bool operator==(const ScreenSize&, const ScreenSize&) = default;
};

/// How a line stands out.
enum class LineStyle : std::uint8_t { plain, heading, chosen, notice, faint, rising, falling };

struct Line {
    std::string text;
    LineStyle style = LineStyle::plain;

    friend bool operator==(const Line&, const Line&) = default;
};

/// At most as many lines as the screen has rows, none wider than its columns.
using Frame = std::vector<Line>;

/// What a terminal is sent at first: it changes to its alternate screen, hides the cursor, wraps no lines.
inline constexpr std::string_view enter_screen = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
/// And at last: all as it was.
inline constexpr std::string_view leave_screen = "\x1b[0m\x1b[2J\x1b[H\x1b[?7h\x1b[?25h\x1b[?1049l";

/// What makes a terminal that shows `before` show `now`: the lines that differ. `anew`: it shows nothing of
/// `before` any more. Without `colours`, rising and falling are plain. Precondition: lines hold nothing that
/// a terminal acts on. O(text).
[[nodiscard]] std::string paint(const Frame& before, const Frame& now, bool anew, bool colours = true);

}  // namespace virtuoso::screen
