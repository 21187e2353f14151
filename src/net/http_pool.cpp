#include "net/http_pool.hpp"

#include "net/byte_stream.hpp"
#include "net/socket_errors.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace virtuoso::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::uint64_t body_bytes_max = std::uint64_t{32} << 20;
constexpr std::size_t idle_max = 16;

struct Connection {
    std::unique_ptr<ByteStream> stream;
    beast::flat_buffer buffer;
};

}  // namespace

struct HttpPool::Parts : std::enable_shared_from_this<HttpPool::Parts> {
    Parts(asio::io_context& context, asio::ssl::context& tls_context, const Url& address,
          std::int64_t connect_ms)
        : io(context), tls(tls_context), url(address), connect_timeout_ms(connect_ms) {}

    asio::awaitable<Result<HttpAnswer>> exchange(Connection& connection, const HttpRequest& request,
                                                 bool& reusable);
    asio::awaitable<Result<HttpAnswer>> fetch(const HttpRequest& request);

    asio::io_context& io;
    asio::ssl::context& tls;
    Url url;
    std::int64_t connect_timeout_ms;
    std::vector<std::unique_ptr<Connection>> idle;
};

asio::awaitable<Result<HttpAnswer>> HttpPool::Parts::exchange(Connection& connection,
                                                              const HttpRequest& request, bool& reusable) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    http::request<http::string_body> message(request.posted ? http::verb::post : http::verb::get,
                                             url.path + request.target, 11);
    message.set(http::field::host, url.host);
    message.set(http::field::user_agent, "virtuoso");
    for (const auto& header : request.headers) {
        message.set(header.name, header.value);
    }
    if (request.posted) {
        message.body() = *request.posted;
        message.prepare_payload();
    }
    connection.stream->expires_after(request.timeout_ms);
    co_await http::async_write(*connection.stream, message, token);
    if (error) {
        co_return std::unexpected(socket_error(url, "write to", error));
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_bytes_max);
    co_await http::async_read(*connection.stream, connection.buffer, parser, token);
    if (error) {
        co_return std::unexpected(socket_error(url, "read from", error));
    }
    auto response = parser.release();
    reusable = response.keep_alive();
    HttpAnswer answer{.status = static_cast<int>(response.result_int())};
    for (const auto& field : response) {
        answer.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    answer.body = std::move(response.body());
    co_return answer;
}

asio::awaitable<Result<HttpAnswer>> HttpPool::Parts::fetch(const HttpRequest& request) {
    Result<HttpAnswer> answer = fail(ErrorCode::network, "not asked");
    bool reused = !idle.empty() && !request.posted;
    do {
        std::unique_ptr<Connection> connection;
        if (reused && !idle.empty()) {
            connection = std::move(idle.back());
            idle.pop_back();
        } else {
            reused = false;
            auto stream = co_await connect_to(io, tls, url, connect_timeout_ms);
            if (!stream) {
                co_return std::unexpected(stream.error());
            }
            connection = std::make_unique<Connection>();
            connection->stream = std::move(*stream);
        }
        bool reusable = false;
        answer = co_await exchange(*connection, request, reusable);
        if (reusable && idle.size() < idle_max) {
            connection->stream->expires_never();
            idle.push_back(std::move(connection));
        }
        if (answer || !reused) {
            co_return answer;
        }
        reused = false;
    } while (true);
}

HttpPool::HttpPool(asio::io_context& io, asio::ssl::context& tls, const Url& url,
                   std::int64_t connect_timeout_ms)
    : parts_(std::make_shared<Parts>(io, tls, url, connect_timeout_ms)) {}

HttpPool::~HttpPool() = default;

void HttpPool::get(HttpRequest request, Transport::OnAnswer on_answer) {
    asio::co_spawn(
        parts_->io,
        [parts = parts_, kept = std::move(request), done = std::move(on_answer)]() -> asio::awaitable<void> {
            auto answer = co_await parts->fetch(kept);
            done(std::move(answer));
        },
        asio::detached);
}

}  // namespace virtuoso::net
