// The Model Context Protocol: what the API tells, as tools of language models. Read-only.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace virtuoso {

/// A call of a tool, which the API's answer completes.
struct McpCall {
    std::string target;   ///< what the API is asked: path and query
    std::string id;       ///< of the request, as JSON
    bool modern = false;  ///< of revision 2026-07-28 or later
};

/// One JSON-RPC message to the client.
struct McpMessage {
    std::string text = {};  ///< empty: nothing is sent back
    bool accepted = true;   ///< what it answers was understood
};

/// Answers of the revisions with a handshake (2024-11-05 to 2025-11-25) and of the one without (2026-07-28),
/// told apart by each message itself, so that nothing is remembered between two.
/// Source: https://modelcontextprotocol.io/specification
class McpServer {
  public:
    /// What is sent back, or what has to be asked first.
    using Reply = std::variant<McpMessage, McpCall>;

    explicit McpServer(std::string version) : version_(std::move(version)) {}

    /// One JSON-RPC message of a client's. O(length).
    [[nodiscard]] Reply take(std::string_view message) const;
    /// What a call is answered with: the API's document, or the problem that it told.
    [[nodiscard]] std::string finish(const McpCall& call, int status, std::string_view document) const;

  private:
    std::string version_;
};

}  // namespace virtuoso
