#include "net/server.hpp"

#include "net/server_peer.hpp"
#include "net/timer.hpp"
#include "net/tls_context.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>

#include <map>

namespace virtuoso {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

using Request = net::UpgradeRequest;
using Response = http::response<http::string_body>;

/// What a client is told whose request could not be read; 0: it has gone, or does not speak HTTP.
int status_of(const boost::system::error_code& error) {
    if (error == http::error::header_limit) {
        return 431;
    }
    if (error == http::error::body_limit) {
        return 413;
    }
    const bool malformed = error.category() == http::make_error_code(http::error::bad_version).category();
    const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
    return malformed && !gone ? 400 : 0;
}

struct Client {
    std::uint16_t port = 0;  ///< that it came to
    std::string address;
};

std::vector<HttpHeader> headers_of(const Request& request) {
    std::vector<HttpHeader> headers;
    for (const auto& field : request) {
        headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    return headers;
}

/// Valid as long as what it is made of.
ServerRequest seen(const Request& request, std::span<const HttpHeader> headers, const Client& client) {
    return {.target = request.target(),
            .method = request.method_string(),
            .body = request.body(),
            .headers = headers,
            .port = client.port,
            .address = client.address};
}

Result<void> listen(tcp::acceptor& acceptor, const std::string& address, std::uint16_t port) {
    boost::system::error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    if (error) {
        return fail(
            ErrorCode::argument,
            fmt::format("{} is not an address to listen on: write 127.0.0.1 or ::1", in_quotes(address)));
    }
    const tcp::endpoint endpoint(parsed, port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error == asio::error::no_descriptors) {
        return fail(ErrorCode::resources, fmt::format("cannot listen on {}:{}: {}: allow more (ulimit -n)",
                                                      address, port, error.message()));
    }
    if (error) {
        return fail(ErrorCode::network, fmt::format("cannot listen on {}:{}: {}; choose another port",
                                                    address, port, error.message()));
    }
    return {};
}

}  // namespace

struct Server::Parts {
    Parts(ServerOptions server_options, ServerHandler& served)
        : options(std::move(server_options)), handler(served) {}

    [[nodiscard]] Result<void> begin_tls(std::uint16_t port);

    [[nodiscard]] Response response_of(const HttpAnswer& answer, unsigned version, bool keep_alive) const;
    [[nodiscard]] ServerAnswer answer_to(const Request& request, const Client& client) const;
    [[nodiscard]] std::optional<HttpAnswer> refused_upgrade(const Request& request,
                                                            const Client& client) const;
    [[nodiscard]] bool takes(const std::string& address) const;
    void leave(const std::string& address);
    asio::awaitable<void> wait(std::int64_t ms);
    asio::awaitable<HttpAnswer> answer_from_elsewhere(ServerAnswer answer);
    asio::awaitable<bool> read_request(net::ByteStream& stream, beast::flat_buffer& buffer, Request& request);
    asio::awaitable<bool> send(net::ByteStream& stream, Response response);
    asio::awaitable<bool> respond(net::ByteStream& stream, const Request& request, const Client& client);
    asio::awaitable<void> drain(net::ByteStream& stream);
    asio::awaitable<void> serve(tcp::socket socket, asio::ssl::context* context, std::string address);
    asio::awaitable<void> accept(tcp::acceptor& acceptor, asio::ssl::context* context);

