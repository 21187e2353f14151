// Addresses of an exchange.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// "https://api.bybit.com", "wss://stream.bybit.com/v5/public/linear", "http://127.0.0.1:8090".
struct Url {
    std::string host;
    std::string port;
    std::string path;  ///< without a trailing slash
    bool tls = false;

    /// Schemes http, https, ws, wss. Error: argument naming `field`.
    [[nodiscard]] static Result<Url> parse(std::string_view text, std::string_view field);
};

/// Of "127.0.0.1:8090" or "[::1]:8090", as a `Host` header has it: "127.0.0.1", "[::1]". A part of `host`.
[[nodiscard]] std::string_view host_without_port(std::string_view host) noexcept;

}  // namespace virtuoso
