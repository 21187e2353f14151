#include "net/socket_layers.hpp"

#include "net/socket_errors.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace virtuoso::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

asio::awaitable<Result<void>> connect_to(const Url& url, PlainLayer& socket, SecureLayer* secure,
                                         std::int64_t timeout_ms) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    tcp::resolver resolver(socket.get_executor());
    const auto addresses = co_await resolver.async_resolve(url.host, url.port, token);
    if (error) {
        co_return std::unexpected(socket_error(url, "resolve", error));
    }
    socket.expires_after(std::chrono::milliseconds(timeout_ms));
    co_await socket.async_connect(addresses, token);
    if (error) {
        co_return std::unexpected(socket_error(url, "connect to", error));
    }
    socket.socket().set_option(tcp::no_delay(true), error);
    if (secure != nullptr) {
        SSL_set_tlsext_host_name(secure->native_handle(), url.host.c_str());
        secure->set_verify_callback(asio::ssl::host_name_verification(url.host));
        co_await secure->async_handshake(asio::ssl::stream_base::client, token);
        if (error) {
            co_return std::unexpected(socket_error(url, "TLS handshake with", error));
        }
    }
    co_return Result<void>{};
}

}  // namespace virtuoso::net
