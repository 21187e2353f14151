#include "net/web_socket.hpp"

#include "net/frame_block.hpp"
#include "net/http_refusal.hpp"
#include "net/socket_errors.hpp"
#include "net/web_socket_protocol.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/error.hpp>

#include <deque>

namespace virtuoso::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t message_bytes_max = std::size_t{16} << 20;
constexpr std::size_t unsent_max = 4'096;

/// A connection whose reads pass through a block, which the protocol sees frame by frame.
class BlockStream final : public ByteStream {
  public:
    explicit BlockStream(std::unique_ptr<ByteStream> below) : below_(std::move(below)) {}

    [[nodiscard]] FrameBlock& block() noexcept { return block_; }
    /// Receives what there is, at least one byte.
    [[nodiscard]] asio::awaitable<boost::system::error_code> fill() {
        boost::system::error_code error;
        const auto room = block_.room();
        const std::size_t bytes = co_await below_->async_read_some(
            asio::buffer(room.data(), room.size()), asio::redirect_error(asio::use_awaitable, error));
        block_.received(bytes);
        co_return error;
    }

    executor_type get_executor() override { return below_->get_executor(); }
    void read_some(asio::mutable_buffer buffer, Done done) override {
        if (const std::size_t served = serve(buffer); served > 0) {
            asio::post(get_executor(), [served, kept = std::move(done)]() mutable { kept({}, served); });
        } else {
            receive(buffer, std::move(done));
        }
    }
    void write_some(asio::const_buffer buffer, Done done) override {
        below_->write_some(buffer, std::move(done));
    }
    void expires_after(std::int64_t ms) override { below_->expires_after(ms); }
    void expires_never() override { below_->expires_never(); }
    void close() override { below_->close(); }
    void finish(std::move_only_function<void(boost::system::error_code)> done) override {
        below_->finish(std::move(done));
    }

  private:
    [[nodiscard]] std::size_t serve(asio::mutable_buffer buffer) {
        return block_.serve({static_cast<char*>(buffer.data()), buffer.size()});
    }
    void receive(asio::mutable_buffer buffer, Done done) {
        const auto room = block_.room();
        below_->read_some(asio::buffer(room.data(), room.size()),
                          [this, buffer, kept = std::move(done)](boost::system::error_code error,
                                                                 std::size_t bytes) mutable {
                              block_.received(bytes);
                              const std::size_t served = error ? 0 : serve(buffer);
                              if (error || served > 0) {
                                  kept(error, served);
                              } else {
                                  receive(buffer, std::move(kept));
                              }
                          });
    }

    std::unique_ptr<ByteStream> below_;
    FrameBlock block_{message_bytes_max};
};

/// Kept alive by its coroutines; the listener is forgotten when the owner lets go.
class Socket : public std::enable_shared_from_this<Socket> {
  public:
    Socket(const Url& url, const Clock& clock, StreamListener& listener)
        : url_(url), clock_(clock), listener_(&listener) {}

    asio::awaitable<void> run(std::shared_ptr<Socket>, asio::io_context& io, asio::ssl::context& tls,
                              std::int64_t connect_timeout_ms) {
        const auto opened = co_await open(io, tls, connect_timeout_ms);
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
        if (stream_) {
            stream_->close();
        }
    }

  private:
    asio::awaitable<Result<void>> open(asio::io_context& io, asio::ssl::context& tls,
                                       std::int64_t connect_timeout_ms) {
        auto connected = co_await connect_to(io, tls, url_, connect_timeout_ms);
        if (!connected) {
            co_return std::unexpected(connected.error());
        }
        stream_ = std::make_shared<BlockStream>(std::move(*connected));
        protocol_ = std::make_unique<WebSocketProtocol>(stream_, message_bytes_max);
        stream_->expires_after(connect_timeout_ms);
        const bool usual_port = url_.port == (url_.tls ? "443" : "80");
        // Named, because GCC 12 destroys temporaries of a co_await expression twice.
        const std::string host = usual_port ? url_.host : url_.host + ":" + url_.port;
        const std::string path = url_.path.empty() ? "/" : url_.path;
        UpgradeAnswer answer;
        const auto error = co_await protocol_->handshake(host, path, answer);
        if (error == boost::beast::websocket::error::upgrade_declined) {
            co_return std::unexpected(declined(static_cast<int>(answer.result_int()), answer.body()));
        }
        if (error) {
            co_return std::unexpected(socket_error(url_, "WebSocket handshake with", error));
        }
        stream_->expires_never();
        co_return Result<void>{};
    }

