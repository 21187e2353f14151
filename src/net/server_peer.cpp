#include "net/server_peer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace virtuoso::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t idle_capacity_max = std::size_t{256} << 10;  ///< kept while nothing waits

/// RFC 6455 §5.2: a final, unmasked text frame.
void append_frame(std::string& out, std::string_view text) {
    out += '\x81';
    const auto append_length = [&](int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out += static_cast<char>(text.size() >> shift & 0xffU);
        }
    };
    if (text.size() < 126) {
        append_length(1);
    } else if (text.size() < 65'536) {
        out += '\x7e';
        append_length(2);
    } else {
        out += '\x7f';
        append_length(8);
    }
    out += text;
}

/// RFC 6455 §5.5.1.
void append_closing(std::string& out, std::uint16_t code, std::string_view reason) {
    constexpr std::size_t reason_max = 123;
    const std::string_view words = reason.substr(0, reason_max);
    out += '\x88';
    out += static_cast<char>(words.size() + 2);
    out += static_cast<char>(code >> 8U);
    out += static_cast<char>(code & 0xffU);
    out += words;
}

/// A connection whose writes wait in one bounded queue, in which messages of the server and the protocol's
/// own frames follow each other whole, and which goes out in pieces as large as what waits.
class QueuedStream final : public ByteStream, public std::enable_shared_from_this<QueuedStream> {
  public:
    QueuedStream(std::unique_ptr<ByteStream> below, std::size_t unsent_bytes_max)
        : below_(std::move(below)), unsent_bytes_max_(unsent_bytes_max) {}

    /// Called whenever the queue has gone out.
    void on_drained(std::function<void()> call) { drained_ = std::move(call); }

    void send(std::string_view text) {
        if (closed_ || closing_) {
            return;
        }
        if (waiting_.size() + going_.size() > unsent_bytes_max_) {
            close();  // a client that does not read
            return;
        }
        append_frame(waiting_, text);
        start();
    }

    void send_closing(std::uint16_t code, std::string_view reason) {
        if (closed_ || closing_) {
            return;
        }
        append_closing(waiting_, code, reason);
        closing_ = true;
        start();
        asio::co_spawn(get_executor(), end_soon(shared_from_this()), asio::detached);
    }

    executor_type get_executor() override { return below_->get_executor(); }
    void read_some(asio::mutable_buffer buffer, Done done) override {
        below_->read_some(buffer, std::move(done));
    }
    void write_some(asio::const_buffer buffer, Done done) override {
        if (!closing_) {  // nothing follows a closing frame, no other one either
            waiting_.append(static_cast<const char*>(buffer.data()), buffer.size());
            start();
        }
        asio::post(get_executor(),
                   [bytes = buffer.size(), kept = std::move(done)]() mutable { kept({}, bytes); });
    }
    void expires_after(std::int64_t ms) override { below_->expires_after(ms); }
    void expires_never() override { below_->expires_never(); }
    void close() override {
        closed_ = true;
        waiting_ = {};
        below_->close();
    }
    void finish(std::move_only_function<void(boost::system::error_code)> done) override {
        if (writing_ && !closed_) {
            finished_ = std::move(done);
        } else {
            below_->finish(std::move(done));
        }
    }

  private:
    void start() {
        if (!writing_ && !closed_) {
            writing_ = true;
            asio::co_spawn(get_executor(), write(shared_from_this()), asio::detached);
        }
    }

    /// The client's answer ends it sooner.
    asio::awaitable<void> end_soon(std::shared_ptr<QueuedStream>) {
        constexpr auto patience = std::chrono::seconds(2);
        boost::system::error_code error;
        asio::steady_timer timer(get_executor(), patience);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        if (!closed_) {
            close();
        }
    }

    asio::awaitable<void> write(std::shared_ptr<QueuedStream>) {
        co_await asio::post(get_executor(), asio::use_awaitable);  // what is sent in the same turn goes along
        boost::system::error_code error;
        while (!waiting_.empty() && !error) {
            going_.clear();
            std::swap(going_, waiting_);
            co_await asio::async_write(*below_, asio::buffer(going_),
                                       asio::redirect_error(asio::use_awaitable, error));
            if (waiting_.empty() && !error && drained_) {
                drained_();
            }
        }
        writing_ = false;
        for (std::string* const text : {&going_, &waiting_}) {
            text->clear();
            if (text->capacity() > idle_capacity_max) {
                *text = {};
            }
        }
        if (finished_) {
            below_->finish(std::exchange(finished_, {}));
        }
    }

    std::unique_ptr<ByteStream> below_;
    std::size_t unsent_bytes_max_;
    std::string waiting_;
    std::string going_;
    std::function<void()> drained_;
    std::move_only_function<void(boost::system::error_code)> finished_;
    bool writing_ = false;
    bool closing_ = false;  ///< a closing frame is the last that was sent
    bool closed_ = false;
};

class Peer final : public ServerPeer {
  public:
    explicit Peer(QueuedStream& stream) : stream_(stream) {}
    void send(const SharedText& text) override { stream_.send(*text); }
    void hang_up() override { stream_.close(); }
    void close(std::uint16_t code, std::string_view reason) override { stream_.send_closing(code, reason); }

  private:
    QueuedStream& stream_;
};

}  // namespace

asio::awaitable<void> serve_peer(std::unique_ptr<ByteStream> stream, UpgradeRequest request,
                                 ServerHandler& handler, const ServerOptions& options) {
    const ServerLimits& limits = options.limits;
    stream->expires_never();
    const auto queue = std::make_shared<QueuedStream>(std::move(stream), limits.unsent_bytes_max);
    WebSocketProtocol protocol(queue, limits.message_bytes_max);
    const std::string target(request.target());
    if (co_await protocol.accept(request, limits.silence_ms, options.subprotocol)) {
        co_return;
    }
    Peer peer(*queue);
    handler.join(peer, target);
    queue->on_drained([&] { handler.drained(peer); });
    boost::beast::flat_buffer buffer;
    while (!co_await protocol.read(buffer)) {
        const std::string_view message(static_cast<const char*>(buffer.data().data()), buffer.size());
        if (protocol.read_text()) {
            handler.receive(peer, message);
        } else {
            handler.receive_binary(peer, message);
        }
        buffer.clear();
    }
    queue->on_drained({});
    handler.leave(peer);
    queue->close();
}

}  // namespace virtuoso::net
