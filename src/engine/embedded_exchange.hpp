// The simulated exchange inside this process, behind real sockets.
#pragma once

#include "engine/system_clock.hpp"
#include "sim/server.hpp"

#include <memory>
#include <string>
#include <thread>

namespace virtuoso {

/// Serves on a thread of its own from construction to destruction.
class EmbeddedExchange {
  public:
    [[nodiscard]] static Result<std::unique_ptr<EmbeddedExchange>> start(
        std::unique_ptr<sim::ServedExchange> exchange, ServerPorts ports, std::string stream_path);
    ~EmbeddedExchange();
    EmbeddedExchange(const EmbeddedExchange&) = delete;
    EmbeddedExchange& operator=(const EmbeddedExchange&) = delete;

    [[nodiscard]] std::string rest_url() const;
    [[nodiscard]] std::string stream_url() const;
    [[nodiscard]] const std::string& certificate_pem() const noexcept { return server_->certificate_pem(); }
    [[nodiscard]] const sim::SimServer& server() const noexcept { return *server_; }

  private:
    EmbeddedExchange() = default;
    SystemClock clock_;
    std::string stream_path_;
    std::unique_ptr<sim::SimServer> server_;
    std::thread thread_;
};

}  // namespace virtuoso
