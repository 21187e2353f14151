#include "api/request_headers.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace virtuoso {

namespace {

constexpr std::string_view spaces = " \t";

std::string_view trimmed(std::string_view text) noexcept {
    const auto begin = text.find_first_not_of(spaces);
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

bool same(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// What stands before `mark`; `text` goes on behind it.
std::string_view cut(std::string_view& text, char mark) noexcept {
    const std::size_t at = text.find(mark);
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return trimmed(part);
}

/// "q=0", "q=0.000": not wanted at all.
bool is_refused(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        std::string_view value = cut(parameters, ';');
        if (same(cut(value, '='), "q")) {
            value = trimmed(value);
            return value.starts_with('0') && value.find_first_not_of("0.") == std::string_view::npos;
        }
    }
    return false;
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) noexcept {
    std::optional<bool> named;
    bool any = false;
    while (!accept_encoding.empty()) {
        std::string_view parameters = cut(accept_encoding, ',');
        const std::string_view coding = cut(parameters, ';');
        if (same(coding, "gzip") || same(coding, "x-gzip")) {
            named = named.value_or(false) || !is_refused(parameters);
        } else if (coding == "*") {
            any = !is_refused(parameters);
        }
    }
    return named.value_or(any);
}

bool has_tag(std::string_view if_none_match, std::string_view tag) noexcept {
    std::string_view rest = trimmed(if_none_match);
    if (rest == "*") {
        return true;
    }
    while (!rest.empty()) {
        rest.remove_prefix(rest.starts_with("W/") ? 2 : 0);
        const std::size_t end = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
        if (end == std::string_view::npos) {
            return false;
        }
        if (rest.substr(0, end + 1) == tag) {
            return true;
        }
        rest.remove_prefix(end + 1);
        if (!cut(rest, ',').empty()) {
            return false;
        }
        rest = trimmed(rest);
    }
    return false;
}

std::string_view bearer_token(std::string_view authorization) noexcept {
    authorization = trimmed(authorization);
    const std::string_view scheme = cut(authorization, ' ');
    return same(scheme, "Bearer") ? trimmed(authorization) : std::string_view{};
}

std::string_view bearer_subprotocol(std::string_view offered) noexcept {
    constexpr std::string_view mark = "bearer.";
    while (!offered.empty()) {
        if (const std::string_view name = cut(offered, ','); name.starts_with(mark)) {
            return name.substr(mark.size());
        }
    }
    return {};
}

}  // namespace virtuoso