    ServerOptions options;
    ServerHandler& handler;
    net::Certificate certificate;
    asio::io_context io{1};
    std::unique_ptr<asio::ssl::context> tls;
    tcp::acceptor plain_acceptor{io};
    tcp::acceptor tls_acceptor{io};
    std::size_t connections = 0;
    std::map<std::string, std::size_t> connections_of;  ///< by address
};

Response Server::Parts::response_of(const HttpAnswer& answer, unsigned version, bool keep_alive) const {
    Response response(static_cast<http::status>(answer.status), version);
    for (const auto* const headers : {&options.headers, &answer.headers}) {
        for (const auto& header : *headers) {
            response.set(header.name, header.value);
        }
    }
    response.keep_alive(keep_alive);
    response.body() = answer.body;
    response.prepare_payload();
    if (response.result() == http::status::not_modified) {
        response.erase(http::field::content_length);  // it would be that of what is not sent
    }
    return response;
}

ServerAnswer Server::Parts::answer_to(const Request& request, const Client& client) const {
    const auto headers = headers_of(request);
    return handler.answer(seen(request, headers, client));
}

std::optional<HttpAnswer> Server::Parts::refused_upgrade(const Request& request, const Client& client) const {
    const auto headers = headers_of(request);
    if (auto refused = handler.admits(seen(request, headers, client))) {
        return refused;
    }
    const std::string_view target = request.target();
    return handler.streams_at(target.substr(0, target.find('?')))
               ? std::nullopt
               : std::optional(HttpAnswer{.status = 404, .body = "no such stream\n"});
}

bool Server::Parts::takes(const std::string& address) const {
    const auto found = connections_of.find(address);
    return connections < options.limits.connections_max &&
           (found == connections_of.end() || found->second < options.limits.address_connections_max);
}

void Server::Parts::leave(const std::string& address) {
    --connections;
    if (const auto found = connections_of.find(address); --found->second == 0) {
        connections_of.erase(found);
    }
}

asio::awaitable<void> Server::Parts::wait(std::int64_t ms) {
    boost::system::error_code error;
    asio::steady_timer timer(io, std::chrono::milliseconds(ms));
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<HttpAnswer> Server::Parts::answer_from_elsewhere(ServerAnswer answer) {
    const auto timer =
        std::make_shared<asio::steady_timer>(io, std::chrono::milliseconds(options.limits.answer_ms));
    const auto pending = std::make_shared<PendingAnswer>(
        [timer] { asio::post(timer->get_executor(), [timer] { timer->cancel(); }); });
    // Also when the server ends while this waits: nothing may be posted to it then.
    const std::shared_ptr<void> forget(nullptr, [pending](void*) { static_cast<void>(pending->take()); });
    std::exchange(answer.elsewhere, {})(ServerReply(pending));
    if (!pending->is_given()) {
        boost::system::error_code error;
        co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
    const MakeAnswer make = pending->take();
    co_return make ? make() : std::move(answer.http);
}

// False when the connection is done with.
asio::awaitable<bool> Server::Parts::read_request(net::ByteStream& stream, beast::flat_buffer& buffer,
                                                  Request& request) {
    boost::system::error_code error;
    http::request_parser<http::string_body> parser;
    parser.header_limit(options.limits.header_bytes_max);
    parser.body_limit(options.limits.body_bytes_max);
    stream.expires_after(options.limits.idle_ms);
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
        request = parser.release();
        co_return true;
    }
    if (const int status = status_of(error); status != 0) {
        // Named, because GCC 12 destroys temporaries of a co_await expression twice.
        Response refusal = response_of({.status = status, .body = error.message() + "\n"}, 11, false);
        co_await send(stream, std::move(refusal));
        co_await drain(stream);
    }
    co_return false;
}

// A client that is still sending what was refused would lose the answer to a connection that is reset.
asio::awaitable<void> Server::Parts::drain(net::ByteStream& stream) {
    constexpr std::int64_t patience_ms = 2'000;
    constexpr std::size_t drained_max = std::size_t{64} << 20;
    std::vector<char> rest(std::size_t{64} << 10);
    boost::system::error_code error;
    stream.expires_after(patience_ms);
    for (std::size_t drained = 0; !error && drained < drained_max;) {
        drained += co_await stream.async_read_some(asio::buffer(rest),
                                                   asio::redirect_error(asio::use_awaitable, error));
    }
}

// False when the connection is done with.
asio::awaitable<bool> Server::Parts::send(net::ByteStream& stream, Response response) {
    boost::system::error_code error;
    stream.expires_after(options.limits.idle_ms);
    co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, error));
    co_return !error && response.keep_alive();
}

// False when the connection is done with.
asio::awaitable<bool> Server::Parts::respond(net::ByteStream& stream, const Request& request,
                                             const Client& client) {
    ServerAnswer answer = answer_to(request, client);
    if (answer.delay_ms > 0) {
        co_await wait(answer.delay_ms);
    }
    const auto finish = std::exchange(answer.finish, {});
    const bool waits = static_cast<bool>(answer.elsewhere);
    HttpAnswer made = waits ? HttpAnswer{} : std::move(answer.http);
    if (waits) {
        made = co_await answer_from_elsewhere(std::move(answer));
    }
    if (finish) {
        made = finish(std::move(made));
    }
    Response response = response_of(made, request.version(), request.keep_alive());
    if (request.method() == http::verb::head) {
        response.body().clear();  // its length stays
    }
    co_return co_await send(stream, std::move(response));
}

