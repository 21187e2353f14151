// The simulated exchange on its thread and the feed on another, over TLS.
#include "engine/embedded_exchange.hpp"

#include "engine/live_session.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "net/asio_transport.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/socket_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {
namespace {

TEST(EmbeddedExchange, AFeedFollowsItWithoutAHole) {
    const SystemClock clock;
    auto embedded =
        EmbeddedExchange::start(std::make_unique<sim::SimulatedExchange>(sim::SimExchangeOptions{
                                    .symbols = 6, .seed = 4, .start = {clock.now().ns / 1'000'000}}),
                                {}, "/v5/public/linear");
    ASSERT_TRUE(embedded) << embedded.error().text();
    const auto transport = AsioTransport::create({.rest = *Url::parse((*embedded)->rest_url(), "rest"),
                                                  .stream = *Url::parse((*embedded)->stream_url(), "stream"),
                                                  .authority_pem = (*embedded)->certificate_pem()},
                                                 clock);
    ASSERT_TRUE(transport) << transport.error().text();
    LiveOptions options;
    LiveSession session(std::move(options));
    PerpetualFeed feed(**transport, std::make_unique<bybit::BybitDialect>(), session, {.book_depth = 50});
    session.set_feed(feed);
    feed.start();
    const auto whole = [&] {
        std::size_t count = 0;
        for (const auto& symbol : session.pipeline().symbols()) {
            count += symbol->state.book().view() && feed.concerns(symbol->state.symbol()).empty() ? 1U : 0U;
        }
        return count;
    };
    const LocalTime begun = clock.now();
    while ((whole() < 6 || feed.statistics().frames < 500) && clock.now() - begun < 60'000'000'000) {
        (*transport)->run_for(20);
    }
    EXPECT_EQ(whole(), 6U);
    EXPECT_GE(feed.statistics().frames, 500U);
    EXPECT_EQ(feed.statistics().refused, 0U);
    for (const auto& symbol : session.pipeline().symbols()) {
        EXPECT_EQ(symbol->state.totals().gaps, 0U) << symbol->state.symbol();
    }
}

// What a browser on this machine may be made to send, as bytes.
TEST(EmbeddedExchange, CommandsComeFromProgramsOfThisMachineOnly) {
    const SystemClock clock;
    auto embedded =
        EmbeddedExchange::start(std::make_unique<sim::SimulatedExchange>(sim::SimExchangeOptions{
                                    .symbols = 2, .seed = 4, .start = {clock.now().ns / 1'000'000}}),
                                {}, "/v5/public/linear");
    ASSERT_TRUE(embedded) << embedded.error().text();
    const std::uint16_t port = (*embedded)->server().port();
    const auto answer_to = [&](std::string_view line, const std::string& headers, std::string_view body) {
        test::RawClient client(port);
        client.write(fmt::format("{} HTTP/1.1\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n{}", line,
                                 headers, body.size(), body));
        return client.read_all();
    };
    const auto host = [](std::string_view name, int number) {
        return fmt::format("Host: {}:{}\r\n", name, number);
    };
    const std::string here = host("127.0.0.1", port);
    const auto status_of = [](const std::string& answer) { return answer.substr(9, 3); };
    for (const std::string& headers :
         {host("evil.example", port), host("127.0.0.1", port == 80 ? 81 : 80), host("127.0.0.1.nip.io", port),
          here + "Origin: http://evil.example\r\n", here + "Origin: null\r\n",
          here + fmt::format("Origin: http://127.0.0.1:{}\r\n", port)}) {
        const auto answer = answer_to("POST /admin/faults", headers, "drop");
        EXPECT_EQ(status_of(answer), "403") << headers << answer;
        EXPECT_EQ(answer.find("Access-Control"), std::string::npos) << answer;
    }
    EXPECT_EQ(status_of(answer_to("GET /admin/faults", host("localhost", port), "")), "200");
    const auto listed = answer_to("GET /admin/faults", here, "");
    EXPECT_NE(listed.find("struck 0"), std::string::npos) << "nothing was added: " << listed;
    const auto wrong_method = answer_to("GET /admin/clear", here, "");
    EXPECT_EQ(status_of(wrong_method), "405");
    EXPECT_NE(wrong_method.find("Allow: POST\r\n"), std::string::npos) << wrong_method;
    EXPECT_EQ(status_of(answer_to("OPTIONS /admin/faults", here, "")), "405");
    EXPECT_EQ(status_of(answer_to("POST /admin/faults", here, "delay:value=-5")), "400");
    EXPECT_EQ(status_of(answer_to("POST /admin/list", here, "no symbol")), "400");
    // Sent whole before anything is read: the answer must not be lost to a reset.
    EXPECT_EQ(status_of(answer_to("POST /admin/faults", here, std::string(8U << 20, 'x'))), "413");
    EXPECT_EQ(
        status_of(answer_to("GET /admin/faults", here + "X: " + std::string(200'000, 'x') + "\r\n", "")),
        "431");
    EXPECT_EQ(
        answer_to("GET /v5/market/time", here + "Origin: http://evil.example\r\n", "").find("Access-Control"),
        std::string::npos);
}

}  // namespace
}  // namespace virtuoso
