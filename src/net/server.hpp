// HTTP and WebSocket, served.
#pragma once

#include "net/server_reply.hpp"
#include "net/transport.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// One text that many clients may be sent.
using SharedText = std::shared_ptr<const std::string>;

/// One WebSocket client, as the server sees it. None of its calls calls the handler back at once.
class ServerPeer {
  public:
    virtual ~ServerPeer() = default;
    /// Waits behind what was sent before. A client that leaves more than `ServerLimits::unsent_bytes_max`
    /// waiting is hung up on.
    virtual void send(const SharedText& text) = 0;
    /// Ends the connection without a word. `ServerHandler::leave` is still to be called.
    virtual void hang_up() = 0;
    /// Ends the connection as RFC 6455 has it, behind what was sent before: `code` of its section 7.4,
    /// `reason` in at most 123 bytes. A client that does not answer within two seconds is hung up on. What is
    /// sent afterwards goes nowhere.
    virtual void close(std::uint16_t code, std::string_view reason) {
        static_cast<void>(code);
        static_cast<void>(reason);
        hang_up();
    }
};

struct ServerRequest {
    std::string_view target;  ///< path and query
    std::string_view method = "GET";
    std::string_view body = {};
    std::span<const HttpHeader> headers = {};
    std::uint16_t port = 0;         ///< that it came to; 0: it came over no socket
    std::string_view address = {};  ///< whom it came from: "127.0.0.1", "::1"
};

struct ServerAnswer {
    HttpAnswer http;
    std::int64_t delay_ms = 0;  ///< it is sent so much later
    /// Called at once if it is there: the answer is then what is replied within `ServerLimits::answer_ms`, by
    /// any thread, and `http` is what is said when that does not come.
    std::function<void(ServerReply)> elsewhere = {};
    /// What is done last to whatever is answered, on the server's thread.
    std::function<HttpAnswer(HttpAnswer)> finish = {};
};

/// What a server serves. Called on its thread only.
class ServerHandler {
  public:
    virtual ~ServerHandler() = default;
    [[nodiscard]] virtual ServerAnswer answer(const ServerRequest& request) = 0;

    /// Asked before a WebSocket is opened; what a client is told that may open none.
    [[nodiscard]] virtual std::optional<HttpAnswer> admits(const ServerRequest&) { return std::nullopt; }
    /// True when WebSockets are served at this path.
    [[nodiscard]] virtual bool streams_at(std::string_view path) const noexcept = 0;
    /// `target`: path and query that it was opened at, valid during the call.
    virtual void join(ServerPeer& peer, std::string_view target) = 0;
    /// `peer` is gone after this.
    virtual void leave(ServerPeer& peer) = 0;
    /// A message from a client, valid during the call.
    virtual void receive(ServerPeer& peer, std::string_view text) = 0;
    /// The same of a message that is not marked as text.
    virtual void receive_binary(ServerPeer& peer, std::string_view bytes) { receive(peer, bytes); }
    /// Everything sent to this client has been passed to its socket.
    virtual void drained(ServerPeer&) {}
    /// True when a TLS handshake shall fail now: a fault to be simulated.
    [[nodiscard]] virtual bool tls_fails() { return false; }
};

/// Beyond a limit a client is told so where HTTP has words for it, and its connection is closed.
struct ServerLimits {
    std::size_t connections_max = 4'096;
    std::size_t address_connections_max = std::numeric_limits<std::size_t>::max();  ///< of one address
    std::uint32_t header_bytes_max = 16U << 10;
    std::uint64_t body_bytes_max = std::uint64_t{1} << 20;
    std::size_t message_bytes_max = std::size_t{1} << 20;  ///< of a WebSocket message that comes in
    std::size_t unsent_bytes_max = std::size_t{64} << 20;  ///< of a WebSocket client that does not read
    int send_buffer_bytes = 0;        ///< of the system, a connection; 0: as it likes, which may be megabytes
    std::int64_t idle_ms = 120'000;   ///< for a request, and for a TLS handshake
    std::int64_t answer_ms = 10'000;  ///< for an answer that comes from elsewhere
    std::int64_t silence_ms =
        0;  ///< then a WebSocket client is pinged, and left after as long again; 0: never
};

/// 0: any free one.
struct ServerPorts {
    std::uint16_t plain = 0;  ///< HTTP and WebSocket
    std::uint16_t tls = 0;    ///< HTTPS and WSS
};

struct ServerOptions {
    std::string address = "127.0.0.1";  ///< of the interface to listen on: IPv4 or IPv6
    ServerPorts ports = {};
    bool tls = true;  ///< also over TLS
    ServerLimits limits = {};
    std::int64_t now_s = 0;                ///< Unix seconds: its certificate is valid from a day before
    std::vector<HttpHeader> headers = {};  ///< of every answer
    std::string subprotocol = {};          ///< of WebSockets, told to clients that offer it
};

/// HTTP/1.1 with keep-alive and WebSocket, plain and over TLS with a certificate for loopback made at
/// start. One thread. What is sent to a WebSocket client while an earlier write is under way goes out in one
/// write.
class Server {
  public:
    /// Listens; nothing is served before `run`. `handler` outlives the server. Errors: argument (no address),
    /// network (port in use), tls.
    [[nodiscard]] static Result<std::unique_ptr<Server>> create(ServerOptions options,
                                                                ServerHandler& handler);
    ~Server();

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// 0 without TLS.
    [[nodiscard]] std::uint16_t tls_port() const noexcept;
    /// Of the certificate that clients have to trust.
    [[nodiscard]] const std::string& certificate_pem() const noexcept;

    /// On the server's thread, once the sockets had their turn. From any thread.
    void after(std::int64_t ms, std::function<void()> call);
    /// Serves until `stop`.
    void run();
    /// From any thread.
    void stop();

  private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace virtuoso