asio::awaitable<void> Server::Parts::serve(tcp::socket socket, asio::ssl::context* context,
                                           std::string address) {
    std::unique_ptr<net::ByteStream> stream =
        co_await net::accepted_stream(std::move(socket), context, options.limits.idle_ms);
    const tcp::acceptor& acceptor = context == nullptr ? plain_acceptor : tls_acceptor;
    const Client client{.port = acceptor.local_endpoint().port(), .address = std::move(address)};
    beast::flat_buffer buffer;
    bool open = stream != nullptr;
    while (open) {
        Request request;
        open = co_await read_request(*stream, buffer, request);
        if (open && beast::websocket::is_upgrade(request)) {
            const std::optional<HttpAnswer> refused = refused_upgrade(request, client);
            if (!refused) {
                co_await net::serve_peer(std::move(stream), std::move(request), handler, options);
                break;
            }
            Response refusal = response_of(*refused, request.version(), request.keep_alive());
            open = co_await send(*stream, std::move(refusal));
        } else if (open) {
            open = co_await respond(*stream, request, client);
        }
    }
    leave(client.address);
}

asio::awaitable<void> Server::Parts::accept(tcp::acceptor& acceptor, asio::ssl::context* context) {
    while (acceptor.is_open()) {
        boost::system::error_code error;
        tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            co_await wait(10);  // out of file descriptors: others have to be closed first
            continue;
        }
        const auto peer = socket.remote_endpoint(error);
        std::string address = error ? std::string{} : peer.address().to_string();
        if (takes(address) && (context == nullptr || !handler.tls_fails())) {
            ++connections;
            ++connections_of[address];
            socket.set_option(tcp::no_delay(true), error);
            if (options.limits.send_buffer_bytes > 0) {
                socket.set_option(asio::socket_base::send_buffer_size(options.limits.send_buffer_bytes),
                                  error);
            }
            asio::co_spawn(io, serve(std::move(socket), context, std::move(address)), asio::detached);
        }
    }
}

Result<std::unique_ptr<Server>> Server::create(ServerOptions options, ServerHandler& handler) {
    const ServerPorts ports = options.ports;
    auto parts = std::make_unique<Parts>(std::move(options), handler);
    auto listening = listen(parts->plain_acceptor, parts->options.address, ports.plain);
    if (listening && parts->options.tls) {
        listening = parts->begin_tls(ports.tls);
    }
    if (!listening) {
        return std::unexpected(listening.error());
    }
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Result<void> Server::Parts::begin_tls(std::uint16_t port) {
    auto made = net::make_loopback_certificate(options.now_s);
    if (!made) {
        return std::unexpected(made.error());
    }
    auto context = net::server_tls_context(*made);
    if (!context) {
        return std::unexpected(context.error());
    }
    certificate = std::move(*made);
    tls = std::make_unique<asio::ssl::context>(std::move(*context));
    return listen(tls_acceptor, options.address, port);
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

std::uint16_t Server::port() const noexcept {
    return parts_->plain_acceptor.local_endpoint().port();
}
std::uint16_t Server::tls_port() const noexcept {
    return parts_->tls ? parts_->tls_acceptor.local_endpoint().port() : std::uint16_t{0};
}
const std::string& Server::certificate_pem() const noexcept {
    return parts_->certificate.certificate_pem;
}

void Server::after(std::int64_t ms, std::function<void()> call) {
    net::call_after(parts_->io, ms, std::move(call));
}

void Server::run() {
    asio::co_spawn(parts_->io, parts_->accept(parts_->plain_acceptor, nullptr), asio::detached);
    if (parts_->tls) {
        asio::co_spawn(parts_->io, parts_->accept(parts_->tls_acceptor, parts_->tls.get()), asio::detached);
    }
    parts_->io.run();
}

void Server::stop() {
    parts_->io.stop();
}

}  // namespace virtuoso
