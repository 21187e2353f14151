// The simulated exchange on loopback.
#pragma once

#include "base/clock.hpp"
#include "sim/served_exchange.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace virtuoso::sim {

/// 0: any free one.
struct SimPorts {
    std::uint16_t plain = 0;  ///< HTTP and WebSocket
    std::uint16_t tls = 0;    ///< HTTPS and WSS
};

/// HTTP/1.1 with keep-alive and WebSocket on 127.0.0.1, plain and over TLS with a
/// certificate made at start. One thread; clients that do not read are dropped.
class SimServer {
  public:
    /// Listens; nothing is served before `run`. Errors: network (port in use), tls.
    [[nodiscard]] static Result<std::unique_ptr<SimServer>> create(std::unique_ptr<ServedExchange> exchange,
                                                                   SimPorts ports, const Clock& clock);
    ~SimServer();

    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::uint16_t tls_port() const noexcept;
    /// Of the certificate that clients have to trust.
    [[nodiscard]] const std::string& certificate_pem() const noexcept;

    /// Serves until `stop`.
    void run();
    /// From any thread.
    void stop();

  private:
    struct Parts;
    explicit SimServer(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace virtuoso::sim
