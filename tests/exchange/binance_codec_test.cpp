#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace virtuoso::binance {
namespace {

class BinanceStream : public ::testing::Test {
  protected:
    Result<DecodedFrame> decode(std::string_view text) { return usdm_.decode(buffer_.assign(text)); }
    template <typename Payload>
    const Payload& only(const Result<DecodedFrame>& decoded) {
        EXPECT_TRUE(decoded) << decoded.error().message;
        EXPECT_EQ(decoded->events.size(), 1U);
        return std::get<Payload>(decoded->events[0].payload);
    }
    BinanceStreamCodec usdm_{Market::usdm};
    BinanceStreamCodec spot_{Market::spot};
    FrameBuffer buffer_;
};

TEST_F(BinanceStream, FuturesDepthLinksByPu) {
    const auto& delta = only<BookDelta>(decode(
        R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[["0.0024","10"]],"a":[["0.0026","100"]]}})"));
    EXPECT_EQ(delta.previous_update_id, 149U);
    EXPECT_EQ(delta.first_update_id, 157U);
    EXPECT_EQ(delta.last_update_id, 160U);
    EXPECT_EQ(delta.time.ms, 1723161256298);
    EXPECT_EQ(delta.depth, 0);
}

TEST_F(BinanceStream, OnlyMarketPrintsAreOfTheMarket) {
    const auto print_of = [&](std::string_view kind, std::string_view price, std::string_view size) {
        const auto decoded = decode(fmt::format(
            R"({{"e":"trade","E":1736899289202,"T":1736899289200,"s":"ARBUSDT","t":71061,"p":"{}","q":"{}",{}"m":false}})",
            price, size, kind));
        const auto prints = only<Trades>(decoded).prints;
        EXPECT_EQ(prints.size(), 1U);
        return prints.front();
    };
    EXPECT_FALSE(print_of(R"("X":"MARKET",)", "0.9", "5").off_market);
    EXPECT_FALSE(print_of("", "0.9", "5").off_market);
    EXPECT_FALSE(print_of(R"("X":null,)", "0.9", "5").off_market);
    for (const std::string_view kind : {"INSURANCE_FUND", "ADL", "NA", "SOMETHING_NEW"}) {
        EXPECT_TRUE(print_of(fmt::format(R"("X":"{}",)", kind), "0.9150", "250000").off_market) << kind;
    }
    EXPECT_TRUE(print_of(R"("X":"NA",)", "0", "0").off_market);
    EXPECT_TRUE(print_of("", "3211.05", "0.000").off_market);
    for (const std::string_view bad :
         {R"("p":"0","q":"1")", R"("p":"-1","q":"1")", R"("p":"1","q":"-1")", R"("p":"1")", R"("q":"1")"}) {
        EXPECT_FALSE(decode(fmt::format(
            R"({{"e":"trade","E":1736899289202,"T":1736899289200,"s":"ARBUSDT","t":71061,{},"m":false}})",
            bad)))
            << bad;
    }
}

