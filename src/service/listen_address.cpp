#include "service/listen_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace virtuoso {

namespace {

bool is_host_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '-' || letter == '_';
}

bool is_address_letter(char letter) {
    return is_host_letter(letter) || letter == ':' || letter == '%';
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::argument,
                    fmt::format("{} is no place to listen at: {}; expected for example 127.0.0.1:8080 or "
                                "[::1]:8080",
                                in_quotes(text), why));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return refuse("it has no port");
    }
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    if (host.empty() || !std::ranges::all_of(host, bracketed ? is_address_letter : is_host_letter)) {
        return refuse(host.empty() ? "it has no host" : "the host is none");
    }
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return refuse("the port is not 0 to 65535");
    }
    return ListenAddress{std::string(host), port};
}

}  // namespace virtuoso
