#include "net/byte_stream.hpp"

#include "net/socket_errors.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

namespace virtuoso::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

namespace {

using PlainLayer = beast::tcp_stream;
using SecureLayer = asio::ssl::stream<beast::tcp_stream>;

template <typename Layer>
class LayerStream final : public ByteStream {
  public:
    template <typename... Arguments>
    explicit LayerStream(Arguments&&... arguments) : layer_(std::forward<Arguments>(arguments)...) {}

    executor_type get_executor() override { return layer_.get_executor(); }
    void read_some(asio::mutable_buffer buffer, Done done) override {
        layer_.async_read_some(buffer, std::move(done));
    }
    void write_some(asio::const_buffer buffer, Done done) override {
        layer_.async_write_some(buffer, std::move(done));
    }
    void expires_after(std::int64_t ms) override { socket().expires_after(std::chrono::milliseconds(ms)); }
    void expires_never() override { socket().expires_never(); }
    void close() override { socket().close(); }
    void finish(std::move_only_function<void(boost::system::error_code)> done) override {
        socket().close();
        asio::post(get_executor(), [kept = std::move(done)]() mutable { kept({}); });
    }

    [[nodiscard]] PlainLayer& socket() { return beast::get_lowest_layer(layer_); }
    [[nodiscard]] Layer& layer() { return layer_; }

  private:
    Layer layer_;
};

asio::awaitable<boost::system::error_code> connect_socket(PlainLayer& socket,
                                                          const tcp::resolver::results_type& addresses,
                                                          std::int64_t timeout_ms) {
    boost::system::error_code error;
    socket.expires_after(std::chrono::milliseconds(timeout_ms));
    co_await socket.async_connect(addresses, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
        socket.socket().set_option(tcp::no_delay(true), error);
    } else if (error == asio::error::operation_aborted) {
        // Asio says so too where no socket could be had: the cause is asked for again.
        boost::system::error_code cause;
        tcp::socket(socket.get_executor()).open(tcp::v4(), cause);
        error = cause ? cause : error;
    }
    co_return error;
}

asio::awaitable<boost::system::error_code> shake_hands(SecureLayer& layer,
                                                       asio::ssl::stream_base::handshake_type side) {
    boost::system::error_code error;
    co_await layer.async_handshake(side, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<ByteStream>>> connect_to(asio::io_context& io, asio::ssl::context& tls,
                                                                const Url& url, std::int64_t timeout_ms) {
    boost::system::error_code error;
    tcp::resolver resolver(io);
    const auto addresses =
        co_await resolver.async_resolve(url.host, url.port, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        co_return std::unexpected(socket_error(url, "resolve", error));
    }
    if (!url.tls) {
        auto plain = std::make_unique<LayerStream<PlainLayer>>(io);
        error = co_await connect_socket(plain->socket(), addresses, timeout_ms);
        if (error) {
            co_return std::unexpected(socket_error(url, "connect to", error));
        }
        plain->expires_never();
        co_return plain;
    }
    auto secure = std::make_unique<LayerStream<SecureLayer>>(io, tls);
    error = co_await connect_socket(secure->socket(), addresses, timeout_ms);
    if (error) {
        co_return std::unexpected(socket_error(url, "connect to", error));
    }
    SSL_set_tlsext_host_name(secure->layer().native_handle(), url.host.c_str());
    secure->layer().set_verify_callback(asio::ssl::host_name_verification(url.host));
    error = co_await shake_hands(secure->layer(), asio::ssl::stream_base::client);
    if (error) {
        co_return std::unexpected(socket_error(url, "TLS handshake with", error));
    }
    secure->expires_never();
    co_return secure;
}

asio::awaitable<std::unique_ptr<ByteStream>> accepted_stream(tcp::socket socket, asio::ssl::context* tls,
                                                             std::int64_t timeout_ms) {
    if (tls == nullptr) {
        co_return std::make_unique<LayerStream<PlainLayer>>(std::move(socket));
    }
    auto secure = std::make_unique<LayerStream<SecureLayer>>(std::move(socket), *tls);
    secure->expires_after(timeout_ms);
    if (co_await shake_hands(secure->layer(), asio::ssl::stream_base::server)) {
        co_return nullptr;
    }
    co_return secure;
}

}  // namespace virtuoso::net