TEST_F(BinanceStream, WhatAnAggregateTradeHasBeyondItsNormalSizeIsRetail) {
    const struct {
        std::string_view normal;
        std::vector<std::pair<std::string, bool>> prints;  ///< size, retail
    } cases[] = {{R"("nq":"3",)", {{"3", false}, {"2", true}}},
                 {R"("nq":"5",)", {{"5", false}}},
                 {R"("nq":"100",)", {{"5", false}}},
                 {R"("nq":"0",)", {{"5", true}}},
                 {R"("nq":null,)", {{"5", false}}},
                 {R"("nq":"",)", {{"5", false}}},
                 {"", {{"5", false}}}};
    BinanceRestCodec rest;
    for (const auto& test : cases) {
        const std::string fields = fmt::format(
            R"("a":26129,"p":"0.5","q":"5",{}"f":27781,"l":27781,"T":1736899289200,"m":true)", test.normal);
        const auto check = [&](std::span<const TradePrint> prints) {
            ASSERT_EQ(prints.size(), test.prints.size()) << test.normal;
            for (std::size_t i = 0; i < prints.size(); ++i) {
                EXPECT_EQ(to_text(prints[i].size), test.prints[i].first) << test.normal;
                EXPECT_EQ(prints[i].retail, test.prints[i].second) << test.normal;
                EXPECT_EQ(prints[i].id, 26129U);
                EXPECT_EQ(prints[i].taker, Side::sell);
            }
        };
        check(only<Trades>(decode(fmt::format(R"({{"e":"aggTrade","E":1736899289202,"s":"A",{}}})", fields)))
                  .prints);
        const auto reply =
            rest.decode("/fapi/v1/aggTrades?symbol=A", buffer_.assign(fmt::format("[{{{}}}]", fields)));
        ASSERT_TRUE(reply) << reply.error().message;
        check(std::get<Trades>(std::get<MarketReply>(*reply).events[0].payload).prints);
    }
}

TEST_F(BinanceStream, ListsGiveAnEventAnElement) {
    const auto marks = decode(
        R"({"stream":"!markPrice@arr","data":[{"e":"markPriceUpdate","E":1562305380000,"s":"A","p":"2","r":"","T":1562306400000},{"e":"markPriceUpdate","E":1562305380000,"s":"B","p":"3","r":null,"i":""}]})");
    ASSERT_TRUE(marks) << marks.error().message;
    ASSERT_EQ(marks->events.size(), 2U);
    EXPECT_EQ(marks->events[1].symbol, "B");
    EXPECT_EQ(to_text(*std::get<TickerUpdate>(marks->events[1].payload).mark_price), "3");
    EXPECT_FALSE(std::get<TickerUpdate>(marks->events[1].payload).funding_rate);
    const auto forced = decode(
        R"([{"e":"forceOrder","E":1568014460893,"o":{"s":"A","S":"SELL","q":"1","p":"10","ap":"10","T":1568014460893}},{"e":"forceOrder","E":1568014460893,"o":{"s":"B","S":"BUY","q":"2","p":"20","ap":"20","T":1568014460893}}])");
    ASSERT_TRUE(forced) << forced.error().message;
    ASSERT_EQ(forced->events.size(), 2U);
    EXPECT_EQ(to_text(std::get<Liquidations>(forced->events[0].payload).events[0].price), "10");
    EXPECT_EQ(to_text(std::get<Liquidations>(forced->events[1].payload).events[0].price), "20");
    EXPECT_EQ(decode("[]")->kind, FrameKind::quiet);
}

TEST_F(BinanceStream, OtherProductsAreRefusedByName) {
    const std::pair<std::string_view, std::string_view> refused[] = {
        {R"({"e":"contractInfo","E":1669356423908,"s":"IOTAUSDT"})", "contractInfo"},
        {R"({"stream":"tradingSession","data":{"e":"EquityUpdate","E":1765244143062}})", "EquityUpdate"},
        {R"({"stream":"!miniTicker@arr","data":[{"e":"24hrMiniTicker","E":1,"s":"A"}]})", "24hrMiniTicker"},
        {R"({"stream":"a@rpiDepth@500ms","data":{"e":"depthUpdate","E":1723161256299,"s":"A","U":1,"u":2,"pu":0,"b":[],"a":[]}})",
         "a@rpiDepth@500ms"},
        {R"({"stream":"a@depth20@100ms","data":{"e":"depthUpdate","E":1723161256299,"s":"A","U":1,"u":2,"pu":0,"b":[],"a":[]}})",
         "a@depth20@100ms"},
        {R"([{"e":"depthUpdate","E":1723161256299,"s":"A","U":1,"u":2,"pu":0,"b":[],"a":[]}])",
         "depthUpdate"},
        {R"([{"e":"aggTrade","E":1723161256299,"s":"A"}])", "trades"}};
    for (const auto& [frame, word] : refused) {
        const auto decoded = decode(frame);
        ASSERT_FALSE(decoded) << frame;
        EXPECT_EQ(decoded.error().code, ErrorCode::unsupported_product) << frame;
        EXPECT_TRUE(decoded.error().message.contains(word)) << decoded.error().message;
    }
}

