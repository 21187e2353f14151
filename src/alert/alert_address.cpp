#include "alert/alert_address.hpp"

#include "net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace virtuoso {

namespace {

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) { return letter > ' ' && letter < 0x7f; });
}

/// Host and port alone, as `Url` reads them; the scheme is another's.
Result<Url> place_of(std::string_view url, std::string_view field) {
    const auto begin = url.find("://");
    const std::string_view behind = begin == url.npos ? std::string_view{} : url.substr(begin + 3);
    const std::string_view authority = behind.substr(0, behind.find_first_of("/?#"));
    if (authority.empty() || authority.find('@') != authority.npos || !is_printable_ascii(url) ||
        url.find_first_of("\"\\<>^`{|}") != url.npos) {
        return fail(ErrorCode::config,
                    fmt::format("{} is no address: it needs a host, and may have neither a "
                                "user nor characters that addresses encode",
                                field));
    }
    const auto parsed = Url::parse(fmt::format("http://{}", authority), field);
    if (!parsed) {
        return fail(ErrorCode::config,
                    fmt::format("{} is no address: its host or port cannot be read", field));
    }
    return *parsed;
}

}  // namespace

bool is_loopback(std::string_view url) {
    const auto place = place_of(url, "address");
    return place && (place->host == "localhost" || place->host == "[::1]" || place->host.starts_with("127."));
}

Result<void> check_http_address(std::string_view url, std::string_view field, PlainText plain) {
    const bool tls = url.starts_with("https://");
    if (!tls && !url.starts_with("http://")) {
        return fail(ErrorCode::config,
                    fmt::format("{} is no address of HTTP: it begins with https://", field));
    }
    if (const auto place = place_of(url, field); !place) {
        return std::unexpected(place.error());
    }
    if (!tls && plain == PlainText::loopback && !is_loopback(url)) {
        return fail(
            ErrorCode::config,
            fmt::format("{} begins with http://, and what it holds is a secret: take https://", field));
    }
    return {};
}

Result<void> check_mail_server(std::string_view url, std::string_view field) {
    if (!url.starts_with("smtp://") && !url.starts_with("smtps://")) {
        return fail(ErrorCode::config, fmt::format("{} = {} is no mail server: write smtps://HOST:465, or "
                                                   "smtp://HOST:587, which has to offer STARTTLS",
                                                   field, in_quotes(url)));
    }
    const auto place = place_of(url, field);
    if (!place) {
        return std::unexpected(place.error());
    }
    return {};
}

bool is_mail_address(std::string_view text) {
    constexpr std::size_t length_max = 254;
    const auto at = text.find('@');
    return !text.empty() && text.size() <= length_max && at != 0 && at < text.size() - 1 &&
           text.rfind('@') == at && is_printable_ascii(text) &&
           text.find_first_of("<>()[],;:\\\"") == text.npos;
}

}  // namespace virtuoso
