#include "base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace virtuoso {

namespace {

// Unicode's categories Cc, Cf, Zl, Zp, Cs and Co, in order.
using Range = CodePointRange;

constexpr std::array hidden{
    Range{0x00, 0x1f},        Range{0x7f, 0x9f},       Range{0xad, 0xad},       Range{0x34f, 0x34f},
    Range{0x600, 0x605},      Range{0x61c, 0x61c},     Range{0x6dd, 0x6dd},     Range{0x70f, 0x70f},
    Range{0x890, 0x891},      Range{0x8e2, 0x8e2},     Range{0x115f, 0x1160},   Range{0x17b4, 0x17b5},
    Range{0x180b, 0x180f},    Range{0x200b, 0x200f},   Range{0x2028, 0x202e},   Range{0x2060, 0x206f},
    Range{0x3164, 0x3164},    Range{0xd800, 0xf8ff},   Range{0xfe00, 0xfe0f},   Range{0xfeff, 0xfeff},
    Range{0xffa0, 0xffa0},    Range{0xfff0, 0xfffb},   Range{0xfffe, 0xffff},   Range{0x110bd, 0x110bd},
    Range{0x110cd, 0x110cd},  Range{0x13430, 0x1343f}, Range{0x1bca0, 0x1bca3}, Range{0x1d173, 0x1d17a},
    Range{0xe0000, 0x10ffff},
};

constexpr unsigned char continuation_mask = 0xc0;
constexpr unsigned char continuation = 0x80;
constexpr unsigned payload_bits = 6;

/// The length that a first byte announces, with its own bits; 0: no first byte.
struct Lead {
    std::size_t bytes;
    char32_t bits;
    char32_t least;  ///< smaller values are overlong
};

Lead lead_of(unsigned char byte) noexcept {
    if (byte < 0x80) {
        return {1, byte, 0};
    }
    if (byte >= 0xc2 && byte < 0xe0) {
        return {2, byte & 0x1fU, 0x80};
    }
    if (byte >= 0xe0 && byte < 0xf0) {
        return {3, byte & 0x0fU, 0x800};
    }
    if (byte >= 0xf0 && byte < 0xf5) {
        return {4, byte & 0x07U, 0x10000};
    }
    return {0, 0, 0};
}

std::string with_escapes(std::string_view text, bool keeps_lines) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (point.valid && (is_shown(point.value) || (keeps_lines && point.value == U'\n'))) {
            result += text.substr(0, point.bytes);
        } else if (point.valid && point.value >= 0x80) {
            result += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(point.value));
        } else {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
        }
        text.remove_prefix(point.bytes);
    }
    return result;
}

}  // namespace

CodePoint first_code_point(std::string_view text) noexcept {
    const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
    if (lead.bytes == 0 || lead.bytes > text.size()) {
        return {};
    }
    char32_t value = lead.bits;
    for (const char character : text.substr(1, lead.bytes - 1)) {
        const auto byte = static_cast<unsigned char>(character);
        if ((byte & continuation_mask) != continuation) {
            return {};
        }
        value = (value << payload_bits) | (byte & 0x3fU);
    }
    const bool surrogate = value >= 0xd800 && value < 0xe000;
    if (value < lead.least || value > 0x10ffff || surrogate) {
        return {};
    }
    return {value, lead.bytes, true};
}

bool is_valid_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (!point.valid) {
            return false;
        }
        text.remove_prefix(point.bytes);
    }
    return true;
}

void append_utf8(std::string& text, char32_t value) {
    const auto tail = [&](unsigned shift) {
        text += static_cast<char>(continuation | ((value >> shift) & 0x3fU));
    };
    if (value < 0x80) {
        text += static_cast<char>(value);
    } else if (value < 0x800) {
        text += static_cast<char>(0xc0U | (value >> payload_bits));
        tail(0);
    } else if (value < 0x10000) {
        text += static_cast<char>(0xe0U | (value >> (2 * payload_bits)));
        tail(payload_bits);
        tail(0);
    } else {
        text += static_cast<char>(0xf0U | (value >> (3 * payload_bits)));
        tail(2 * payload_bits);
        tail(payload_bits);
        tail(0);
    }
}

bool any_contains(std::span<const CodePointRange> ranges, char32_t value) noexcept {
    const auto after = std::ranges::upper_bound(ranges, value, {}, &CodePointRange::first);
    return after != ranges.begin() && value <= std::prev(after)->last;
}

bool is_shown(char32_t value) noexcept {
    return !any_contains(hidden, value);
}

std::string printable(std::string_view text) {
    return with_escapes(text, false);
}

std::string printable_lines(std::string_view text) {
    return with_escapes(text, true);
}

std::string printable_json(std::string_view json) {
    std::string result;
    result.reserve(json.size());
    while (!json.empty()) {
        const CodePoint point = first_code_point(json);
        const auto value = static_cast<std::uint32_t>(point.value);
        if (!point.valid || is_shown(point.value) || value < 0x20) {
            result += json.substr(0, point.bytes);
        } else if (value < 0x10000) {
            result += fmt::format("\\u{:04x}", value);
        } else {
            const std::uint32_t rest = value - 0x10000;
            result += fmt::format("\\u{:04x}\\u{:04x}", 0xd800U + (rest >> 10U), 0xdc00U + (rest & 0x3ffU));
        }
        json.remove_prefix(point.bytes);
    }
    return result;
}

}  // namespace virtuoso
