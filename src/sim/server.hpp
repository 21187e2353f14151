// The simulated exchange on loopback.
#pragma once

#include "base/clock.hpp"
#include "sim/served_exchange.hpp"

#include <memory>
#include <string>

namespace virtuoso::sim {

/// Serves an exchange whose time follows a clock. One thread; clients that do not read are dropped.
class SimServer {
  public:
    /// Listens; nothing is served before `run`. Errors: network (port in use), tls.
    [[nodiscard]] static Result<std::unique_ptr<SimServer>> create(std::unique_ptr<ServedExchange> exchange,
                                                                   ServerPorts ports, const Clock& clock);

    [[nodiscard]] std::uint16_t port() const noexcept { return server_->port(); }
    [[nodiscard]] std::uint16_t tls_port() const noexcept { return server_->tls_port(); }
    /// Of the certificate that clients have to trust.
    [[nodiscard]] const std::string& certificate_pem() const noexcept { return server_->certificate_pem(); }

    /// Serves until `stop`.
    void run();
    /// From any thread.
    void stop() { server_->stop(); }

  private:
    SimServer(std::unique_ptr<ServedExchange> exchange, const Clock& clock)
        : exchange_(std::move(exchange)), clock_(clock) {}
    void keep_time();

    std::unique_ptr<ServedExchange> exchange_;
    const Clock& clock_;
    std::unique_ptr<Server> server_;
};

}  // namespace virtuoso::sim
