#include "screen/key.hpp"

#include "base/unicode.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace virtuoso::screen {

namespace {

constexpr char escape_byte = '\x1b';

/// What a text begins with. `bytes` 0: more have to come.
struct Taken {
    std::size_t bytes = 0;
    std::optional<Key> key = {};
};

Taken taken(std::size_t bytes, KeyKind kind) {
    return {.bytes = bytes, .key = Key{.kind = kind}};
}

KeyKind kind_of_letter(char final) noexcept {
    switch (final) {
        case 'A':
            return KeyKind::up;
        case 'B':
            return KeyKind::down;
        case 'C':
            return KeyKind::right;
        case 'D':
            return KeyKind::left;
        case 'F':
            return KeyKind::end;
        case 'H':
            return KeyKind::home;
        case 'M':
            return KeyKind::enter;  // of the number block
        default:
            return KeyKind::unknown;
    }
}

/// "5" and "5;2" of "ESC [ 5 ; 2 ~"
KeyKind kind_of_number(std::string_view parameters) noexcept {
    const std::string_view number = parameters.substr(0, parameters.find(';'));
    if (number == "1" || number == "7") {
        return KeyKind::home;
    }
    if (number == "4" || number == "8") {
        return KeyKind::end;
    }
    if (number == "5") {
        return KeyKind::page_up;
    }
    return number == "6" ? KeyKind::page_down : KeyKind::unknown;
}

/// Begins with "ESC [".
Taken control_sequence(std::string_view text) {
    constexpr std::size_t begin = 2;
    if (text.size() > begin && text[begin] == '[') {  // a function key of the Linux console
        return text.size() > begin + 1 ? taken(begin + 2, KeyKind::unknown) : Taken{};
    }
    std::size_t end = begin;
    const std::size_t most = std::min(text.size(), KeyDecoder::sequence_max);
    while (end < most && text[end] >= ' ' && text[end] < '@') {
        ++end;
    }
    if (end == KeyDecoder::sequence_max) {
        return taken(end, KeyKind::unknown);
    }
    if (end == text.size()) {
        return {};
    }
    const char final = text[end];
    if (final < '@' || final > '~') {
        return taken(end, KeyKind::unknown);
    }
    return taken(end + 1,
                 final == '~' ? kind_of_number(text.substr(begin, end - begin)) : kind_of_letter(final));
}

Taken control_character(char byte) {
    constexpr std::array<std::pair<char, KeyKind>, 10> known{{{'\r', KeyKind::enter},
                                                              {'\n', KeyKind::enter},
                                                              {'\x7f', KeyKind::backspace},
                                                              {'\b', KeyKind::backspace},
                                                              {'\x03', KeyKind::quit},
                                                              {'\x0c', KeyKind::redraw},
                                                              {'\x02', KeyKind::page_up},
                                                              {'\x15', KeyKind::page_up},
                                                              {'\x06', KeyKind::page_down},
                                                              {'\x04', KeyKind::page_down}}};
    const auto* const found = std::ranges::find(known, byte, &std::pair<char, KeyKind>::first);
    return taken(1, found == known.end() ? KeyKind::unknown : found->second);
}

/// Could be valid with more bytes.
bool is_begun(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t whole = lead >= 0xf0 && lead < 0xf5   ? 4
                              : lead >= 0xe0 && lead < 0xf0 ? 3
                              : lead >= 0xc2 && lead < 0xe0 ? 2
                                                            : 1;
    return text.size() < whole && std::ranges::all_of(text.substr(1), [](char c) {
               return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
           });
}

Taken character(std::string_view text) {
    if (const auto byte = static_cast<unsigned char>(text.front()); byte < ' ' || byte == 0x7f) {
        return control_character(text.front());
    }
    const CodePoint point = first_code_point(text);
    if (!point.valid) {
        return is_begun(text) ? Taken{} : taken(1, KeyKind::unknown);
    }
    if (!is_shown(point.value)) {
        return taken(point.bytes, KeyKind::unknown);
    }
    return {.bytes = point.bytes, .key = Key{.kind = KeyKind::character, .value = point.value}};
}

Taken after_escape(std::string_view text) {
    if (text.size() < 2) {
        return {};
    }
    if (text[1] == escape_byte) {
        return taken(1, KeyKind::escape);
    }
    if (text[1] == '[') {
        return control_sequence(text);
    }
    if (text[1] == 'O') {
        return text.size() < 3 ? Taken{} : taken(3, kind_of_letter(text[2]));
    }
    const Taken with_alt = character(text.substr(1));
    return with_alt.bytes == 0 ? Taken{} : taken(1 + with_alt.bytes, KeyKind::unknown);
}

Taken first_key(std::string_view text) {
    return text.front() == escape_byte ? after_escape(text) : character(text);
}

}  // namespace

std::vector<Key> KeyDecoder::feed(std::string_view bytes) {
    held_ += bytes;
    std::vector<Key> keys;
    std::string_view rest = held_;
    while (!rest.empty()) {
        const Taken next = first_key(rest);
        if (next.bytes == 0) {
            break;
        }
        keys.push_back(next.key.value_or(Key{}));
        rest.remove_prefix(next.bytes);
    }
    held_.erase(0, held_.size() - rest.size());
    return keys;
}

std::vector<Key> KeyDecoder::settle() {
    const std::string held = std::exchange(held_, {});
    if (held.empty()) {
        return {};
    }
    return {
        Key{.kind = held.size() == 1 && held.front() == escape_byte ? KeyKind::escape : KeyKind::unknown}};
}

}  // namespace virtuoso::screen
