#include "net/url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

Result<Url> Url::parse(std::string_view text, std::string_view field) {
    const auto refuse = [&](std::string_view why) {
        return fail(
            ErrorCode::argument,
            fmt::format("{} = {} is not an address: {}; expected for example https://api.bybit.com or "
                        "ws://127.0.0.1:8090/v5/public/linear",
                        field, in_quotes(text), why));
    };
    Url url;
    const auto scheme_end = text.find("://");
    const auto scheme = text.substr(0, scheme_end);
    if (scheme == "https" || scheme == "wss") {
        url.tls = true;
    } else if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "ws")) {
        return refuse("it begins with none of https://, http://, wss://, ws://");
    }
    auto rest = text.substr(scheme_end + 3);
    const auto slash = std::min(rest.find('/'), rest.size());
    url.path = rest.substr(slash);
    while (url.path.ends_with('/')) {
        url.path.pop_back();
    }
    rest = rest.substr(0, slash);
    if (rest.find('@') != std::string_view::npos) {
        return refuse(
            "it carries a user or a password, which would be sent to nobody: leave out what stands before "
            "the @");
    }
    const auto colon = rest.rfind(':');
    url.host = rest.substr(0, colon);
    url.port = colon == std::string_view::npos ? (url.tls ? "443" : "80") : rest.substr(colon + 1);
    const bool digits =
        std::all_of(url.port.begin(), url.port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (url.host.empty() || url.port.empty() || url.port.size() > 5 || !digits) {
        return refuse(url.host.empty() ? "it names no host" : "the port is not a number");
    }
    return url;
}

std::string_view host_without_port(std::string_view host) noexcept {
    return host.substr(0, host.starts_with('[') ? host.find(']') + 1 : host.find(':'));
}

}  // namespace virtuoso
