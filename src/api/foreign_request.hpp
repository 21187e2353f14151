// Requests that a page of another site makes a browser send.
#pragma once

#include "net/server.hpp"

#include <optional>
#include <span>
#include <string>

namespace virtuoso {

/// 403 for what a page of another site sent: an `Origin` that is neither the address that was asked nor one
/// of `origins` ("null" is none), or a `Sec-Fetch-Site` that is neither same-origin nor none. nullopt: it is
/// none of those.
[[nodiscard]] std::optional<HttpAnswer> foreign_page(const ServerRequest& request,
                                                     std::span<const std::string> origins);

/// Why a request that changes something is refused; nullopt when it may be answered. Refused are what
/// `foreign_page` names (403), and a body that is not announced as application/json (415): browsers send that
/// to another site only after they have asked with OPTIONS, which is answered to pages of `origins` alone.
/// Sources: Fetch, §3.2 and §4.8 (CORS-safelisted content types); Fetch Metadata Request Headers, §2.3.
[[nodiscard]] std::optional<HttpAnswer> foreign_request(const ServerRequest& request,
                                                        std::span<const std::string> origins);

}  // namespace virtuoso
