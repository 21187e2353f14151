// An exchange as its clients meet it, whatever makes its market.
#pragma once

#include "net/transport.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso::sim {

using FrameText = std::shared_ptr<const std::string>;

/// One WebSocket client, as the exchange sees it. Neither call may call the exchange back at once.
class SimClient {
  public:
    virtual ~SimClient() = default;
    virtual void deliver(const FrameText& frame) = 0;
    /// The exchange hangs up. `ServedExchange::leave` is still to be called.
    virtual void hang_up() = 0;
};

struct SimRequest {
    std::string_view target;  ///< path and query
    std::string_view method = "GET";
    std::string_view body = {};
    std::span<const HttpHeader> headers = {};
};

struct SimAnswer {
    HttpAnswer http;
    std::int64_t delay_ms = 0;
};

/// What SimServer puts behind sockets, and a test behind virtual time. Single-threaded. All time is given
/// to `advance`.
class ServedExchange {
  public:
    static constexpr std::int64_t slot_ms = 10;

    virtual ~ServedExchange() = default;

    /// Sends what is due up to `now_ms`, slot by slot.
    virtual void advance(std::int64_t now_ms) = 0;
    [[nodiscard]] virtual std::int64_t now_ms() const noexcept = 0;

    [[nodiscard]] virtual SimAnswer answer(const SimRequest& request) = 0;

    /// True when WebSockets are served at this path.
    [[nodiscard]] virtual bool streams_at(std::string_view path) const noexcept = 0;
    virtual void join(SimClient& client) = 0;
    virtual void leave(SimClient& client) = 0;
    /// A frame from a client.
    virtual void receive(SimClient& client, std::string_view text) = 0;
    /// True when a TLS handshake shall fail now.
    [[nodiscard]] virtual bool tls_fails() = 0;
};

}  // namespace virtuoso::sim
