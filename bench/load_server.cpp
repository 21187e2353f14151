// A load generator: serves the simulated exchange's REST side, and to every WebSocket client, once it has
// subscribed, a stretch of the simulated exchange's frames as fast as the socket takes them.
//   load_server [SYMBOLS] [FRAMES]     prints the ports, serves until it is killed
#include "engine/system_clock.hpp"
#include "exchange/bybit/dialect.hpp"
#include "net/tls_context.hpp"
#include "sim/simulated_exchange.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

namespace virtuoso::bench {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 18;

/// What the exchange sent to one client that subscribed to everything.
class Capture final : public sim::SimClient {
  public:
    Capture(sim::SimulatedExchange& exchange, std::size_t frames) {
        const bybit::BybitDialect dialect;
        exchange.join(*this);
        for (std::size_t i = 0; i < exchange.model().size(); ++i) {
            const auto topics = dialect.topics_of(exchange.model().market(i).instrument().symbol, 200).all();
            exchange.receive(*this, dialect.request_text(true, "1", topics));
        }
        while (frames_.size() < frames) {
            exchange.advance(exchange.now_ms() + ms_per_second);
        }
        exchange.leave(*this);
    }
    void deliver(const sim::FrameText& frame) override {
        if (frame->starts_with("{\"topic\"")) {
            frames_.push_back(frame);
        }
    }
    void hang_up() override {}
    [[nodiscard]] const std::vector<sim::FrameText>& frames() const noexcept { return frames_; }

  private:
    std::vector<sim::FrameText> frames_;
};

/// RFC 6455 §5.2: an unmasked text frame.
void append_frame(std::string& out, const std::string& text) {
    out += '\x81';
    if (text.size() < 126) {
        out += static_cast<char>(text.size());
    } else if (text.size() < 65'536) {
        out += '\x7e';
        out += static_cast<char>(text.size() >> 8);
        out += static_cast<char>(text.size() & 0xff);
    } else {
        out += '\x7f';
        for (int shift = 56; shift >= 0; shift -= 8) {
            out += static_cast<char>((text.size() >> shift) & 0xff);
        }
    }
    out += text;
}

std::string topic_of(const std::string& frame) {
    constexpr std::size_t begin = 10;  // {"topic":"
    return frame.substr(begin, frame.find('"', begin) - begin);
}

template <typename Layer>
asio::awaitable<void> blast(Layer layer, http::request<http::string_body> request, const Capture& capture) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    beast::get_lowest_layer(layer).expires_never();
    websocket::stream<Layer> stream(std::move(layer));
    co_await stream.async_accept(request, token);
    // "?topics=250": the frames begin when so many are subscribed.
    const std::string target(request.target());
    const auto given = target.find("topics=");
    const std::size_t awaited = given == std::string::npos ? 1 : std::stoul(target.substr(given + 7));
    std::set<std::string> topics;
    beast::flat_buffer buffer;
    while (!error) {
        co_await stream.async_read(buffer, token);
        if (error) {
            break;
        }
        const auto message = nlohmann::json::parse(beast::buffers_to_string(buffer.data()), nullptr, false);
        buffer.clear();
        for (const auto& topic : message.value("args", nlohmann::json::array())) {
            topics.insert(topic.get<std::string>());
        }
        const std::string answer = fmt::format(
            R"({{"success":true,"ret_msg":"","conn_id":"load","req_id":{},"op":"{}"}})",
            message.contains("req_id") ? message["req_id"].dump() : "\"\"", message.value("op", ""));
        const std::string framed = [&] {
            std::string bytes;
            append_frame(bytes, answer);
            return bytes;
        }();
        co_await asio::async_write(stream.next_layer(), asio::buffer(framed), token);
        if (topics.size() >= awaited) {
            break;
        }
    }
    std::string chunk;
    for (const auto& frame : capture.frames()) {
        if (topics.contains(topic_of(*frame))) {
            append_frame(chunk, *frame);
        }
        if (chunk.size() >= chunk_bytes || &frame == &capture.frames().back()) {
            co_await asio::async_write(stream.next_layer(), asio::buffer(chunk), token);
            chunk.clear();
            if (error) {
                co_return;
            }
        }
    }
    asio::steady_timer linger(stream.get_executor(), std::chrono::seconds(60));
    co_await linger.async_wait(token);
}

