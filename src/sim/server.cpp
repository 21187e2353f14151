#include "sim/server.hpp"

#include "net/socket_layers.hpp"
#include "net/tls_context.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>

#include <deque>

namespace virtuoso::sim {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

namespace {

using net::PlainLayer;
using net::SecureLayer;
using Request = http::request<http::string_body>;

constexpr std::size_t unsent_max = 200'000;
constexpr std::int64_t advance_max_ms = 200;  ///< at once, so that sockets are served meanwhile
constexpr std::chrono::seconds idle_limit{120};

/// One WebSocket client. Kept alive by its coroutines.
template <typename Layer>
class StreamSession final : public SimClient, public std::enable_shared_from_this<StreamSession<Layer>> {
  public:
    StreamSession(Layer&& layer, ServedExchange& exchange) : stream_(std::move(layer)), exchange_(exchange) {}

    asio::awaitable<void> run(Request request) {
        boost::system::error_code error;
        beast::get_lowest_layer(stream_).expires_never();
        stream_.auto_fragment(false);
        co_await stream_.async_accept(request, asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            co_return;
        }
        exchange_.join(*this);
        beast::flat_buffer buffer;
        while (!error) {
            co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
            if (!error) {
                exchange_.receive(*this, {static_cast<const char*>(buffer.data().data()), buffer.size()});
                buffer.clear();
            }
        }
        exchange_.leave(*this);
    }

    void deliver(const FrameText& frame) override {
        if (unsent_.size() >= unsent_max) {
            hang_up();  // a client that does not read
            return;
        }
        unsent_.push_back(frame);
        if (!writing_) {
            writing_ = true;
            asio::co_spawn(stream_.get_executor(), write(this->shared_from_this()), asio::detached);
        }
    }

    void hang_up() override {
        unsent_.clear();
        beast::get_lowest_layer(stream_).close();
    }

  private:
    asio::awaitable<void> write(std::shared_ptr<StreamSession>) {
        boost::system::error_code error;
        while (!unsent_.empty() && !error) {
            const FrameText frame = std::move(unsent_.front());
            unsent_.pop_front();
            co_await stream_.async_write(asio::buffer(*frame),
                                         asio::redirect_error(asio::use_awaitable, error));
        }
        writing_ = false;
    }

    websocket::stream<Layer> stream_;
    ServedExchange& exchange_;
    std::deque<FrameText> unsent_;
    bool writing_ = false;
};

http::response<http::string_body> response_of(const Request& request, HttpAnswer answer) {
    http::response<http::string_body> response(static_cast<http::status>(answer.status), request.version());
    response.set(http::field::server, "virtuoso-sim");
    for (const auto& header : answer.headers) {
        response.set(header.name, header.value);
    }
    // Browsers may look, too.
    response.set(http::field::access_control_allow_origin, "*");
    response.keep_alive(request.keep_alive());
    response.body() = std::move(answer.body);
    response.prepare_payload();
    return response;
}

SimAnswer answer_to(ServedExchange& exchange, const Request& request) {
    std::vector<HttpHeader> headers;
    for (const auto& field : request) {
        headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    return exchange.answer({.target = request.target(),
                            .method = request.method_string(),
                            .body = request.body(),
                            .headers = headers});
}

template <typename Layer>
asio::awaitable<void> serve(Layer layer, ServedExchange& exchange) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    beast::flat_buffer buffer;
    while (!error) {
        Request request;
        beast::get_lowest_layer(layer).expires_after(idle_limit);
        co_await http::async_read(layer, buffer, request, token);
        if (error) {
            break;
        }
        const std::string target(request.target());
        if (websocket::is_upgrade(request)) {
            if (exchange.streams_at(std::string_view(target).substr(0, target.find('?')))) {
                const auto session = std::make_shared<StreamSession<Layer>>(std::move(layer), exchange);
                co_await session->run(std::move(request));
                co_return;
            }
            const auto refusal =
                response_of(request, {.status = 404, .headers = {}, .body = "no such stream\n"});
            co_await http::async_write(layer, refusal, token);
            continue;
        }
        SimAnswer answer = answer_to(exchange, request);
        if (answer.delay_ms > 0) {
            const auto executor = co_await asio::this_coro::executor;
            asio::steady_timer timer(executor, std::chrono::milliseconds(answer.delay_ms));
            co_await timer.async_wait(token);
        }
        const auto response = response_of(request, std::move(answer.http));
        co_await http::async_write(layer, response, token);
        if (!request.keep_alive()) {
            break;
        }
    }
}

asio::awaitable<void> serve_secure(tcp::socket socket, asio::ssl::context& tls, ServedExchange& exchange) {
    if (exchange.tls_fails()) {
        co_return;  // closed in the middle of the handshake
    }
    boost::system::error_code error;
    SecureLayer layer(std::move(socket), tls);
    beast::get_lowest_layer(layer).expires_after(idle_limit);
    co_await layer.async_handshake(asio::ssl::stream_base::server,
                                   asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
        co_await serve(std::move(layer), exchange);
    }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, asio::ssl::context* tls, ServedExchange& exchange) {
    while (acceptor.is_open()) {
        boost::system::error_code error;
        tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            continue;
        }
        socket.set_option(tcp::no_delay(true), error);
        const auto executor = co_await asio::this_coro::executor;
        if (tls != nullptr) {
            asio::co_spawn(executor, serve_secure(std::move(socket), *tls, exchange), asio::detached);
        } else {
            asio::co_spawn(executor, serve(PlainLayer(std::move(socket)), exchange), asio::detached);
        }
    }
}

Result<void> listen(tcp::acceptor& acceptor, std::uint16_t port) {
    boost::system::error_code error;
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    acceptor.open(endpoint.protocol(), error);
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
    acceptor.bind(endpoint, error);
    if (!error) {
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return fail(ErrorCode::network, fmt::format("cannot listen on 127.0.0.1:{}: {}; choose another port",
                                                    port, error.message()));
    }
    return {};
}

}  // namespace

