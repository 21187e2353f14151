// Binance's routes: the feed uses both, and losing one leaves the other alone.
#include "engine/live_session.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "sim/simulated_binance.hpp"
#include "support/virtual_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::size_t symbols = 3;

struct Market {
    Market()
        : exchange({.symbols = symbols, .seed = 2, .start = {start_ms}}),
          network(exchange, 3),
          session(options()),
          feed(network, std::make_unique<binance::UsdmDialect>(), session, {.book_depth = 100}) {
        session.set_feed(feed);
        feed.start();
    }
    [[nodiscard]] LiveOptions options() {
        LiveOptions made;
        made.exchange = "binance-usdm";
        made.on_notice = [this](std::string_view text) { notices.emplace_back(text); };
        return made;
    }
    void fault(std::string_view text) {
        const auto parsed = sim::Fault::parse(text, exchange.now_ms());
        ASSERT_TRUE(parsed) << parsed.error().text();
        exchange.faults().add(*parsed);
    }
    [[nodiscard]] std::size_t concerned(std::string_view part) const {
        std::size_t count = 0;
        for (const auto& name : feed.symbols()) {
            const auto concerns = feed.concerns(name);
            count +=
                std::ranges::any_of(concerns, [&](const auto& c) { return c.starts_with(part); }) ? 1 : 0;
        }
        return count;
    }

    sim::SimulatedBinance exchange;
    test::VirtualNetwork network;
    LiveSession session;
    PerpetualFeed feed;
    std::vector<std::string> notices;
};

TEST(StreamRoutes, EveryKindOfDataComes) {
    Market market;
    market.network.run(3 * ms_per_minute);
    EXPECT_EQ(market.feed.statistics().connections, 2U);
    for (const auto& name : market.feed.symbols()) {
        const TrackedSymbol* const symbol = market.session.find(name);
        ASSERT_NE(symbol, nullptr) << name;
        EXPECT_EQ(market.feed.concerns(name), std::vector<std::string>{}) << name;
        EXPECT_TRUE(symbol->state.book().view()) << name;
        EXPECT_TRUE(symbol->state.ticker().mark_price) << name;
        EXPECT_TRUE(symbol->state.ticker().last_price) << name;
        EXPECT_GT(symbol->state.totals().trades, 0U) << name;
    }
}

TEST(StreamRoutes, LosingTheMarketRouteBreaksNoBook) {
    Market market;
    market.network.run(ms_per_minute);
    ASSERT_EQ(market.concerned(""), 0U);
    market.fault("disconnect:match=@aggTrade,count=1");
    std::size_t trades_waited = 0;
    for (int i = 0; i < 3'000; ++i) {
        market.network.run(10);
        EXPECT_EQ(market.concerned("book"), 0U);
        for (const auto& name : market.feed.symbols()) {
            EXPECT_TRUE(market.session.find(name)->state.book().view()) << name;
        }
        trades_waited += market.concerned("trades");
    }
    EXPECT_GT(trades_waited, 0U);
    EXPECT_EQ(market.concerned(""), 0U);
    EXPECT_EQ(market.feed.statistics().disconnects, 1U);
    EXPECT_EQ(market.feed.statistics().resyncs, 0U);
}

TEST(StreamRoutes, LosingThePublicRouteBreaksBooksOnly) {
    Market market;
    market.network.run(ms_per_minute);
    ASSERT_EQ(market.concerned(""), 0U);
    const std::uint64_t fills = market.feed.statistics().trade_fills;
    market.fault("disconnect:match=@depth,count=1");
    std::size_t books_waited = 0;
    for (int i = 0; i < 3'000; ++i) {
        market.network.run(10);
        EXPECT_EQ(market.concerned("trades"), 0U);
        books_waited += market.concerned("book");
    }
    EXPECT_GT(books_waited, 0U);
    EXPECT_EQ(market.concerned(""), 0U);
    EXPECT_EQ(market.feed.statistics().disconnects, 1U);
    EXPECT_EQ(market.feed.statistics().trade_fills, fills);
}

TEST(StreamRoutes, EveryTopicIsOfARouteOfItsDialect) {
    const binance::UsdmDialect binance;
    const bybit::BybitDialect bybit;
    for (const ExchangeDialect* const dialect :
         {static_cast<const ExchangeDialect*>(&binance), static_cast<const ExchangeDialect*>(&bybit)}) {
        std::set<std::size_t> used;
        for (const auto& topic : dialect->topics_of("BTCUSDT", 200).all()) {
            ASSERT_LT(dialect->route_of(topic), dialect->stream_routes().size()) << topic;
            used.insert(dialect->route_of(topic));
        }
        EXPECT_EQ(used.size(), dialect->stream_routes().size()) << "each is used";
    }
    EXPECT_EQ(binance.stream_routes()[binance.route_of("btcusdt@depth@100ms")].path, "/public/stream");
    EXPECT_EQ(binance.stream_routes()[binance.route_of("btcusdt@bookTicker")].path, "/public/stream");
    EXPECT_EQ(binance.stream_routes()[binance.route_of("btcusdt@rpiDepth@500ms")].path, "/public/stream");
    for (const std::string kind : {"aggTrade", "markPrice@1s", "kline_1m", "ticker", "forceOrder"}) {
        EXPECT_EQ(binance.stream_routes()[binance.route_of("btcusdt@" + kind)].path, "/market/stream");
    }
}

TEST(StreamRoutes, AnAddressWithARouteInItIsUnderstood) {
    const binance::UsdmDialect dialect;
    EXPECT_EQ(dialect.base_path(""), "");
    EXPECT_EQ(dialect.base_path("/mirror"), "/mirror");
    for (const std::string path : {"/stream", "/ws", "/public/stream", "/market/stream", "/public/ws",
                                   "/market/ws", "/stream?streams=btcusdt@depth"}) {
        EXPECT_EQ(dialect.base_path(path), "") << path;
        EXPECT_EQ(dialect.base_path("/mirror" + path), "/mirror") << path;
    }
    EXPECT_EQ(bybit::BybitDialect().base_path("/v5/public/linear"), "/v5/public/linear");
}

}  // namespace
}  // namespace virtuoso
