// Who is answered.
#pragma once

#include "alert/secret.hpp"
#include "net/server.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// What a WebSocket of this service names as its subprotocol.
inline constexpr std::string_view stream_subprotocol = "virtuoso";

/// Knows the hosts that are served and the token that is demanded, if one is.
class RequestGuard {
  public:
    /// `hosts`: values of `Host` that are answered, without the port. `token`: empty: none is demanded.
    /// `origins`: of pages that may open streams, besides own ones.
    RequestGuard(std::vector<std::string> hosts, Secret token, std::vector<std::string> origins)
        : hosts_(std::move(hosts)), token_(std::move(token)), origins_(std::move(origins)) {}

    /// 403: this host is not served. nullopt: it may be answered.
    [[nodiscard]] std::optional<HttpAnswer> refused_host(const ServerRequest& request) const;
    /// 401: the token is not there, or another one. By `Authorization: Bearer TOKEN`.
    [[nodiscard]] std::optional<HttpAnswer> refused_token(const ServerRequest& request) const;
    /// The same of a WebSocket before it is opened, and 403 for a page of another site. Its token may also
    /// come as the subprotocol "bearer.TOKEN": a browser's pages can set no header.
    [[nodiscard]] std::optional<HttpAnswer> refused_stream(const ServerRequest& request) const;

  private:
    [[nodiscard]] bool is_token(std::string_view given) const noexcept;
    std::vector<std::string> hosts_;
    Secret token_;
    std::vector<std::string> origins_;
};

/// Why `token` cannot be demanded: it is short, or has what a subprotocol's name cannot have. nullopt: it
/// can.
[[nodiscard]] std::optional<Error> unfit_token(const Secret& token);

}  // namespace virtuoso
