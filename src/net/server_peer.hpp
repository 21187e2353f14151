// One WebSocket client of a server.
#pragma once

#include "net/server.hpp"
#include "net/web_socket_protocol.hpp"

#include <memory>

namespace virtuoso::net {

/// Upgrades the connection and serves it until it ends.
[[nodiscard]] boost::asio::awaitable<void> serve_peer(std::unique_ptr<ByteStream> stream,
                                                      UpgradeRequest request, ServerHandler& handler,
                                                      const ServerOptions& options);

}  // namespace virtuoso::net
