#include "exchange/json_escapes.hpp"

#include "base/unicode.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace virtuoso {

namespace {

constexpr std::size_t hex_digits = 4;

struct Escape {
    char name;
    char meaning;
};
constexpr std::array simple_escapes{Escape{'"', '"'},  Escape{'\\', '\\'}, Escape{'/', '/'},
                                    Escape{'b', '\b'}, Escape{'f', '\f'},  Escape{'n', '\n'},
                                    Escape{'r', '\r'}, Escape{'t', '\t'}};

// Four hexadecimal digits at the beginning, which are taken off.
std::optional<std::uint32_t> take_unit(std::string_view& raw) {
    std::uint32_t unit = 0;
    if (raw.size() < hex_digits ||
        std::from_chars(raw.data(), raw.data() + hex_digits, unit, 16).ptr != raw.data() + hex_digits) {
        return std::nullopt;
    }
    raw.remove_prefix(hex_digits);
    return unit;
}

bool append_unicode(std::string_view& raw, std::string& out) {
    const auto high = take_unit(raw);
    if (!high || (*high >= 0xdc00 && *high < 0xe000)) {
        return false;
    }
    char32_t value = *high;
    if (*high >= 0xd800 && *high < 0xdc00) {
        if (!raw.starts_with("\\u")) {
            return false;
        }
        raw.remove_prefix(2);
        const auto low = take_unit(raw);
        if (!low || *low < 0xdc00 || *low >= 0xe000) {
            return false;
        }
        value = 0x10000 + ((*high - 0xd800) << 10U) + (*low - 0xdc00);
    }
    append_utf8(out, value);
    return true;
}

}  // namespace

std::size_t json_string_length(std::string_view text) noexcept {
    for (std::size_t at = text.find_first_of("\"\\"); at < text.size();
         at = text.find_first_of("\"\\", at + 2)) {
        if (text[at] == '"') {
            return at;
        }
    }
    return std::string_view::npos;
}

bool append_unescaped(std::string_view raw, std::string& out) {
    while (!raw.empty()) {
        const auto plain = raw.substr(0, raw.find('\\'));
        out += plain;
        raw.remove_prefix(plain.size());
        if (raw.empty()) {
            return true;
        }
        if (raw.size() < 2) {
            return false;
        }
        const char name = raw[1];
        raw.remove_prefix(2);
        if (name == 'u') {
            if (!append_unicode(raw, out)) {
                return false;
            }
            continue;
        }
        const auto* const found = std::find_if(simple_escapes.begin(), simple_escapes.end(),
                                               [&](const Escape& escape) { return escape.name == name; });
        if (found == simple_escapes.end()) {
            return false;
        }
        out += found->meaning;
    }
    return true;
}

}  // namespace virtuoso
