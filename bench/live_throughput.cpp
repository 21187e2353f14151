// Messages a second that one connection carries through parse, state and evaluation, on one thread.
//   live_throughput REST_URL STREAM_URL AUTHORITY.pem FRAMES
#include "engine/live_session.hpp"
#include "engine/system_clock.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "net/asio_transport.hpp"

#include <fmt/format.h>

#include <string>

namespace virtuoso::bench {
namespace {

/// Every symbol is evaluated once a second, as `virtuoso watch` does.
int run(const Url& rest, const Url& stream, const std::string& authority, std::uint64_t frames) {
    const SystemClock clock;
    auto transport =
        AsioTransport::create({.rest = rest, .stream = stream, .authority_file = authority}, clock);
    if (!transport) {
        fmt::print(stderr, "{}\n", transport.error().text());
        return 1;
    }
    LocalTime first;
    LocalTime evaluated;
    std::uint64_t seen = 0;
    std::uint64_t evaluations = 0;
    double checksum = 0;
    const Feed* followed = nullptr;
    Pipeline* pipeline = nullptr;
    LiveOptions options;
    options.on_applied = [&](std::span<const MarketEvent>) {
        if (first.ns == 0 && followed->statistics().frames == 0) {
            return;  // answers of REST, before the stream begins
        }
        const LocalTime now = ++seen % 64 == 0 ? clock.now() : evaluated;
        if (first.ns == 0) {
            first = evaluated = clock.now();
        }
        if (now - evaluated < 1'000'000'000) {
            return;
        }
        evaluated = now;
        for (const auto& symbol : pipeline->symbols()) {
            checksum += pipeline->evaluate(*symbol).coverage;
            ++evaluations;
        }
    };
    LiveSession session(std::move(options));
    pipeline = &session.pipeline();
    PerpetualFeed feed(**transport, std::make_unique<bybit::BybitDialect>(), session,
                       {.book_depth = 200, .history = false});
    session.set_feed(feed);
    followed = &feed;
    feed.start();
    // Until a second brought nothing more: how many frames come depends on the topics.
    LocalTime last = clock.now();
    std::uint64_t heard = 0;
    while (heard < frames && (heard == 0 || clock.now() - last < 1'000'000'000)) {
        (*transport)->run_for(5);
        if (const std::uint64_t now = feed.statistics().frames; now != heard) {
            heard = now;
            last = clock.now();
        }
    }
    const double seconds = static_cast<double>(last - first) / 1e9;
    const FeedStatistics statistics = feed.statistics();
    std::uint64_t gaps = 0;
    for (const auto& symbol : session.pipeline().symbols()) {
        gaps += symbol->state.totals().gaps;
    }
    fmt::print(
        "{} messages of {} bytes in {:.2f} s: {:.0f} messages/s, {:.0f} MB/s; {} evaluations, {} gaps, "
        "checksum "
        "{:.3f}\n",
        statistics.frames, statistics.bytes / std::max<std::uint64_t>(1, statistics.frames), seconds,
        static_cast<double>(statistics.frames) / seconds,
        static_cast<double>(statistics.bytes) / seconds / 1e6, evaluations, gaps, checksum);
    return 0;
}

}  // namespace
}  // namespace virtuoso::bench

int main(int argc, char** argv) {
    using namespace virtuoso;
    if (argc != 5) {
        fmt::print(
            stderr,
            "usage: live_throughput REST_URL STREAM_URL AUTHORITY.pem FRAMES; see bench/throughput.sh\n");
        return 2;
    }
    const auto rest = Url::parse(argv[1], "REST_URL");
    const auto stream = Url::parse(argv[2], "STREAM_URL");
    if (!rest || !stream) {
        fmt::print(stderr, "{}\n", (rest ? stream.error() : rest.error()).text());
        return 2;
    }
    return bench::run(*rest, *stream, argv[3], std::stoull(argv[4]));
}
