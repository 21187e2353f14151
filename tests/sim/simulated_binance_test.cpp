// The simulated exchange as Binance: its tiers, numbers, limits and lists.
#include "sim/simulated_binance.hpp"

#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "market/order_book.hpp"
#include "support/listener.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace virtuoso::sim {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;

const std::vector<std::string> kinds{"depth@100ms", "bookTicker", "aggTrade",  "markPrice@1s",
                                     "kline_1m",    "ticker",     "forceOrder"};

std::string subscription() {
    std::vector<std::string> streams;
    for (const auto& kind : kinds) {
        streams.push_back(fmt::format("\"btcusdt@{}\"", kind));
    }
    return fmt::format(R"({{"method":"SUBSCRIBE","id":1,"params":[{}]}})", fmt::join(streams, ","));
}

struct Tier {
    const char* path;
    bool books;
    bool market;
};
class Tiers : public testing::TestWithParam<Tier> {};
INSTANTIATE_TEST_SUITE_P(Paths, Tiers,
                         testing::Values(Tier{"/public/stream", true, false},
                                         Tier{"/market/stream", false, true}, Tier{"/stream", true, false},
                                         Tier{"/ws", true, false}));

TEST_P(Tiers, EveryPathAcknowledgesAllAndDeliversItsOwn) {
    SimulatedBinance exchange({.symbols = 2, .seed = 1, .start = {start_ms}});
    test::Listener client;
    ASSERT_TRUE(exchange.streams_at(GetParam().path));
    exchange.join(client, GetParam().path);
    exchange.receive(client, subscription());
    ASSERT_EQ(client.frames.size(), 1U);
    EXPECT_EQ(client.frames.front(), R"({"result":null,"id":1})");
    exchange.advance(start_ms + 10'000);
    for (const auto& kind : kinds) {
        const bool book = kind == "depth@100ms" || kind == "bookTicker";
        const bool due = book ? GetParam().books : GetParam().market && kind != "forceOrder";
        if (kind != "forceOrder" || !GetParam().market) {
            EXPECT_EQ(client.count(fmt::format("\"btcusdt@{}\"", kind)) > 0, due) << kind;
        }
    }
}

TEST(SimulatedBinance, EveryFrameDecodesAndDepthJoinsOnTheSnapshot) {
    SimulatedBinance exchange({.symbols = 1, .seed = 4, .start = {start_ms}});
    test::Listener books;
    test::Listener market;
    exchange.join(books, "/public/stream");
    exchange.join(market, "/market/stream");
    exchange.receive(books, subscription());
    exchange.receive(market, subscription());
    exchange.advance(start_ms + 2'000);
    const HttpAnswer answer = exchange.answer({.target = "/fapi/v1/depth?symbol=BTCUSDT&limit=1000"}).http;
    ASSERT_EQ(answer.status, 200);
    exchange.advance(start_ms + 60'000);
    binance::BinanceStreamCodec codec(binance::Market::usdm);
    FrameBuffer buffer;
    OrderBook book{BookLimits{}};
    binance::BinanceRestCodec rest;
    const auto reply = rest.decode("/fapi/v1/depth?symbol=BTCUSDT&limit=1000", buffer.assign(answer.body));
    ASSERT_TRUE(reply) << reply.error().text();
    ASSERT_FALSE(book.apply(std::get<BookSnapshot>(std::get<MarketReply>(*reply).events[0].payload)));
    std::size_t applied = 0;
    const auto* const topic = exchange.depth_topic("btcusdt@depth@100ms");
    for (const auto& frame : books.frames) {
        const auto decoded = codec.decode(buffer.assign(frame));
        ASSERT_TRUE(decoded) << decoded.error().text() << frame;
        for (const auto& event : decoded->events) {
            if (const auto* const delta = std::get_if<BookDelta>(&event.payload)) {
                const bool late = delta->last_update_id < book.update_id();
                ASSERT_TRUE(late || book.apply(*delta) == DeltaOutcome::applied) << frame;
                const auto view = book.view();
                ASSERT_TRUE(view);
                if (const auto truth = late ? std::nullopt : topic->top_truth(view->update_id())) {
                    BookTopic::Digest digest;
                    for (const bool bids : {true, false}) {
                        std::size_t levels = 0;
                        const auto visit = [&](Price price, Size size) {
                            digest.add(price.units, size.units);
                            return ++levels < BinanceDepthTopic::top_levels;
                        };
                        bids ? view->walk_bids(visit) : view->walk_asks(visit);
                    }
                    EXPECT_EQ(digest.value(), *truth);
                    ++applied;
                }
            }
        }
    }
    EXPECT_GT(applied, 300U);
    for (const auto& frame : market.frames) {
        EXPECT_TRUE(codec.decode(buffer.assign(frame))) << frame;
    }
}

TEST(SimulatedBinance, EveryListDecodes) {
    SimulatedBinance exchange({.symbols = 3, .seed = 4, .start = {start_ms}});
    exchange.advance(start_ms + 1'000);
    binance::BinanceRestCodec codec;
    FrameBuffer buffer;
    for (const std::string target :
         {"/fapi/v1/time", "/fapi/v1/exchangeInfo", "/fapi/v1/ticker/24hr",
          "/fapi/v1/depth?symbol=BTCUSDT&limit=500", "/fapi/v1/klines?symbol=BTCUSDT&interval=4h&limit=360",
          "/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1000", "/fapi/v1/openInterest?symbol=BTCUSDT",
          "/fapi/v1/fundingRate?symbol=BTCUSDT&limit=270",
          "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&limit=288",
          "/futures/data/globalLongShortAccountRatio?symbol=BTCUSDT&period=5m&limit=288"}) {
        const HttpAnswer answer = exchange.answer({.target = target}).http;
        EXPECT_EQ(answer.status, 200) << target;
        const auto reply = codec.decode(target, buffer.assign(answer.body));
        ASSERT_TRUE(reply) << target << ": " << reply.error().text();
        if (const auto* const market = std::get_if<MarketReply>(&*reply)) {
            EXPECT_FALSE(market->events.empty()) << target;
        }
    }
    EXPECT_EQ(exchange.answer({.target = "/fapi/v1/depth?symbol=NONE"}).http.status, 400);
    EXPECT_EQ(exchange.answer({.target = "/nothing?symbol=BTCUSDT"}).http.status, 404);
}

TEST(SimulatedBinance, LimitsAreThoseOfTheExchange) {
    SimulatedBinance exchange({.symbols = 1, .seed = 4, .start = {start_ms}});
    int answered = 0;
    for (int i = 0; i < 121; ++i) {
        const auto answer = exchange.answer({.target = "/fapi/v1/depth?symbol=BTCUSDT&limit=1000"});
        answered += answer.http.status == 200 ? 1 : 0;
        EXPECT_TRUE(answer.http.status == 200 || !answer.http.header("Retry-After").empty());
    }
    EXPECT_EQ(answered, 120) << "2400 a minute at 20 each";
    exchange.advance(start_ms + ms_per_minute);
    EXPECT_EQ(exchange.answer({.target = "/fapi/v1/time"}).http.status, 200) << "another minute";

    test::Listener client;
    exchange.join(client, "/public/stream");
    for (int i = 0; i < 10; ++i) {
        exchange.receive(client, R"({"method":"GET_PROPERTY","params":["combined"],"id":1})");
    }
    EXPECT_FALSE(client.hung_up);
    exchange.receive(client, R"({"method":"GET_PROPERTY","params":["combined"],"id":1})");
    EXPECT_TRUE(client.hung_up) << "more than ten messages a second";

    test::Listener old;
    exchange.join(old, "/market/stream");
    exchange.leave(client);
    exchange.model().find("BTCUSDT")->instrument().trading = false;
    exchange.advance(exchange.now_ms() + SimulatedBinance::lifetime_ms - ms_per_minute);
    EXPECT_FALSE(old.hung_up);
    exchange.advance(exchange.now_ms() + 2 * ms_per_minute);
    EXPECT_TRUE(old.hung_up) << "after 24 hours";
}

}  // namespace
}  // namespace virtuoso::sim
