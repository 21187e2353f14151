#include "screen/scrolled_text.hpp"

#include "screen/motion.hpp"

#include <algorithm>

namespace virtuoso::screen {

bool ScrolledText::press(const Key& key) {
    const auto motion = motion_of(key);
    if (!motion) {
        return false;
    }
    top_ = moved(top_, *motion, rows_, top_ + below_ + 1);
    return true;
}

std::vector<Line> ScrolledText::window(const std::vector<Line>& text, std::size_t rows) {
    rows_ = std::max<std::size_t>(rows, 1);
    top_ = std::min(top_, text.size() > rows ? text.size() - rows : 0);
    const std::size_t end = std::min(text.size(), top_ + rows);
    below_ = text.size() - end;
    return {text.begin() + static_cast<std::ptrdiff_t>(top_),
            text.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace virtuoso::screen
