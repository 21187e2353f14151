#include "alert/alert_text.hpp"

#include "base/html_entity.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::string_view markdown = "\\*_~`|<>[]()#-+.!@:{}=";
constexpr std::string_view rest = " …";

bool ends_sentence(char letter) noexcept {
    return letter == '.' || letter == '!' || letter == '?' || letter == ';';
}

/// Where to cut so that what is before fits: behind a sentence, a line, a word.
std::size_t good_end(std::string_view fits) {
    std::size_t sentence = 0;
    std::size_t word = 0;
    for (std::size_t at = 1; at < fits.size(); ++at) {
        if (fits[at] == '\n' || (fits[at] == ' ' && ends_sentence(fits[at - 1]))) {
            sentence = at;
        }
        if (fits[at] == ' ') {
            word = at;
        }
    }
    const std::size_t half = fits.size() / 2;
    return sentence >= half && sentence > 0 ? sentence : word >= half && word > 0 ? word : fits.size();
}

}  // namespace

std::size_t utf16_cost(char32_t value) noexcept {
    return value > 0xffff ? 2 : 1;
}

std::size_t cost_of(std::string_view text, CharacterCost cost) {
    std::size_t total = 0;
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        total += cost(point.value);
        text.remove_prefix(point.bytes);
    }
    return total;
}

std::string cut_at_sentence(std::string_view text, std::size_t most, CharacterCost cost) {
    if (cost_of(text, cost) <= most) {
        return std::string(text);
    }
    const std::size_t reserve = cost_of(rest, cost);
    if (most <= reserve) {
        return {};
    }
    std::size_t used = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        const CodePoint point = first_code_point(text.substr(end));
        if (used + cost(point.value) > most - reserve) {
            break;
        }
        used += cost(point.value);
        end += point.bytes;
    }
    return std::string(text.substr(0, good_end(text.substr(0, end)))) + std::string(rest);
}

std::string discord_escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char letter : text) {
        if (markdown.find(letter) != std::string_view::npos) {
            result += '\\';
        }
        result += letter;
    }
    return result;
}

std::size_t discord_cost(char32_t value) noexcept {
    const bool marks = value < 0x80 && markdown.find(static_cast<char>(value)) != std::string_view::npos;
    return utf16_cost(value) + (marks ? 1 : 0);
}

std::string telegram_escaped(std::string_view text) {
    return html_escaped(text);
}

std::size_t telegram_cost(char32_t value) noexcept {
    const std::string_view entity =
        value < 0x80 ? html_entity_of(static_cast<char>(value)) : std::string_view{};
    return entity.empty() ? utf16_cost(value) : entity.size();
}

}  // namespace virtuoso
