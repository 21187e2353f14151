// Texts of every kind: letters, spaces, control characters, wide ones, marks, bytes that are no UTF-8.
#pragma once

#include "base/seeded_random.hpp"
#include "base/unicode.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace virtuoso::test {

inline std::string random_text(SeededRandom& random, std::size_t pieces_max) {
    constexpr std::array<char32_t, 12> special{U'\x1b', U'\n', U'币', U'人', U'\u0301', U'\u202e',
                                               U'😀',    U'…',  U'·',  U'█',  U'\u009b', U'\0'};
    std::string text;
    for (std::size_t pieces = random.below(pieces_max + 1); pieces > 0; --pieces) {
        switch (random.below(5)) {
            case 0:
                text += ' ';
                break;
            case 1:
                append_utf8(text, special[random.below(special.size())]);
                break;
            case 2:
                text += static_cast<char>(random.below(256));
                break;
            default:
                text += static_cast<char>('A' + random.below(26));
                break;
        }
    }
    return text;
}

}  // namespace virtuoso::test