TEST_F(BinanceStream, SpotDepthCountsOn) {
    const auto decoded = spot_.decode(buffer_.assign(
        R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":50093239189,"u":50093239202,"b":[],"a":[["1","0.00000000"]]}})"));
    EXPECT_EQ(only<BookDelta>(decoded).previous_update_id, 50093239188U);
}

TEST_F(BinanceStream, FuturesDepthWithoutPuIsRefused) {
    const auto decoded = decode(R"({"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[]})");
    ASSERT_FALSE(decoded);
    EXPECT_NE(decoded.error().message.find("pu"), std::string::npos);
    EXPECT_TRUE(usdm_.refused_book());
    EXPECT_EQ(usdm_.refused_symbol(), "BTCUSDT");
}

TEST_F(BinanceStream, ABuyingMakerMeansTheTakerSold) {
    const auto& trades = only<Trades>(decode(
        R"({"stream":"btcusdt@trade","data":{"e":"trade","E":2,"T":1,"s":"BTCUSDT","t":5,"p":"61800.30","q":"0.006","X":"MARKET","m":true}})"));
    EXPECT_EQ(trades.prints[0].taker, Side::sell);
    EXPECT_TRUE(trades.ids_ascend);
    EXPECT_EQ(trades.feed, TradeFeed::individual);
    const auto& aggregate = only<Trades>(decode(
        R"({"e":"aggTrade","E":123456789,"s":"BTCUSDT","a":5933014,"p":"0.001","q":"100","f":100,"l":105,"T":123456785,"m":false})"));
    EXPECT_EQ(aggregate.feed, TradeFeed::aggregate);
    EXPECT_EQ(aggregate.prints[0].taker, Side::buy);
    EXPECT_EQ(aggregate.prints[0].id, 5933014U);
}

TEST_F(BinanceStream, SpotBookTickerHasNoEventName) {
    const auto decoded = spot_.decode(buffer_.assign(
        R"({"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}})"));
    const auto& ticker = only<TickerUpdate>(decoded);
    EXPECT_EQ(to_text(ticker.best_bid->price), "61837.63");
    EXPECT_EQ(to_text(ticker.best_ask->size), "1.54698");
}

TEST_F(BinanceStream, ASellingForceOrderLiquidatesALong) {
    const auto& batch = only<Liquidations>(decode(
        R"({"e":"forceOrder","E":1568014460893,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"9910","ap":"9910.12345678","X":"FILLED","l":"0.014","z":"0.014","T":1568014460890}})"));
    EXPECT_EQ(batch.events[0].position, PositionSide::long_position);
    EXPECT_EQ(to_text(batch.events[0].price), "9910.12345678");
    EXPECT_EQ(batch.events[0].time.ms, 1568014460890);
}

TEST_F(BinanceStream, MarkPriceKlineAndDayTicker) {
    const auto& mark = only<TickerUpdate>(decode(
        R"({"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15000000","i":"11784.62659091","P":"11784.25641265","r":"0.00038167","T":1562306400000})"));
    EXPECT_DOUBLE_EQ(*mark.funding_rate, 0.00038167);
    EXPECT_EQ(to_text(*mark.index_price), "11784.62659091");
    const auto& kline = only<KlineUpdate>(decode(
        R"({"e":"kline","E":1638747660000,"s":"BTCUSDT","k":{"t":1638747660000,"T":1638747719999,"s":"BTCUSDT","i":"1m","f":100,"L":200,"o":"0.0010","c":"0.0020","h":"0.0025","l":"0.0010","v":"1000","n":100,"x":true,"q":"1.0000","V":"500","Q":"0.500","B":"0"}})"));
    EXPECT_TRUE(kline.confirmed);
    EXPECT_EQ(kline.candle.taker_buy, 500);
    EXPECT_EQ(kline.candle.taker_sell, 500);
    const auto& day = only<TickerUpdate>(decode(
        R"({"e":"24hrTicker","E":123456789,"s":"BTCUSDT","P":"-0.786","c":"16584.6","h":"16764.89","l":"16456.51","v":"122474.816","q":"2036102085.697464"})"));
    EXPECT_DOUBLE_EQ(*day.change_24h, -0.00786);
}

