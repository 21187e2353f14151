// Headers of requests that say how an answer is wanted. They may hold anything.
#pragma once

#include <string_view>

namespace virtuoso {

/// Whether `Accept-Encoding` takes gzip: named, else by "*", and not with q=0. RFC 9110, §12.5.3. O(bytes).
[[nodiscard]] bool takes_gzip(std::string_view accept_encoding) noexcept;

/// Whether `If-None-Match` has this tag (which is quoted): "*" has any, and weak tags compare like strong
/// ones. What cannot be read has none from there on. RFC 9110, §13.1.2. O(bytes).
[[nodiscard]] bool has_tag(std::string_view if_none_match, std::string_view tag) noexcept;

/// What `Authorization` has behind "Bearer "; empty: nothing. RFC 6750, §2.1.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization) noexcept;

/// The same of a list of subprotocols with "bearer.TOKEN" in it. O(bytes).
[[nodiscard]] std::string_view bearer_subprotocol(std::string_view offered) noexcept;

}  // namespace virtuoso