    /// The server answered the handshake as it answers a request that it refuses.
    [[nodiscard]] Error declined(int status, std::string_view body) const {
        const HttpRefusal refusal = refusal_of(status, body);
        const bool place = refusal.cause == RefusalCause::place;
        const bool too_fast = refusal.cause == RefusalCause::too_fast;
        return {place      ? ErrorCode::restricted_place
                : too_fast ? ErrorCode::rate_limit
                           : ErrorCode::network,
                fmt::format("WebSocket handshake with {}:{}: refused with HTTP {}{}{}", url_.host, url_.port,
                            status, refusal.quoted(),
                            place      ? "; the place of this machine's address is not served"
                            : too_fast ? "; too many connections or requests came from this address"
                                       : "")};
    }

    asio::awaitable<void> read() {
        FrameBlock& block = stream_->block();
        LocalTime received = clock_.now();
        boost::system::error_code error;
        while (listener_ != nullptr && !error) {
            switch (block.front()) {
                case BlockFront::message:
                    listener_->on_frame(block.take_message(), received);
                    break;
                case BlockFront::partial:
                    error = co_await stream_->fill();
                    received = clock_.now();
                    break;
                case BlockFront::other:
                    error = co_await read_unusual();
                    break;
            }
        }
        if (error) {
            tell_closed(error == boost::beast::websocket::error::closed
                            ? Error{ErrorCode::network, fmt::format("read from {}:{}: {}", url_.host,
                                                                    url_.port, protocol_->closing_words())}
                            : socket_error(url_, "read from", error));
        }
    }

    asio::awaitable<boost::system::error_code> read_unusual() {
        boost::beast::flat_buffer buffer;
        const auto error = co_await protocol_->read(buffer);
        if (!error && listener_ != nullptr) {
            std::memset(buffer.prepare(frame_padding).data(), 0, frame_padding);
            listener_->on_frame({static_cast<const char*>(buffer.data().data()), buffer.size()},
                                clock_.now());
        }
        co_return error;
    }

    // At most one writer: two at once would tear each other's frames.
    void start_writing() {
        if (open_ && !writing_ && !unsent_.empty()) {
            writing_ = true;
            asio::co_spawn(stream_->get_executor(), write(shared_from_this()), asio::detached);
        }
    }

    asio::awaitable<void> write(std::shared_ptr<Socket>) {
        boost::system::error_code error;
        while (!unsent_.empty() && !error) {
            const std::string text = std::move(unsent_.front());
            unsent_.pop_front();
            error = co_await protocol_->write(text);
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
    std::shared_ptr<BlockStream> stream_;
    std::unique_ptr<WebSocketProtocol> protocol_;
    std::deque<std::string> unsent_;
    bool open_ = false;
    bool writing_ = false;
};

class Handle final : public StreamConnection {
  public:
    explicit Handle(std::shared_ptr<Socket> socket) : socket_(std::move(socket)) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() override { socket_->forget(); }
    void send(std::string text) override { socket_->send(std::move(text)); }

  private:
    std::shared_ptr<Socket> socket_;
};

}  // namespace

std::unique_ptr<StreamConnection> open_web_socket(asio::io_context& io, asio::ssl::context& tls,
                                                  const Url& url, const Clock& clock,
                                                  StreamListener& listener, std::int64_t connect_timeout_ms) {
    auto socket = std::make_shared<Socket>(url, clock, listener);
    asio::co_spawn(io, socket->run(socket, io, tls, connect_timeout_ms), asio::detached);
    return std::make_unique<Handle>(std::move(socket));
}

}  // namespace virtuoso::net
