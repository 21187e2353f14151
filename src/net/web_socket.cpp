#include "net/web_socket.hpp"

#include "net/socket_errors.hpp"
#include "net/socket_layers.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <cstring>
#include <deque>

namespace virtuoso::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

namespace {

constexpr std::size_t frame_bytes_max = std::size_t{16} << 20;
constexpr std::size_t buffer_bytes = std::size_t{64} << 10;
constexpr std::size_t unsent_max = 4'096;

/// Kept alive by its coroutines; the listener is forgotten when the owner lets go.
template <typename Layer>
class Socket : public std::enable_shared_from_this<Socket<Layer>> {
  public:
    template <typename... Arguments>
    Socket(const Url& url, const Clock& clock, StreamListener& listener, Arguments&&... arguments)
        : url_(url), clock_(clock), listener_(&listener), stream_(std::forward<Arguments>(arguments)...) {}

    asio::awaitable<void> run(std::shared_ptr<Socket>, std::int64_t connect_timeout_ms) {
        auto opened = co_await open(connect_timeout_ms);
        if (!opened) {
            tell_closed(opened.error());
            co_return;
        }
        open_ = true;
        if (listener_ != nullptr) {
            listener_->on_open();
        }
        start_writing();
        co_await read();
    }

    void send(std::string text) {
        if (unsent_.size() >= unsent_max) {
            return;  // the peer does not read: dead-peer detection ends this
        }
        unsent_.push_back(std::move(text));
        start_writing();
    }

    void forget() {
        listener_ = nullptr;
        beast::get_lowest_layer(stream_).cancel();
        beast::get_lowest_layer(stream_).close();
    }

  private:
    asio::awaitable<Result<void>> open(std::int64_t connect_timeout_ms) {
        auto& socket = beast::get_lowest_layer(stream_);
        SecureLayer* secure = nullptr;
        if constexpr (std::is_same_v<Layer, SecureLayer>) {
            secure = &stream_.next_layer();
        }
        auto connected = co_await connect_to(url_, socket, secure, connect_timeout_ms);
        if (!connected) {
            co_return connected;
        }
        boost::system::error_code error;
        stream_.read_message_max(frame_bytes_max);
        // Named, because GCC 12 destroys temporaries of a co_await expression twice.
        const std::string host = url_.host + ":" + url_.port;
        const std::string path = url_.path.empty() ? "/" : url_.path;
        co_await stream_.async_handshake(host, path, asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            co_return std::unexpected(socket_error(url_, "WebSocket handshake with", error));
        }
        socket.expires_never();
        co_return Result<void>{};
    }

    asio::awaitable<void> read() {
        boost::system::error_code error;
        beast::flat_buffer buffer;
        buffer.reserve(buffer_bytes);
        while (listener_ != nullptr) {
            co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
            if (error) {
                tell_closed(socket_error(url_, "read from", error));
                co_return;
            }
            std::memset(buffer.prepare(frame_padding).data(), 0, frame_padding);
            if (listener_ != nullptr) {
                listener_->on_frame({static_cast<const char*>(buffer.data().data()), buffer.size()},
                                    clock_.now());
            }
            buffer.clear();
        }
    }

    // At most one writer: two at once would tear each other's frames.
    void start_writing() {
        if (open_ && !writing_ && !unsent_.empty()) {
            writing_ = true;
            asio::co_spawn(stream_.get_executor(), write(this->shared_from_this()), asio::detached);
        }
    }

    asio::awaitable<void> write(std::shared_ptr<Socket>) {
        boost::system::error_code error;
        while (!unsent_.empty() && !error) {
            const std::string text = std::move(unsent_.front());
            unsent_.pop_front();
            co_await stream_.async_write(asio::buffer(text),
                                         asio::redirect_error(asio::use_awaitable, error));
        }
        writing_ = false;  // a failed write shows in the reader too
    }

    void tell_closed(const Error& error) {
        if (StreamListener* const listener = std::exchange(listener_, nullptr)) {
            listener->on_close(error);
        }
    }

    Url url_;
    const Clock& clock_;
    StreamListener* listener_;
    websocket::stream<Layer> stream_;
    std::deque<std::string> unsent_;
    bool open_ = false;
    bool writing_ = false;
};

template <typename Layer>
class Handle final : public StreamConnection {
  public:
    explicit Handle(std::shared_ptr<Socket<Layer>> socket) : socket_(std::move(socket)) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() override { socket_->forget(); }
    void send(std::string text) override { socket_->send(std::move(text)); }

  private:
    std::shared_ptr<Socket<Layer>> socket_;
};

template <typename Layer>
std::unique_ptr<StreamConnection> started(asio::io_context& io, std::shared_ptr<Socket<Layer>> socket,
                                          std::int64_t connect_timeout_ms) {
    asio::co_spawn(io, socket->run(socket, connect_timeout_ms), asio::detached);
    return std::make_unique<Handle<Layer>>(std::move(socket));
}

}  // namespace

std::unique_ptr<StreamConnection> open_web_socket(asio::io_context& io, asio::ssl::context& tls,
                                                  const Url& url, const Clock& clock,
                                                  StreamListener& listener, std::int64_t connect_timeout_ms) {
    if (url.tls) {
        return started(io, std::make_shared<Socket<SecureLayer>>(url, clock, listener, io, tls),
                       connect_timeout_ms);
    }
    return started(io, std::make_shared<Socket<PlainLayer>>(url, clock, listener, io), connect_timeout_ms);
}

}  // namespace virtuoso::net
