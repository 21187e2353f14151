// What the service answers over HTTP.
#pragma once

#include "net/server.hpp"
#include "service/service.hpp"

#include <string>
#include <vector>

namespace virtuoso {

struct ApiSettings {
    std::string version;
    std::string exchange;
    std::vector<std::string> hosts;  ///< values of `Host` that are answered, without the port; else 403
};

/// `/health/live`, `/health/ready`, `/metrics`, and under `/api/v1/` `health`, `symbols` and
/// `symbols/{symbol}/confluence`. Reads only. Errors are RFC 9457 documents.
class ApiRoutes final : public ServerHandler {
  public:
    ApiRoutes(Service& service, ApiSettings settings);

    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) override;
    [[nodiscard]] bool streams_at(std::string_view) const noexcept override { return false; }
    void join(ServerPeer&, std::string_view) override {}
    void leave(ServerPeer&) override {}
    void receive(ServerPeer&, std::string_view) override {}

  private:
    [[nodiscard]] bool knows_host(std::span<const HttpHeader> headers) const;
    [[nodiscard]] HttpAnswer route(std::string_view path, std::string_view query);
    [[nodiscard]] HttpAnswer live() const;
    [[nodiscard]] HttpAnswer ready() const;
    [[nodiscard]] HttpAnswer metrics() const;
    [[nodiscard]] HttpAnswer health(std::string_view query) const;
    [[nodiscard]] HttpAnswer symbols(std::string_view query) const;
    [[nodiscard]] HttpAnswer symbol(std::string_view rest) const;

    Service& service_;
    ApiSettings settings_;
};

}  // namespace virtuoso