template <typename Layer>
asio::awaitable<void> serve(Layer layer, sim::SimulatedExchange& exchange, const Capture& capture) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    beast::flat_buffer buffer;
    while (!error) {
        http::request<http::string_body> request;
        co_await http::async_read(layer, buffer, request, token);
        if (error) {
            break;
        }
        if (websocket::is_upgrade(request)) {
            co_await blast(std::move(layer), std::move(request), capture);
            co_return;
        }
        auto answer = exchange.answer({.target = request.target()});
        http::response<http::string_body> response(http::status::ok, 11);
        response.keep_alive(request.keep_alive());
        response.body() = std::move(answer.http.body);
        response.prepare_payload();
        co_await http::async_write(layer, response, token);
    }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, asio::ssl::context* tls,
                             sim::SimulatedExchange& exchange, const Capture& capture) {
    while (true) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        const auto executor = co_await asio::this_coro::executor;
        if (tls == nullptr) {
            asio::co_spawn(executor, serve(beast::tcp_stream(std::move(socket)), exchange, capture),
                           asio::detached);
            continue;
        }
        asio::co_spawn(
            executor,
            [](tcp::socket raw, asio::ssl::context& context, sim::SimulatedExchange& served,
               const Capture& frames) -> asio::awaitable<void> {
                boost::system::error_code error;
                beast::ssl_stream<beast::tcp_stream> layer(std::move(raw), context);
                co_await layer.async_handshake(asio::ssl::stream_base::server,
                                               asio::redirect_error(asio::use_awaitable, error));
                if (!error) {
                    co_await serve(std::move(layer), served, frames);
                }
            }(std::move(socket), *tls, exchange, capture),
            asio::detached);
    }
}

int run(std::size_t symbols, std::size_t frames, const std::string& authority_path) {
    const SystemClock clock;
    const std::int64_t now_s = clock.now().ns / 1'000'000'000;
    const sim::SimExchangeOptions options{.symbols = symbols, .seed = 1, .start = {now_s * 1'000}};
    sim::SimulatedExchange captured(options);
    const Capture capture(captured, frames);
    sim::SimulatedExchange exchange(options);  // REST tells what was before the frames
    const auto certificate = net::make_loopback_certificate(now_s);
    auto tls = net::server_tls_context(*certificate);
    std::ofstream(authority_path) << certificate->certificate_pem;
    asio::io_context io{1};
    tcp::acceptor plain(io, {asio::ip::address_v4::loopback(), 0});
    tcp::acceptor secure(io, {asio::ip::address_v4::loopback(), 0});
    std::size_t bytes = 0;
    for (const auto& frame : capture.frames()) {
        bytes += frame->size();
    }
    fmt::print("{} {} {} {}\n", plain.local_endpoint().port(), secure.local_endpoint().port(),
               capture.frames().size(), bytes / capture.frames().size());
    std::fflush(stdout);
    asio::co_spawn(io, accept(plain, nullptr, exchange, capture), asio::detached);
    asio::co_spawn(io, accept(secure, &*tls, exchange, capture), asio::detached);
    io.run();
    return 0;
}

}  // namespace
}  // namespace virtuoso::bench

int main(int argc, char** argv) {
    if (argc != 4) {
        fmt::print(stderr, "usage: load_server SYMBOLS FRAMES AUTHORITY.pem; see bench/throughput.sh\n");
        return 2;
    }
    return virtuoso::bench::run(std::stoul(argv[1]), std::stoul(argv[2]), argv[3]);
}
