#include "screen/cells.hpp"

#include "base/unicode.hpp"
#include "screen/cell_ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace virtuoso::screen {

namespace {

constexpr std::string_view ellipsis = "…";

/// A sign of the program's own, and what stands in its place.
struct OwnSign {
    char32_t sign;
    std::string_view letters;  ///< one where the sign is a part of a layout
};
constexpr std::array own_signs{
    OwnSign{U'…', "~"},  OwnSign{U'·', "-"},  OwnSign{U'–', "-"},     OwnSign{U'−', "-"},
    OwnSign{U'→', ">"},  OwnSign{U'×', "x"},  OwnSign{U'█', "#"},     OwnSign{U'▓', "="},
    OwnSign{U'░', "."},  OwnSign{U'“', "\""}, OwnSign{U'”', "\""},    OwnSign{U'≥', ">="},
    OwnSign{U'≤', "<="}, OwnSign{U'±', "+-"}, OwnSign{U'σ', "sigma"}, OwnSign{U'√', "sqrt"},
    OwnSign{U'═', "="},  OwnSign{U'║', "|"},  OwnSign{U'╔', "+"},     OwnSign{U'╗', "+"},
    OwnSign{U'╚', "+"},  OwnSign{U'╝', "+"},  OwnSign{U'╠', "+"},     OwnSign{U'╣', "+"},
    OwnSign{U'╦', "+"},  OwnSign{U'╩', "+"},  OwnSign{U'╬', "+"}};

void append_shown(std::string& result, char32_t value, std::string_view bytes, Glyphs glyphs) {
    if (value < 0x80 || (glyphs == Glyphs::unicode && cells_of(value) > 0)) {
        result += bytes;
        return;
    }
    const auto* const own = std::ranges::find(own_signs, value, &OwnSign::sign);
    if (own != own_signs.end()) {
        result += own->letters;
    } else {
        result += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(value));
    }
}

std::string without_what_is_not_shown(std::string text, Glyphs glyphs) {
    const bool plain = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (plain) {
        return text;
    }
    std::string result;
    std::string_view rest = text;
    while (!rest.empty()) {
        const CodePoint point = first_code_point(rest);
        append_shown(result, point.value, rest.substr(0, point.bytes), glyphs);
        rest.remove_prefix(point.bytes);
    }
    return result;
}

/// The longest beginning that takes at most so many cells.
std::string_view beginning(std::string_view text, std::size_t cells) noexcept {
    std::size_t bytes = 0;
    std::size_t taken = 0;
    while (bytes < text.size()) {
        const CodePoint point = first_code_point(text.substr(bytes));
        taken += cells_of(point.value);
        if (taken > cells) {
            break;
        }
        bytes += point.bytes;
    }
    return text.substr(0, bytes);
}

/// Lines that are being filled with words.
class Lines {
  public:
    Lines(std::size_t cells, std::size_t indent) : cells_(cells), indent_(indent < cells ? indent : 0) {}

    void add(std::string_view word) {
        const std::size_t wide = cells_in(word);
        if (!fresh_ && taken_ + 1 + wide > cells_) {
            next();
        } else if (!fresh_) {
            append(" ", 1);
        }
        while (cells_in(word) > cells_ - taken_) {
            std::string_view part = beginning(word, cells_ - taken_);
            if (part.empty() && fresh_ && taken_ == 0) {
                return;  // a wide character in a line of one cell
            }
            append(part, cells_in(part));
            word.remove_prefix(part.size());
            next();
        }
        append(word, cells_in(word));
        fresh_ = false;
    }
    [[nodiscard]] std::vector<std::string> take() && {
        lines_.push_back(std::move(line_));
        return std::move(lines_);
    }

  private:
    void append(std::string_view text, std::size_t cells) {
        line_ += text;
        taken_ += cells;
    }
    void next() {
        lines_.push_back(std::move(line_));
        // Where a wide character does not fit behind the indent, there is none.
        const std::size_t indent = cells_ - indent_ < 2 ? 0 : indent_;
        line_ = std::string(indent, ' ');
        taken_ = indent;
        fresh_ = true;
    }

    std::size_t cells_;
    std::size_t indent_;
    std::vector<std::string> lines_;
    std::string line_;
    std::size_t taken_ = 0;
    bool fresh_ = true;
};

}  // namespace

Glyphs glyphs_of_locale(const char* lc_all, const char* lc_ctype, const char* lang) {
    for (const char* const variable : {lc_all, lc_ctype, lang}) {
        if (variable == nullptr || *variable == '\0') {
            continue;
        }
        std::string letters;
        for (const char* at = variable; *at != '\0'; ++at) {
            if (*at != '-') {
                letters += static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
            }
        }
        return letters.find("utf8") == std::string::npos ? Glyphs::ascii : Glyphs::unicode;
    }
    return Glyphs::ascii;
}

std::size_t cells_of(char32_t value) noexcept {
    if (value < first_with_other_width) {
        return 1;
    }
    return any_contains(wide_ranges, value) ? 2 : any_contains(mark_ranges, value) ? 0 : 1;
}

std::size_t cells_in(std::string_view text) noexcept {
    std::size_t cells = 0;
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        cells += cells_of(point.value);
        text.remove_prefix(point.bytes);
    }
    return cells;
}

std::string shown(std::string_view text, Glyphs glyphs) {
    return without_what_is_not_shown(printable(text), glyphs);
}

std::string shown_lines(std::string_view text, Glyphs glyphs) {
    return without_what_is_not_shown(printable_lines(text), glyphs);
}

std::string cut(std::string_view text, std::size_t cells) {
    if (cells_in(text) <= cells) {
        return std::string(text);
    }
    return cells == 0 ? std::string() : std::string(beginning(text, cells - 1)).append(ellipsis);
}

std::string fitted(std::string_view text, std::size_t cells, Align align) {
    std::string result = cut(text, cells);
    const std::string space(cells - cells_in(result), ' ');
    return align == Align::left ? result + space : space + result;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t cells, std::size_t indent) {
    Lines lines(cells, indent);
    // What the text begins with is its own indent.
    const std::size_t own = std::min(text.find_first_not_of(' '), text.size());
    if (own > 0 && own < cells) {
        lines.add(std::string(own - 1, ' '));
    }
    text.remove_prefix(own);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        lines.add(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(lines).take();
}

}  // namespace virtuoso::screen
