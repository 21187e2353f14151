// What pages of other sites may read, where that is configured.
#pragma once

#include "net/server.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

/// The request's `Origin` where it is one of `origins` ("https://board.example"), byte for byte; else empty.
/// "null" and whoever is not named are none, there is no wildcard. Source: Fetch, §3.2.
[[nodiscard]] std::string_view allowed_origin(const ServerRequest& request,
                                              std::span<const std::string> origins);

/// What a browser asks before it lets a page of an allowed origin send something (Fetch, §3.2.2); nullopt:
/// it is no such question.
[[nodiscard]] std::optional<HttpAnswer> preflight(const ServerRequest& request,
                                                  std::span<const std::string> origins);

/// Says in the answer that a page of `origin` may read it; empty: says that the answer depends on who asks.
[[nodiscard]] HttpAnswer shared_with(HttpAnswer answer, std::string_view origin);

}  // namespace virtuoso
