// What HTTP and WebSockets of this room stand on, and how a client's begins. Included by few files: it takes
// long to compile.
#pragma once

#include "net/url.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <cstdint>

namespace virtuoso::net {

using PlainLayer = boost::beast::tcp_stream;
using SecureLayer = boost::beast::ssl_stream<boost::beast::tcp_stream>;

/// Resolves, connects and shakes hands, the peer's host name verified. `secure` stands on `socket`; nullptr
/// without TLS. Afterwards `socket` still has its time-out. Errors: network, tls.
[[nodiscard]] boost::asio::awaitable<Result<void>> connect_to(const Url& url, PlainLayer& socket,
                                                              SecureLayer* secure, std::int64_t timeout_ms);

}  // namespace virtuoso::net
