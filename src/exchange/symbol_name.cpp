#include "exchange/symbol_name.hpp"

#include "base/unicode.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace virtuoso {

namespace {

using Letters = CodePointRange;

// Categories L, M and Nd of Unicode 14 from U+0080 on, without marks for every script and fillers; gaps
// without an assigned character are closed.
constexpr std::array letters{
    Letters{0xaa, 0xaa},     Letters{0xb5, 0xb5},     Letters{0xba, 0xba},     Letters{0xc0, 0xd6},
    Letters{0xd8, 0xf6},     Letters{0xf8, 0x2c1},    Letters{0x2c6, 0x2d1},   Letters{0x2e0, 0x2e4},
    Letters{0x2ec, 0x2ec},   Letters{0x2ee, 0x2ee},   Letters{0x370, 0x374},   Letters{0x376, 0x37d},
    Letters{0x37f, 0x37f},   Letters{0x386, 0x386},   Letters{0x388, 0x3f5},   Letters{0x3f7, 0x481},
    Letters{0x483, 0x559},   Letters{0x560, 0x588},   Letters{0x591, 0x5bd},   Letters{0x5bf, 0x5bf},
    Letters{0x5c1, 0x5c2},   Letters{0x5c4, 0x5c5},   Letters{0x5c7, 0x5f2},   Letters{0x610, 0x61a},
    Letters{0x620, 0x669},   Letters{0x66e, 0x6d3},   Letters{0x6d5, 0x6dc},   Letters{0x6df, 0x6e8},
    Letters{0x6ea, 0x6fc},   Letters{0x6ff, 0x6ff},   Letters{0x710, 0x7f5},   Letters{0x7fa, 0x7fd},
    Letters{0x800, 0x82d},   Letters{0x840, 0x85b},   Letters{0x860, 0x887},   Letters{0x889, 0x88e},
    Letters{0x898, 0x8e1},   Letters{0x8e3, 0x963},   Letters{0x966, 0x96f},   Letters{0x971, 0x9f1},
    Letters{0x9fc, 0x9fc},   Letters{0x9fe, 0xa75},   Letters{0xa81, 0xaef},   Letters{0xaf9, 0xb6f},
    Letters{0xb71, 0xbef},   Letters{0xc00, 0xc6f},   Letters{0xc80, 0xc83},   Letters{0xc85, 0xd4e},
    Letters{0xd54, 0xd6f},   Letters{0xd7a, 0xdf3},   Letters{0xe01, 0xe3a},   Letters{0xe40, 0xe4e},
    Letters{0xe50, 0xe59},   Letters{0xe81, 0xf00},   Letters{0xf18, 0xf19},   Letters{0xf20, 0xf29},
    Letters{0xf35, 0xf35},   Letters{0xf37, 0xf37},   Letters{0xf39, 0xf39},   Letters{0xf3e, 0xf84},
    Letters{0xf86, 0xfbc},   Letters{0xfc6, 0xfc6},   Letters{0x1000, 0x1049}, Letters{0x1050, 0x109d},
    Letters{0x10a0, 0x10fa}, Letters{0x10fc, 0x115e}, Letters{0x1161, 0x135f}, Letters{0x1380, 0x138f},
    Letters{0x13a0, 0x13fd}, Letters{0x1401, 0x166c}, Letters{0x166f, 0x167f}, Letters{0x1681, 0x169a},
    Letters{0x16a0, 0x16ea}, Letters{0x16f1, 0x1734}, Letters{0x1740, 0x17b3}, Letters{0x17b6, 0x17d3},
    Letters{0x17d7, 0x17d7}, Letters{0x17dc, 0x17e9}, Letters{0x1810, 0x193b}, Letters{0x1946, 0x19d9},
    Letters{0x1a00, 0x1a1b}, Letters{0x1a20, 0x1a99}, Letters{0x1aa7, 0x1aa7}, Letters{0x1b00, 0x1b59},
    Letters{0x1b6b, 0x1b73}, Letters{0x1b80, 0x1bf3}, Letters{0x1c00, 0x1c37}, Letters{0x1c40, 0x1c7d},
    Letters{0x1c80, 0x1cbf}, Letters{0x1cd0, 0x1cd2}, Letters{0x1cd4, 0x1dbf}, Letters{0x1e00, 0x1fbc},
    Letters{0x1fbe, 0x1fbe}, Letters{0x1fc2, 0x1fcc}, Letters{0x1fd0, 0x1fdb}, Letters{0x1fe0, 0x1fec},
    Letters{0x1ff2, 0x1ffc}, Letters{0x2c00, 0x2ce4}, Letters{0x2ceb, 0x2cf3}, Letters{0x2d00, 0x2d6f},
    Letters{0x2d7f, 0x2dff}, Letters{0x2e2f, 0x2e2f}, Letters{0x3005, 0x3006}, Letters{0x302a, 0x302f},
    Letters{0x3031, 0x3035}, Letters{0x303b, 0x303c}, Letters{0x3041, 0x309a}, Letters{0x309d, 0x309f},
    Letters{0x30a1, 0x30fa}, Letters{0x30fc, 0x3163}, Letters{0x3165, 0x318e}, Letters{0x31a0, 0x31bf},
    Letters{0x31f0, 0x31ff}, Letters{0x3400, 0x4dbf}, Letters{0x4e00, 0xa48c}, Letters{0xa4d0, 0xa4fd},
    Letters{0xa500, 0xa60c}, Letters{0xa610, 0xa672}, Letters{0xa674, 0xa67d}, Letters{0xa67f, 0xa6f1},
    Letters{0xa717, 0xa71f}, Letters{0xa722, 0xa788}, Letters{0xa78b, 0xa827}, Letters{0xa82c, 0xa82c},
    Letters{0xa840, 0xa873}, Letters{0xa880, 0xa8c5}, Letters{0xa8d0, 0xa8f7}, Letters{0xa8fb, 0xa8fb},
    Letters{0xa8fd, 0xa92d}, Letters{0xa930, 0xa953}, Letters{0xa960, 0xa9c0}, Letters{0xa9cf, 0xa9d9},
    Letters{0xa9e0, 0xaa59}, Letters{0xaa60, 0xaa76}, Letters{0xaa7a, 0xaadd}, Letters{0xaae0, 0xaaef},
    Letters{0xaaf2, 0xab5a}, Letters{0xab5c, 0xab69}, Letters{0xab70, 0xabea}, Letters{0xabec, 0xd7fb},
    Letters{0xf900, 0xfb28}, Letters{0xfb2a, 0xfbb1}, Letters{0xfbd3, 0xfd3d}, Letters{0xfd50, 0xfdc7},
    Letters{0xfdf0, 0xfdfb}, Letters{0xfe70, 0xfefc}, Letters{0xff10, 0xff19}, Letters{0xff21, 0xff3a},
    Letters{0xff41, 0xff5a}, Letters{0xff66, 0xff9f}, Letters{0xffa1, 0xffdc}, Letters{0x20000, 0x3134a},
};

bool is_ascii_name(char character) noexcept {
    return (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9') ||
           (character >= 'a' && character <= 'z') || character == '.' || character == '_' || character == '-';
}

bool is_unreserved(char character) noexcept {
    return is_ascii_name(character) || character == '~';
}

std::string encoded(std::string_view text, bool keeps_percent) {
    std::string result;
    result.reserve(text.size());
    for (const char character : text) {
        if (is_unreserved(character) || (keeps_percent && character == '%')) {
            result += character;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(character));
        }
    }
    return result;
}

}  // namespace

bool is_symbol_name(std::string_view text) noexcept {
    std::size_t length = 0;
    while (!text.empty()) {
        if (++length > symbol_name_length_max) {
            return false;
        }
        if (is_ascii_name(text.front())) {
            text.remove_prefix(1);
            continue;
        }
        const CodePoint point = first_code_point(text);
        if (!point.valid || !any_contains(letters, point.value)) {
            return false;
        }
        text.remove_prefix(point.bytes);
    }
    return length > 0;
}

std::string percent_encoded(std::string_view text) {
    return encoded(text, false);
}

std::string query_safe(std::string_view text) {
    return encoded(text, true);
}

std::string percent_decoded(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        unsigned byte = 0;
        const char* const digits = text.data() + 1;
        if (text.front() == '%' && text.size() > 2 &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            result += static_cast<char>(byte);
            text.remove_prefix(3);
        } else {
            result += text.front();
            text.remove_prefix(1);
        }
    }
    return result;
}

}  // namespace virtuoso
