// The WebSocket protocol over a byte stream.
#pragma once

#include "net/byte_stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <string>

namespace virtuoso::net {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::string_body>;
using UpgradeAnswer = boost::beast::http::response<boost::beast::http::string_body>;

/// Handshake, control frames, fragments and closing of RFC 6455, by Boost.Beast, whose templates are
/// instantiated here and nowhere else. Pings are answered while `read` waits.
class WebSocketProtocol {
  public:
    using Awaited = boost::asio::awaitable<boost::system::error_code>;

    WebSocketProtocol(std::shared_ptr<ByteStream> stream, std::size_t message_bytes_max);
    ~WebSocketProtocol();

    /// As a client. `answer`: the server's, with its body when it is not a WebSocket's.
    [[nodiscard]] Awaited handshake(const std::string& host, const std::string& path, UpgradeAnswer& answer);
    /// As a server. A client that is silent for `silence_ms` is asked for a sign of life, and left when it
    /// gives none for as long again; 0: never. `subprotocol` is chosen when it is offered.
    [[nodiscard]] Awaited accept(const UpgradeRequest& request, std::int64_t silence_ms,
                                 const std::string& subprotocol);

    /// Appends one message to `buffer`.
    [[nodiscard]] Awaited read(boost::beast::flat_buffer& buffer);
    /// Whether what was read last is marked as text.
    [[nodiscard]] bool read_text() const;
    /// One text message. Not while another is written.
    [[nodiscard]] Awaited write(const std::string& text);

    /// Why the peer closed, in words: its code and reason.
    [[nodiscard]] std::string closing_words() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace virtuoso::net
