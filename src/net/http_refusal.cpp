#include "net/http_refusal.hpp"

#include "base/unicode.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t looked_at_max = 16'384;  ///< a refusal says why at its beginning

bool is_space(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

/// One line: every run of spaces and controls is one space; what is no text to be shown is left out.
std::string cleaned(std::string_view text) {
    constexpr std::string_view cut = "…";
    std::string result;
    bool space = false;
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        const std::string_view character = text.substr(0, point.bytes);
        text.remove_prefix(point.bytes);
        if (point.valid && point.bytes == 1 && is_space(character.front())) {
            space = !result.empty();
        } else if (point.valid && is_shown(point.value)) {
            const std::size_t length = result.size() + (space ? 1 : 0) + character.size();
            if (length + cut.size() > refusal_words_max) {
                return result.append(cut);
            }
            result += std::exchange(space, false) ? " " : "";
            result += character;
        }
    }
    return result;
}

/// What a JSON string holds, up to its closing quote; escapes of characters beyond ASCII become spaces.
std::string unescaped(std::string_view text) {
    constexpr std::size_t unicode_digits = 4;
    std::string result;
    for (std::size_t i = 0; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            result += text[i];
            continue;
        }
        const char escape = text[++i];
        if (escape == 'u') {
            i = std::min(text.size() - 1, i + unicode_digits);
        }
        result += escape == '"' || escape == '\\' || escape == '/' ? escape : ' ';
    }
    return result;
}

/// The text that a member of this name has anywhere in a JSON answer.
std::optional<std::string> json_text(std::string_view body, std::string_view name) {
    const std::string key = '"' + std::string(name) + '"';
    for (std::size_t at = body.find(key); at != std::string_view::npos; at = body.find(key, at + 1)) {
        std::string_view rest = body.substr(at + key.size());
        const auto skip_spaces = [&] {
            rest.remove_prefix(
                static_cast<std::size_t>(std::ranges::find_if_not(rest, is_space) - rest.begin()));
        };
        skip_spaces();
        if (!rest.starts_with(':')) {
            continue;
        }
        rest.remove_prefix(1);
        skip_spaces();
        if (rest.starts_with('"')) {
            return unescaped(rest.substr(1));
        }
    }
    return std::nullopt;
}

/// What stands in a page's title, else in its first heading.
std::optional<std::string_view> page_title(std::string_view body, const std::string& low) {
    for (const std::string_view tag : {"title", "h1"}) {
        const std::size_t begin = low.find('<' + std::string(tag));
        const std::size_t open = begin == std::string::npos ? begin : low.find('>', begin);
        if (open != std::string::npos) {
            return body.substr(open + 1, std::min(low.find('<', open), low.size()) - open - 1);
        }
    }
    return std::nullopt;
}

std::string words_of(std::string_view body, const std::string& low) {
    if (low.find("<html") != std::string::npos || low.find("<!doctype") != std::string::npos ||
        low.find("<title") != std::string::npos) {
        return cleaned(page_title(body, low).value_or(std::string_view{}));
    }
    for (const std::string_view name : {"msg", "retMsg", "ret_msg", "message", "error"}) {
        if (const auto text = json_text(body, name); text && !text->empty()) {
            return cleaned(*text);
        }
    }
    const auto begin = body.find_first_not_of(" \t\r\n");
    const bool structured = begin != std::string_view::npos && std::string_view("{[<").contains(body[begin]);
    return structured ? std::string{} : cleaned(body);
}

bool any_in(const std::string& low, std::initializer_list<std::string_view> phrases) {
    return std::ranges::any_of(
        phrases, [&](std::string_view phrase) { return low.find(phrase) != std::string::npos; });
}

RefusalCause cause_of(int status, const std::string& low) {
    if (status == 451 ||
        any_in(low, {"restricted location", "restricted region", "restricted country",
                     "restricted jurisdiction", "your country", "your region", "your location",
                     "your jurisdiction", "unsupported country", "not available in"})) {
        return RefusalCause::place;
    }
    if (status == 418 || status == 429 ||
        any_in(low, {"too frequent", "too many", "rate limit", "limit exceeded"})) {
        return RefusalCause::too_fast;
    }
    return RefusalCause::unknown;
}

}  // namespace

std::string HttpRefusal::quoted() const {
    return words.empty() ? std::string{} : ": \"" + words + '"';
}

HttpRefusal refusal_of(int status, std::string_view body) {
    body = body.substr(0, looked_at_max);
    const std::string low = lowered(body);
    return {cause_of(status, low), words_of(body, low)};
}

}  // namespace virtuoso
