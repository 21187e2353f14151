// The service's HTTP server on its thread.
#pragma once

#include "api/api_routes.hpp"

#include <memory>
#include <string>
#include <thread>

namespace virtuoso {

/// Serves from construction to destruction.
class ApiServer {
  public:
    /// `listen`: "127.0.0.1:8080", "[::1]:8080", port 0 for any free one. Errors: argument, network.
    [[nodiscard]] static Result<std::unique_ptr<ApiServer>> start(const std::string& listen, Service& service,
                                                                  ApiSettings settings);
    ~ApiServer();
    ApiServer(const ApiServer&) = delete;
    ApiServer& operator=(const ApiServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return server_->port(); }
    /// "http://127.0.0.1:8080"
    [[nodiscard]] const std::string& url() const noexcept { return url_; }

  private:
    ApiServer(Service& service, ApiSettings settings) : routes_(service, std::move(settings)) {}
    // On the server's thread.
    void tick();
    void end();
    void end_without_clients(int turns);

    ApiRoutes routes_;
    std::unique_ptr<Server> server_;
    std::string url_;
    std::thread thread_;
};

}  // namespace virtuoso
