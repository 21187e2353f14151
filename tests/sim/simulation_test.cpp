// The simulated exchange by itself: determinism, consistency, protocol.
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/listener.hpp"

#include <gtest/gtest.h>

#include <map>

namespace virtuoso::sim {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;

SimulatedExchange make(std::size_t symbols = 3, std::uint64_t seed = 1) {
    return SimulatedExchange({.symbols = symbols, .seed = seed, .start = {start_ms}});
}

TEST(MarketModel, TheSameSeedGivesTheSameEventsHoweverTimeIsCut) {
    MarketModel whole(4, 9, {start_ms});
    MarketModel pieces(4, 9, {start_ms});
    whole.advance(start_ms + 60'000);
    for (std::int64_t ms = start_ms; ms <= start_ms + 60'000; ms += 7) {
        pieces.advance(ms);
    }
    pieces.advance(start_ms + 60'000);
    EXPECT_EQ(whole.events(), pieces.events());
    EXPECT_GT(whole.events(), 1'000U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(whole.market(i).last_tick(), pieces.market(i).last_tick());
        EXPECT_EQ(whole.market(i).open_interest(), pieces.market(i).open_interest());
    }
    EXPECT_NE(MarketModel(4, 10, {start_ms}).market(1).day().open, whole.market(1).day().open);
}

// Long enough for liquidations, whose size follows the open interest that seconds change.
TEST(MarketModel, SecondsPassBetweenEventsHoweverTimeIsCut) {
    constexpr std::int64_t end_ms = start_ms + 20 * ms_per_minute;
    MarketModel whole(6, 1, {start_ms});
    MarketModel pieces(6, 1, {start_ms});
    whole.advance(end_ms);
    for (std::int64_t ms = start_ms; ms <= end_ms; ms += 730) {
        pieces.advance(ms);
    }
    pieces.advance(end_ms);
    EXPECT_EQ(whole.events(), pieces.events());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_EQ(whole.market(i).last_tick(), pieces.market(i).last_tick());
        const auto a = whole.market(i).open_interest_history(5 * ms_per_minute, start_ms, end_ms);
        const auto b = pieces.market(i).open_interest_history(5 * ms_per_minute, start_ms, end_ms);
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t k = 0; k < a.size(); ++k) {
            EXPECT_EQ(a[k].quantity, b[k].quantity) << whole.market(i).instrument().symbol;
        }
    }
}

// How often depends on how long moves last: a service that is tested with many orders is not to be flooded
// with liquidations that no exchange has.
TEST(MarketModel, LiquidationsComeAsOftenHoweverManyOrdersThereAre) {
    constexpr std::size_t markets = 12;
    constexpr std::int64_t minutes = 20;
    struct Counts {
        double liquidations = 0;
        double orders = 0;
    };
    const auto counted = [](double activity) {
        Counts counts;
        MarketModel model(markets, 1, {start_ms}, activity);
        for (std::int64_t minute = 1; minute <= minutes; ++minute) {
            model.advance(start_ms + minute * ms_per_minute);
            for (std::size_t i = 0; i < markets; ++i) {
                counts.liquidations += static_cast<double>(model.market(i).new_liquidations().size());
                model.market(i).forget_liquidations();
                model.market(i).forget_trades();
            }
        }
        counts.orders = static_cast<double>(model.events());
        return counts;
    };
    const Counts usual = counted(1);
    const Counts busy = counted(10);
    EXPECT_GT(usual.liquidations, 20) << "else nothing was shown";
    EXPECT_GT(busy.orders, 3 * usual.orders);
    EXPECT_LT(busy.liquidations, 2 * usual.liquidations);
    EXPECT_GT(busy.liquidations, usual.liquidations / 4);
}

TEST(MarketModel, CandlesAreMadeOfTheTrades) {
    MarketModel model(20, 3, {start_ms});
    model.advance(start_ms + 5 * ms_per_minute);
    SymbolMarket& market = model.market(15);
    const auto& trades = market.recent_trades();
    std::size_t compared = 0;
    for (const SimCandle& candle : market.candles().candles(0)) {
        if (candle.start_ms <= trades.front().time_ms ||
            candle.start_ms + ms_per_minute > trades.back().time_ms) {
            continue;
        }
        SimCandle made;
        for (const SimTrade& trade : trades) {
            if (candle_start(trade.time_ms, ms_per_minute) == candle.start_ms) {
                made.add(trade, 1);
            }
        }
        ++compared;
        EXPECT_EQ(std::tie(made.open, made.high, made.low, made.close, made.steps),
                  std::tie(candle.open, candle.high, candle.low, candle.close, candle.steps));
    }
    EXPECT_GE(compared, 2U);
}

TEST(MarketModel, BooksStayBooks) {
    MarketModel model(8, 21, {start_ms});
    std::vector<SimBook::Level> bids;
    std::vector<SimBook::Level> asks;
    for (int second = 1; second <= 600; ++second) {
        model.advance(start_ms + second * 1'000);
        for (std::size_t i = 0; i < model.size(); ++i) {
            const SimBook& book = model.market(i).book();
            book.top(true, 50, bids);
            book.top(false, 50, asks);
            ASSERT_LT(book.best_bid(), book.best_ask());
            ASSERT_GE(bids.size(), 5U) << model.market(i).instrument().symbol << " second " << second;
            ASSERT_GE(asks.size(), 5U) << model.market(i).instrument().symbol << " second " << second;
        }
    }
}

TEST(SimulatedExchange, EveryPublicEndpointIsDecodedByTheCodec) {
    auto exchange = make(5);
    exchange.advance(start_ms + 30'000);
    bybit::BybitRestCodec codec;
    FrameBuffer buffer;
    const std::string query = "?category=linear&symbol=BTCUSDT";
    for (const std::string& target : std::vector<std::string>{
             "/v5/market/time", "/v5/market/instruments-info?category=linear&limit=2",
             "/v5/market/tickers?category=linear", "/v5/market/kline" + query + "&interval=D&limit=1000",
             "/v5/market/orderbook" + query + "&limit=200", "/v5/market/recent-trade" + query + "&limit=1000",
             "/v5/market/open-interest" + query + "&intervalTime=5min&limit=200",
             "/v5/market/funding/history" + query,
             "/v5/market/account-ratio" + query + "&period=5min&limit=288"}) {
        const auto answer = exchange.answer({.target = target});
        EXPECT_EQ(answer.http.status, 200) << target;
        const auto reply = codec.decode(target, buffer.assign(answer.http.body));
        EXPECT_TRUE(reply) << target << ": " << (reply ? "" : reply.error().text());
    }
    EXPECT_EQ(exchange.answer({.target = "/v5/market/nope"}).http.status, 404);
    for (const std::string& target : std::vector<std::string>{
             "/v5/market/kline?category=linear&symbol=NOPE&interval=1", "/v5/market/kline" + query,
             "/v5/market/kline" + query + "&interval=7",
             "/v5/market/open-interest" + query + "&intervalTime=7min", "/v5/market/tickers?category=nothing",
             "/v5/market/recent-trade" + query + "&limit=x",
             "/v5/market/funding/history" + query + "&startTime=1"}) {
        EXPECT_TRUE(exchange.answer({.target = target}).http.body.starts_with(R"({"retCode":10001,)"))
            << target;
    }
}

TEST(SimulatedExchange, InstrumentsComeInPages) {
    auto exchange = make(7);
    bybit::BybitRestCodec codec;
    FrameBuffer buffer;
    std::string cursor;
    std::size_t listed = 0;
    int pages = 0;
    do {
        const std::string target = "/v5/market/instruments-info?category=linear&limit=3&cursor=" + cursor;
        const auto reply = codec.decode(target, buffer.assign(exchange.answer({.target = target}).http.body));
        ASSERT_TRUE(reply);
        listed += std::get<InstrumentPage>(*reply).instruments.size();
        cursor = std::get<InstrumentPage>(*reply).next_cursor;
    } while (!cursor.empty() && ++pages < 10);
    EXPECT_EQ(listed, 7U);
}

TEST(SimulatedExchange, StreamsFollowTheRules) {
    auto exchange = make();
    test::Listener client;
    exchange.join(client, "/v5/public/linear");
    exchange.receive(client,
                     R"({"op":"subscribe","req_id":"1","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT",)"
                     R"("tickers.BTCUSDT","kline.1.BTCUSDT","allLiquidation.BTCUSDT"]})");
    exchange.receive(client, R"({"op":"ping","req_id":"2"})");
    ASSERT_GE(client.frames.size(), 4U);
    EXPECT_TRUE(client.frames.front().starts_with(R"({"success":true,"ret_msg":"")"));
    EXPECT_NE(client.frames.back().find(R"("ret_msg":"pong")"), std::string::npos);
    exchange.advance(start_ms + 130'000);
    bybit::BybitStreamCodec codec;
    FrameBuffer buffer;
    std::map<std::size_t, int> kinds;
    std::uint64_t last_update = 0;
    int confirmed = 0;
    for (const auto& frame : client.frames) {
        const auto decoded = codec.decode(buffer.assign(frame));
        ASSERT_TRUE(decoded) << frame << ": " << decoded.error().text();
        for (const auto& event : decoded->events) {
            ++kinds[event.payload.index()];
            if (const auto* const snapshot = std::get_if<BookSnapshot>(&event.payload)) {
                last_update = snapshot->update_id;
            } else if (const auto* const delta = std::get_if<BookDelta>(&event.payload)) {
                EXPECT_EQ(delta->last_update_id, ++last_update);
            } else if (const auto* const kline = std::get_if<KlineUpdate>(&event.payload)) {
                confirmed += kline->confirmed ? 1 : 0;
            }
        }
    }
    EXPECT_GE(kinds.size(), 5U) << "snapshot, deltas, trades, tickers, klines";
    EXPECT_EQ(confirmed, 2) << "two minutes ended meanwhile";
}

TEST(SimulatedExchange, RefusesWhatTheExchangeRefuses) {
    auto exchange = make();
    test::Listener client;
    exchange.join(client, "/v5/public/linear");
    for (const auto* const text : {"no json", "{}", R"({"op":"fly"})", R"({"op":"subscribe","args":[]})",
                                   R"({"op":"subscribe","args":["orderbook.7.BTCUSDT"]})",
                                   R"({"op":"subscribe","args":["orderbook.50.NOPE"]})",
                                   R"({"op":"subscribe","args":["liquidation.BTCUSDT"]})"}) {
        client.frames.clear();
        exchange.receive(client, text);
        ASSERT_EQ(client.frames.size(), 1U) << text;
        EXPECT_TRUE(client.frames.front().starts_with(R"({"success":false)")) << client.frames.front();
    }
}

TEST(SimulatedExchange, TheServiceRestartBeginsWithSnapshotOne) {
    auto exchange = make();
    test::Listener client;
    exchange.join(client, "/v5/public/linear");
    exchange.receive(client, R"({"op":"subscribe","args":["orderbook.50.BTCUSDT"]})");
    exchange.advance(start_ms + 1'000);
    exchange.faults().add(*Fault::parse("restart:count=1", exchange.now_ms()));
    client.frames.clear();
    exchange.advance(start_ms + 2'000);
    ASSERT_FALSE(client.frames.empty());
    EXPECT_NE(client.frames.front().find(R"("type":"snapshot")"), std::string::npos);
    EXPECT_NE(client.frames.front().find(R"("u":1,)"), std::string::npos);
    EXPECT_NE(client.frames.at(1).find(R"("u":2,)"), std::string::npos);
}

TEST(SimulatedExchange, TheAdminEndpointCommands) {
    auto exchange = make();
    EXPECT_EQ(
        exchange.answer({.target = "/admin/faults", .method = "POST", .body = "drop:p=0.5,match=orderbook"})
            .http.status,
        200);
    EXPECT_EQ(exchange.faults().active().size(), 1U);
    EXPECT_EQ(exchange.answer({.target = "/admin/faults", .method = "POST", .body = "explode"}).http.status,
              400);
    EXPECT_EQ(exchange.answer({.target = "/admin/clear", .method = "POST"}).http.status, 200);
    EXPECT_TRUE(exchange.faults().active().empty());
    EXPECT_EQ(exchange.answer({.target = "/admin/delist", .method = "POST", .body = "BTCUSDT"}).http.status,
              200);
    EXPECT_TRUE(exchange.answer({.target = "/v5/market/orderbook?category=linear&symbol=BTCUSDT"})
                    .http.body.starts_with(R"({"retCode":10001)"));
    EXPECT_EQ(exchange.answer({.target = "/admin/list", .method = "POST", .body = "NEWUSDT"}).http.status,
              200);
    EXPECT_EQ(exchange.answer({.target = "/v5/market/orderbook?category=linear&symbol=NEWUSDT"}).http.status,
              200);
    EXPECT_EQ(exchange.answer({.target = "/admin/delist", .method = "POST", .body = "NOPE"}).http.status,
              404);
}

TEST(Fault, ParsesAndRefusesWithTheRemedy) {
    const auto fault = Fault::parse("delay:p=0.25,match=publicTrade,value=300,count=4,for=10", 1'000);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->kind, FaultKind::delay);
    EXPECT_EQ(fault->probability, 0.25);
    EXPECT_EQ(fault->match, "publicTrade");
    EXPECT_EQ(fault->value, 300);
    EXPECT_EQ(fault->left, 4);
    EXPECT_EQ(fault->until_ms, 11'000);
    for (const FaultKind kind : all_fault_kinds()) {
        EXPECT_EQ(Fault::parse(name_of(kind), 0)->kind, kind);
    }
    for (const auto* const text :
         {"", "explode", "drop:p=2", "drop:p", "drop:count=0", "drop:for=x", "drop:what=1"}) {
        const auto refused = Fault::parse(text, 0);
        ASSERT_FALSE(refused) << text;
        EXPECT_NE(refused.error().message.find("expected"), std::string::npos);
    }
}

}  // namespace
}  // namespace virtuoso::sim
