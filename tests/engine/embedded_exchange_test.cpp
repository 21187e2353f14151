// The simulated exchange on its thread and the feed on another, over TLS.
#include "engine/embedded_exchange.hpp"

#include "engine/live_session.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "net/asio_transport.hpp"
#include "sim/simulated_exchange.hpp"

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
    LiveSession session({});
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

}  // namespace
}  // namespace virtuoso
