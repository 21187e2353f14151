// A WebSocket client over plain TCP or TLS.
#pragma once

#include "base/clock.hpp"
#include "net/transport.hpp"
#include "net/url.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace virtuoso::net {

/// Resolves, connects and upgrades on the context's thread, then reads frames into one buffer, which is
/// handed out without a copy. Frames above 16 MiB end the connection.
[[nodiscard]] std::unique_ptr<StreamConnection> open_web_socket(boost::asio::io_context& io,
                                                                boost::asio::ssl::context& tls,
                                                                const Url& url, const Clock& clock,
                                                                StreamListener& listener,
                                                                std::int64_t connect_timeout_ms);

}  // namespace virtuoso::net
