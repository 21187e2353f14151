#include "service/config_text_form.hpp"

#include "base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace virtuoso {

namespace {

constexpr std::size_t dots_max = 64;
constexpr std::size_t digits_of_character = 6;
constexpr unsigned char ascii_end = 0x80;

bool is_ascii(char byte) {
    return static_cast<unsigned char>(byte) < ascii_end;
}

/// Dots outside quotes and comments: each may open a table in a table.
std::size_t dots_in(std::string_view line) {
    std::size_t dots = 0;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char letter = line[i];
        if (quote != 0) {
            i += letter == '\\' && quote == '"' ? 1U : 0U;
            quote = letter == quote ? '\0' : quote;
        } else if (letter == '"' || letter == '\'') {
            quote = letter;
        } else if (letter == '#') {
            break;
        } else {
            dots += letter == '.' ? 1U : 0U;
        }
    }
    return dots;
}

std::optional<std::string> line_refusal(std::string_view line) {
    const auto control = std::ranges::find_if(line, [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return (byte < 0x20 && letter != '\t' && letter != '\r') || byte == 0x7f;
    });
    if (control != line.end()) {
        return fmt::format("holds the byte {:#04x}, which no text does: is this a configuration file?",
                           static_cast<unsigned char>(*control));
    }
    if (!is_valid_utf8(line)) {
        return "is not UTF-8: save the file in that encoding";
    }
    if (dots_in(line) > dots_max) {
        return fmt::format("has more than {} dots: no section lies so deep", dots_max);
    }
    return std::nullopt;
}

}  // namespace

std::optional<TextRefusal> text_refusal(std::string_view text) {
    std::uint32_t number = 1;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (auto reason = line_refusal(text.substr(0, end))) {
            return TextRefusal{number, *std::move(reason)};
        }
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
    }
    return std::nullopt;
}

std::optional<AsciiText> AsciiText::of(std::string_view text) {
    constexpr int tries_max = 32;
    AsciiText result;
    int tries = 0;
    do {
        if (tries == tries_max) {
            return std::nullopt;
        }
        result.marker_ = fmt::format("{}u{}:", mark, tries++);
    } while (text.find(result.marker_) != std::string_view::npos);
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (is_ascii(text.front())) {
            result.text_ += text.front();
        } else {
            result.text_ += fmt::format("{}{:06x}", result.marker_, static_cast<std::uint32_t>(point.value));
        }
        text.remove_prefix(point.bytes);
    }
    return result;
}

std::string AsciiText::original(std::string_view part) const {
    std::string result;
    while (!part.empty()) {
        const auto begin = std::min(part.find(marker_), part.size());
        result += part.substr(0, begin);
        part.remove_prefix(begin);
        const auto digits = part.substr(std::min(marker_.size(), part.size())).substr(0, digits_of_character);
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (error == std::errc{} && digits.size() == digits_of_character &&
            end == digits.data() + digits.size()) {
            append_utf8(result, static_cast<char32_t>(value));
            part.remove_prefix(marker_.size() + digits_of_character);
        } else {  // cut in the middle
            result += part.substr(0, marker_.size());
            part.remove_prefix(std::min(marker_.size(), part.size()));
        }
    }
    return result;
}

}  // namespace virtuoso