struct SimServer::Parts {
    Parts(std::unique_ptr<ServedExchange> served, const Clock& server_clock, net::Certificate made,
          asio::ssl::context context)
        : clock(server_clock),
          certificate(std::move(made)),
          tls(std::move(context)),
          exchange(std::move(served)),
          plain_acceptor(io),
          tls_acceptor(io),
          timer(io) {}

    asio::awaitable<void> keep_time() {
        boost::system::error_code error;
        while (!error) {
            const std::int64_t now_ms = clock.now().ns / 1'000'000;
            const std::int64_t next = std::min(now_ms, exchange->now_ms() + advance_max_ms);
            exchange->advance(next);
            // Behind: go on at once, after the sockets had their turn.
            timer.expires_after(std::chrono::milliseconds(next < now_ms ? 0 : ServedExchange::slot_ms));
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        }
    }

    const Clock& clock;
    net::Certificate certificate;
    asio::io_context io{1};
    asio::ssl::context tls;
    std::unique_ptr<ServedExchange> exchange;
    tcp::acceptor plain_acceptor;
    tcp::acceptor tls_acceptor;
    asio::steady_timer timer;
};

Result<std::unique_ptr<SimServer>> SimServer::create(std::unique_ptr<ServedExchange> exchange, SimPorts ports,
                                                     const Clock& clock) {
    auto certificate = net::make_loopback_certificate(clock.now().ns / 1'000'000'000);
    if (!certificate) {
        return std::unexpected(certificate.error());
    }
    auto tls = net::server_tls_context(*certificate);
    if (!tls) {
        return std::unexpected(tls.error());
    }
    auto parts =
        std::make_unique<Parts>(std::move(exchange), clock, std::move(*certificate), std::move(*tls));
    for (const auto& listening :
         {listen(parts->plain_acceptor, ports.plain), listen(parts->tls_acceptor, ports.tls)}) {
        if (!listening) {
            return std::unexpected(listening.error());
        }
    }
    return std::unique_ptr<SimServer>(new SimServer(std::move(parts)));
}

SimServer::SimServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SimServer::~SimServer() = default;

std::uint16_t SimServer::port() const noexcept {
    return parts_->plain_acceptor.local_endpoint().port();
}
std::uint16_t SimServer::tls_port() const noexcept {
    return parts_->tls_acceptor.local_endpoint().port();
}
const std::string& SimServer::certificate_pem() const noexcept {
    return parts_->certificate.certificate_pem;
}

void SimServer::run() {
    asio::co_spawn(parts_->io, accept(parts_->plain_acceptor, nullptr, *parts_->exchange), asio::detached);
    asio::co_spawn(parts_->io, accept(parts_->tls_acceptor, &parts_->tls, *parts_->exchange), asio::detached);
    asio::co_spawn(parts_->io, parts_->keep_time(), asio::detached);
    parts_->io.run();
}

void SimServer::stop() {
    parts_->io.stop();
}

}  // namespace virtuoso::sim
