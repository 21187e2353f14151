// What the service answers over HTTP.
#pragma once

#include "api/kept_documents.hpp"
#include "api/mcp_server.hpp"
#include "api/request_guard.hpp"
#include "api/resource.hpp"
#include "api/stream_desk.hpp"
#include "net/server.hpp"

#include <optional>
#include <string>

namespace virtuoso {

/// Finds the resource that is asked for, and refuses what is not to be answered: other hosts, what changes
/// something and comes from another site (`foreign_request`), methods and parameters that are not known.
/// Errors are RFC 9457 documents.
class ApiRoutes final : public ServerHandler {
  public:
    ApiRoutes(Service& service, ApiSettings settings)
        : settings_(std::move(settings)),
          service_(service),
          guard_(settings_.hosts, settings_.token, settings_.origins),
          limit_(settings_.limits.requests),
          streams_(service) {}

    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) override;
    [[nodiscard]] std::optional<HttpAnswer> admits(const ServerRequest& request) override;
    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override { return path == "/ws"; }
    void join(ServerPeer& peer, std::string_view) override { streams_.join(peer); }
    void leave(ServerPeer& peer) override { streams_.leave(peer); }
    void receive(ServerPeer& peer, std::string_view text) override { streams_.receive(peer, text); }
    void receive_binary(ServerPeer& peer, std::string_view bytes) override {
        streams_.receive_binary(peer, bytes.size());
    }
    void drained(ServerPeer& peer) override { streams_.drained(peer); }
    [[nodiscard]] StreamDesk& streams() noexcept { return streams_; }

  private:
    [[nodiscard]] std::optional<HttpAnswer> too_many(const ServerRequest& request);
    [[nodiscard]] HttpAnswer fitting(HttpAnswer answer) const;
    [[nodiscard]] ServerAnswer checked(const ServerRequest& request, const AnswerWishes& wishes);
    [[nodiscard]] ServerAnswer route(const ServerRequest& request, const ApiContext& context) const;
    /// A message of the Model Context Protocol.
    [[nodiscard]] ServerAnswer converse(const ServerRequest& request, const ApiContext& context) const;

    ApiSettings settings_;
    McpServer tools_{settings_.version};
    Service& service_;
    KeptDocuments documents_;
    RequestGuard guard_;
    RequestLimit limit_;
    StreamDesk streams_;
};

}  // namespace virtuoso
