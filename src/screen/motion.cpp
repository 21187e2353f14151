#include "screen/motion.hpp"

#include <algorithm>

namespace virtuoso::screen {

namespace {

std::optional<Motion> motion_of_letter(char32_t letter) noexcept {
    switch (letter) {
        case U'k':
            return Motion::up;
        case U'j':
            return Motion::down;
        case U'b':
            return Motion::page_up;
        case U' ':
            return Motion::page_down;
        case U'g':
            return Motion::first;
        case U'G':
            return Motion::last;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<Motion> motion_of(const Key& key) noexcept {
    switch (key.kind) {
        case KeyKind::character:
            return motion_of_letter(key.value);
        case KeyKind::up:
            return Motion::up;
        case KeyKind::down:
            return Motion::down;
        case KeyKind::page_up:
            return Motion::page_up;
        case KeyKind::page_down:
            return Motion::page_down;
        case KeyKind::home:
            return Motion::first;
        case KeyKind::end:
            return Motion::last;
        default:
            return std::nullopt;
    }
}

std::size_t moved(std::size_t place, Motion motion, std::size_t page, std::size_t count) noexcept {
    const std::size_t last = count == 0 ? 0 : count - 1;
    switch (motion) {
        case Motion::up:
            return place > 0 ? std::min(place - 1, last) : 0;
        case Motion::down:
            return std::min(place + 1, last);
        case Motion::page_up:
            return place > page ? std::min(place - page, last) : 0;
        case Motion::page_down:
            return std::min(place + page, last);
        case Motion::first:
            return 0;
        case Motion::last:
            return last;
    }
    return place;
}

}  // namespace virtuoso::screen