TEST_F(BinanceStream, AnswersAndErrors) {
    EXPECT_EQ(decode(R"({"result":null,"id":1})")->kind, FrameKind::subscribed);
    EXPECT_EQ(decode(R"({"error":{"code":2,"msg":"Invalid request"},"id":1})")->kind,
              FrameKind::subscription_failed);
    EXPECT_FALSE(decode(R"({"hello":1})"));
}

// Whoever takes a cut book for a whole one says what is not so.
TEST(BinanceRest, ASnapshotThatMayBeCutIsNotWhole) {
    const auto truncated = [](const std::string& target, int bids, int asks) {
        const auto levels = [](int count, int step) {
            std::string text;
            for (int i = 0; i < count; ++i) {
                text += fmt::format("{}[\"{}\",\"1\"]", i == 0 ? "" : ",", 10'000 + step * (i + 1));
            }
            return text;
        };
        const auto body =
            fmt::format(R"({{"lastUpdateId":1,"E":1723161256501,"T":1723161256493,"bids":[{}],"asks":[{}]}})",
                        levels(bids, -1), levels(asks, 1));
        BinanceRestCodec codec;
        FrameBuffer buffer;
        const auto reply = codec.decode(target, buffer.assign(body));
        EXPECT_TRUE(reply) << reply.error().message;
        return std::get<BookSnapshot>(std::get<MarketReply>(*reply).events[0].payload).truncated;
    };
    for (const std::string target : {"/api/v3/depth?symbol=X", "/fapi/v1/depth?symbol=X&limit=1000"}) {
        for (const int count : {5, 10, 20, 50, 100, 137, 200, 250, 500, 999, 1'000, 1'200, 5'000}) {
            EXPECT_TRUE(truncated(target, count, count)) << target << ' ' << count;
        }
        EXPECT_TRUE(truncated(target, 200, 63)) << "one side was cut";
        EXPECT_TRUE(truncated(target, 63, 200));
        EXPECT_FALSE(truncated(target, 63, 151)) << "nothing speaks for a cut";
    }
    EXPECT_TRUE(truncated("/fapi/v1/depth?symbol=X&limit=63", 63, 61));
}

TEST(BinanceRest, DepthTakesItsSymbolFromTheRequest) {
    BinanceRestCodec codec;
    FrameBuffer buffer;
    const auto body =
        R"({"lastUpdateId":5123107852948,"E":1723161256501,"T":1723161256493,"bids":[["61800.20","2.909"]],"asks":[["61800.30","1"]]})";
    const auto reply = codec.decode("/fapi/v1/depth?symbol=BTCUSDT&limit=1000", buffer.assign(body));
    ASSERT_TRUE(reply) << reply.error().message;
    const auto& event = std::get<MarketReply>(*reply).events[0];
    EXPECT_EQ(event.symbol, "BTCUSDT");
    const auto& snapshot = std::get<BookSnapshot>(event.payload);
    EXPECT_EQ(snapshot.update_id, 5123107852948U);
    EXPECT_EQ(snapshot.time.ms, 1723161256493);
    EXPECT_FALSE(snapshot.truncated);
    EXPECT_FALSE(codec.decode("/fapi/v1/depth", buffer.assign(body))) << "whose book would it be?";
    const auto refused =
        codec.decode("/api/v3/depth?symbol=X", buffer.assign(R"({"code":-1121,"msg":"Invalid symbol."})"));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("-1121"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso::binance
