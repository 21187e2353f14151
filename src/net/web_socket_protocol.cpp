#include "net/web_socket_protocol.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <fmt/format.h>

namespace virtuoso::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

// Beast finds the next three by the type of its next layer.
template <typename Handler>
void async_teardown(boost::beast::role_type, ByteStream& stream, Handler&& handler) {
    stream.finish(std::forward<Handler>(handler));
}
void beast_close_socket(ByteStream& stream) {
    stream.close();
}

namespace {

/// RFC 6455, section 7.4.1, and the codes that were registered since.
std::string_view meaning_of(std::uint16_t code) {
    switch (code) {
        case 1000:
            return "normal";
        case 1001:
            return "the server goes away";
        case 1002:
            return "it found a fault of the protocol";
        case 1003:
            return "it cannot take such data";
        case 1007:
            return "it found text that is not UTF-8";
        case 1008:
            return "what was sent is against its rules";
        case 1009:
            return "a message was too big for it";
        case 1011:
            return "it met an error of its own";
        case 1012:
            return "it restarts";
        case 1013:
            return "it is overloaded: to be tried later";
        case 1014:
            return "a gateway got no good answer";
        default:
            return "without a known meaning";
    }
}

}  // namespace

struct WebSocketProtocol::Parts {
    Parts(std::shared_ptr<ByteStream> connection, std::size_t message_bytes_max)
        : stream(std::move(connection)), protocol(*stream) {
        protocol.read_message_max(message_bytes_max);
        protocol.auto_fragment(false);
    }

    std::shared_ptr<ByteStream> stream;
    websocket::stream<ByteStream&, false> protocol;
};

WebSocketProtocol::WebSocketProtocol(std::shared_ptr<ByteStream> stream, std::size_t message_bytes_max)
    : parts_(std::make_unique<Parts>(std::move(stream), message_bytes_max)) {}
WebSocketProtocol::~WebSocketProtocol() = default;

WebSocketProtocol::Awaited WebSocketProtocol::handshake(const std::string& host, const std::string& path,
                                                        UpgradeAnswer& answer) {
    boost::system::error_code error;
    co_await parts_->protocol.async_handshake(answer, host, path,
                                              asio::redirect_error(asio::use_awaitable, error));
    co_return error;
}

WebSocketProtocol::Awaited WebSocketProtocol::accept(const UpgradeRequest& request, std::int64_t silence_ms,
                                                     const std::string& subprotocol) {
    if (silence_ms > 0) {
        websocket::stream_base::timeout limits{};
        limits.handshake_timeout = websocket::stream_base::none();
        limits.idle_timeout = std::chrono::milliseconds(2 * silence_ms);  // pings go out at half of it
        limits.keep_alive_pings = true;
        parts_->protocol.set_option(limits);
    }
    http::token_list offered(request[http::field::sec_websocket_protocol]);
    if (!subprotocol.empty() && offered.exists(subprotocol)) {
        parts_->protocol.set_option(
            websocket::stream_base::decorator([subprotocol](websocket::response_type& answer) {
                answer.set(http::field::sec_websocket_protocol, subprotocol);
            }));
    }
    boost::system::error_code error;
    co_await parts_->protocol.async_accept(request, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
}

WebSocketProtocol::Awaited WebSocketProtocol::read(boost::beast::flat_buffer& buffer) {
    boost::system::error_code error;
    co_await parts_->protocol.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
}

bool WebSocketProtocol::read_text() const {
    return parts_->protocol.got_text();
}

WebSocketProtocol::Awaited WebSocketProtocol::write(const std::string& text) {
    boost::system::error_code error;
    co_await parts_->protocol.async_write(asio::buffer(text),
                                          asio::redirect_error(asio::use_awaitable, error));
    co_return error;
}

std::string WebSocketProtocol::closing_words() const {
    const auto& reason = parts_->protocol.reason();
    const std::string_view words(reason.reason.data(), reason.reason.size());
    if (reason.code == websocket::close_code::none) {
        return "closed without a reason";
    }
    const auto closed = fmt::format("closed with code {} ({})", reason.code, meaning_of(reason.code));
    return words.empty() ? closed : closed + ": " + in_quotes(words);
}

}  // namespace virtuoso::net
