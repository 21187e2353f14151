// From the loss of every stream until all order books are whole again, over TLS, and from the start until
// then.
//   reconnect [SYMBOLS] [TIMES]
#include "engine/embedded_exchange.hpp"
#include "engine/live_session.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "net/asio_transport.hpp"
#include "sim/simulated_exchange.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <cstdlib>

namespace virtuoso::bench {

namespace {

constexpr std::int64_t give_up_ns = 60'000'000'000;

std::size_t whole_books(LiveSession& session) {
    std::size_t whole = 0;
    for (const auto& symbol : session.pipeline().symbols()) {
        whole += symbol->state.book().view() ? 1U : 0U;
    }
    return whole;
}

/// Seconds until all books are whole, negative when it took too long.
double until_whole(AsioTransport& transport, const Clock& clock, LiveSession& session, std::size_t symbols,
                   LocalTime begun) {
    while (whole_books(session) < symbols) {
        transport.run_for(1);
        if (clock.now() - begun > give_up_ns) {
            return -1;
        }
    }
    return static_cast<double>(clock.now() - begun) / 1e9;
}

void close_all_streams(std::uint16_t port) {
    namespace asio = boost::asio;
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), port});
    const std::string request =
        "POST /admin/disconnect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    asio::write(socket, asio::buffer(request));
    char answer[512];
    static_cast<void>(socket.read_some(asio::buffer(answer)));
}

int measure(std::size_t symbols, long times) {
    const SystemClock clock;
    const auto start_ms = clock.now().ns / 1'000'000;
    auto embedded = EmbeddedExchange::start(std::make_unique<sim::SimulatedExchange>(sim::SimExchangeOptions{
                                                .symbols = symbols, .seed = 1, .start = {start_ms}}),
                                            {}, "/v5/public/linear");
    if (!embedded) {
        fmt::print(stderr, "{}\n", embedded.error().text());
        return 1;
    }
    const LocalTime begun = clock.now();
    auto transport = AsioTransport::create({.rest = *Url::parse((*embedded)->rest_url(), "rest"),
                                            .stream = *Url::parse((*embedded)->stream_url(), "stream"),
                                            .authority_pem = (*embedded)->certificate_pem()},
                                           clock);
    if (!transport) {
        fmt::print(stderr, "{}\n", transport.error().text());
        return 1;
    }
    LiveOptions options;
    LiveSession session(std::move(options));
    PerpetualFeed feed(**transport, std::make_unique<bybit::BybitDialect>(), session, {.book_depth = 200});
    session.set_feed(feed);
    feed.start();
    fmt::print("start of {} symbols to all books whole: {:.2f} s\n", symbols,
               until_whole(**transport, clock, session, symbols, begun));
    for (long i = 0; i < times; ++i) {
        (*transport)->run_for(3'000);
        const LocalTime lost = clock.now();
        close_all_streams((*embedded)->server().port());
        while (whole_books(session) == symbols) {
            (*transport)->run_for(1);
        }
        fmt::print("all streams lost to all {} books whole: {:.2f} s\n", symbols,
                   until_whole(**transport, clock, session, symbols, lost));
    }
    fmt::print("{} connections, {} disconnects, {} frames\n", feed.statistics().connections,
               feed.statistics().disconnects, feed.statistics().frames);
    return 0;
}

}  // namespace

}  // namespace virtuoso::bench

int main(int count, char** arguments) {
    const auto number = [&](int index, long absent) {
        return count > index ? std::strtol(arguments[index], nullptr, 10) : absent;
    };
    return virtuoso::bench::measure(static_cast<std::size_t>(number(1, 560)), number(2, 5));
}
