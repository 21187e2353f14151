#include "base/seeded_random.hpp"
#include "exchange/bybit/stream_codec.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso::bybit {
namespace {

class BybitStream : public ::testing::Test {
  protected:
    Result<DecodedFrame> decode(std::string_view text) { return codec_.decode(buffer_.assign(text)); }
    template <typename Payload>
    const Payload& only(const Result<DecodedFrame>& decoded) {
        EXPECT_TRUE(decoded) << decoded.error().message;
        EXPECT_EQ(decoded->events.size(), 1U);
        return std::get<Payload>(decoded->events[0].payload);
    }
    BybitStreamCodec codec_;
    FrameBuffer buffer_;
};

TEST_F(BybitStream, BookDelta) {
    const auto decoded = decode(
        R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"],["30240.00","0"]],"a":[["30248.70","0"]],"u":177400507,"seq":66544703342},"cts":1687940967464})");
    const auto& delta = only<BookDelta>(decoded);
    EXPECT_EQ(decoded->events[0].symbol, "BTCUSDT");
    EXPECT_EQ(delta.time.ms, 1687940967464);
    EXPECT_EQ(delta.last_update_id, 177400507U);
    EXPECT_EQ(delta.previous_update_id, 177400506U);
    EXPECT_EQ(delta.depth, 50);
    ASSERT_EQ(delta.bids.size(), 2U);
    EXPECT_EQ(to_text(delta.bids[0].price), "30247.2");
    EXPECT_EQ(to_text(delta.bids[0].size), "30.028");
    EXPECT_TRUE(delta.bids[1].size.is_zero());
    EXPECT_EQ(delta.asks.size(), 1U);
}

TEST_F(BybitStream, FieldsMayComeInAnyOrderAndWithSpace) {
    const auto decoded = decode(
        "{ \"ts\" : 5 , \"data\" : { \"u\" : 3, \"a\" : [ ], \"b\" : [ [ \"1.5\" , \"2\" ] ,\n [\"1\",\"3\"] "
        "], \"s\" : \"X\" } ,"
        " \"type\" : \"snapshot\", \"topic\" : \"orderbook.200.X\" }");
    const auto& snapshot = only<BookSnapshot>(decoded);
    EXPECT_EQ(snapshot.update_id, 3U);
    EXPECT_EQ(snapshot.time.ms, 5);
    EXPECT_EQ(snapshot.bids.size(), 2U);
    EXPECT_EQ(snapshot.asks.size(), 0U);
}

TEST_F(BybitStream, Trades) {
    const auto decoded = decode(
        R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950","BT":false,"seq":1},{"T":1672304486866,"s":"BTCUSDT","S":"Sell","v":"2","p":"16578","i":"20f43951","BT":true}]})");
    const auto& trades = only<Trades>(decoded);
    ASSERT_EQ(trades.prints.size(), 2U);
    EXPECT_EQ(trades.prints[0].taker, Side::buy);
    EXPECT_FALSE(trades.prints[0].block);
    EXPECT_EQ(trades.prints[1].taker, Side::sell);
    EXPECT_TRUE(trades.prints[1].block);
    EXPECT_NE(trades.prints[0].id, trades.prints[1].id);
    EXPECT_EQ(decoded->events[0].time.ms, 1672304486866);
}

TEST_F(BybitStream, TickerDeltaHoldsOnlyWhatChanged) {
    const auto decoded = decode(
        R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"17217.33","openInterest":"68744.761","fundingRate":"-0.000212","nextFundingTime":"1673280000000","bid1Price":"17215.50","bid1Size":"84.489","ask1Price":"17216.00"},"cs":24987956059,"ts":1673272861686})");
    const auto& ticker = only<TickerUpdate>(decoded);
    EXPECT_FALSE(ticker.snapshot);
    EXPECT_FALSE(ticker.last_price);
    EXPECT_EQ(to_text(*ticker.mark_price), "17217.33");
    EXPECT_DOUBLE_EQ(*ticker.open_interest, 34372.3805) << "one side";
    EXPECT_DOUBLE_EQ(*ticker.funding_rate, -0.000212);
    EXPECT_EQ(ticker.next_funding_time->ms, 1673280000000);
    ASSERT_TRUE(ticker.best_bid);
    EXPECT_FALSE(ticker.best_ask) << "half a quote is none";
}

TEST_F(BybitStream, Kline) {
    const auto decoded = decode(
        R"({"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"interval":"5","open":"16649.5","close":"16677","high":"16677","low":"16608","volume":"2.081","turnover":"34666.4005","confirm":true,"timestamp":1672324988882}],"ts":1672324988882,"type":"snapshot"})");
    const auto& kline = only<KlineUpdate>(decoded);
    EXPECT_EQ(kline.timeframe, Timeframe::m5);
    EXPECT_TRUE(kline.confirmed);
    EXPECT_EQ(to_text(kline.candle.low), "16608");
    EXPECT_DOUBLE_EQ(kline.candle.turnover, 34666.4005);
}

TEST_F(BybitStream, KlinesOfIntervalsThatAreNotKeptAreQuiet) {
    const auto decoded = decode(
        R"({"topic":"kline.3.BTCUSDT","data":[{"start":1,"open":"1","close":"1","high":"1","low":"1","volume":"1","turnover":"1","confirm":true}],"ts":1,"type":"snapshot"})");
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->kind, FrameKind::quiet);
}

TEST_F(BybitStream, LiquidationSidesAreThePositions) {
    const auto& all = only<Liquidations>(decode(
        R"({"topic":"allLiquidation.X","type":"snapshot","ts":1739502303204,"data":[{"T":1739502302929,"s":"X","S":"Buy","v":"20000","p":"0.04499"}]})"));
    EXPECT_EQ(all.events[0].position, PositionSide::long_position);
    const auto& older = only<Liquidations>(decode(
        R"({"data":{"price":"0.03803","side":"Buy","size":"1637","symbol":"GALAUSDT","updatedTime":1673251091822},"topic":"liquidation.GALAUSDT","ts":1673251091822,"type":"snapshot"})"));
    EXPECT_EQ(older.events[0].position, PositionSide::short_position) << "a buying order closes a short";
}

TEST_F(BybitStream, Answers) {
    const auto subscribed =
        decode(R"({"success":true,"ret_msg":"","conn_id":"abc","req_id":"r1","op":"subscribe"})");
    ASSERT_TRUE(subscribed);
    EXPECT_EQ(subscribed->kind, FrameKind::subscribed);
    EXPECT_EQ(subscribed->request_id, "r1");
    const auto failed =
        decode(R"({"success":false,"ret_msg":"Invalid topic","conn_id":"abc","op":"subscribe"})");
    EXPECT_EQ(failed->kind, FrameKind::subscription_failed);
    EXPECT_EQ(failed->detail, "Invalid topic");
    EXPECT_EQ(decode(R"({"success":true,"ret_msg":"pong","conn_id":"abc","req_id":"1","op":"ping"})")->kind,
              FrameKind::pong);
    EXPECT_EQ(decode(R"({"req_id":"1","op":"pong","args":["1675418560633"],"conn_id":"c"})")->kind,
              FrameKind::pong);
    EXPECT_EQ(decode(R"({"op":"ping"})")->kind, FrameKind::request);
}

struct MessageOf {
    const char* topic;
    const char* type;
    std::vector<std::string> needed;
    std::vector<std::string> optional;
    bool list;
};

std::vector<MessageOf> messages_with_optional_fields() {
    return {
        {"tickers.XUSDT",
         "snapshot",
         {R"("symbol":"XUSDT")"},
         {"lastPrice",
          "markPrice",
          "indexPrice",
          "price24hPcnt",
          "highPrice24h",
          "lowPrice24h",
          "openInterest",
          "openInterestValue",
          "singleOpenInterest",
          "singleOpenInterestValue",
          "turnover24h",
          "volume24h",
          "nextFundingTime",
          "fundingRate",
          "fundingIntervalHour",
          "bid1Price",
          "bid1Size",
          "ask1Price",
          "ask1Size",
          "deliveryTime",
          "preOpenPrice",
          "curPreListingPhase"},
         false},
        {"publicTrade.XUSDT",
         "snapshot",
         {R"("T":1736899200000)", R"("s":"XUSDT")", R"("S":"Buy")", R"("v":"1")", R"("p":"2")"},
         {"L", "i", "BT", "RPI", "seq"},
         true},
        {"kline.1.XUSDT",
         "snapshot",
         {R"("start":1736899200000)", R"("open":"1")", R"("high":"1")", R"("low":"1")", R"("close":"1")",
          R"("volume":"1")", R"("confirm":true)"},
         {"turnover", "timestamp", "end", "interval"},
         true},
    };
}

// An optional field that is null or empty is one that is not there; the rest of the message counts.
TEST(BybitOptionalFields, NullAndEmptyMeanNone) {
    BybitStreamCodec codec;
    FrameBuffer buffer;
    for (const auto& test : messages_with_optional_fields()) {
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            SeededRandom random(seed);
            std::vector<std::string> fields = test.needed;
            for (const auto& name : test.optional) {
                const double chance = random.uniform();
                if (chance < 0.7) {
                    fields.insert(
                        fields.begin() + static_cast<std::ptrdiff_t>(random.below(fields.size() + 1)),
                        fmt::format("\"{}\":{}", name, chance < 0.35 ? "null" : "\"\""));
                }
            }
            const std::string data = fmt::format("{{{}}}", fmt::join(fields, ","));
            const auto frame =
                fmt::format(R"({{"topic":"{}","type":"{}","data":{},"cts":null,"ts":1736899200000}})",
                            test.topic, test.type, test.list ? "[" + data + "]" : data);
            const auto decoded = codec.decode(buffer.assign(frame));
            ASSERT_TRUE(decoded) << frame << decoded.error().message;
            ASSERT_EQ(decoded->events.size(), 1U);
            if (const auto* const ticker = std::get_if<TickerUpdate>(&decoded->events[0].payload)) {
                EXPECT_FALSE(ticker->last_price || ticker->open_interest || ticker->funding_rate ||
                             ticker->funding_interval_minutes || ticker->best_bid ||
                             ticker->next_funding_time);
            }
        }
    }
}

TEST(BybitTicker, OpenInterestIsOneSide) {
    BybitStreamCodec codec;
    FrameBuffer buffer;
    const auto ticker = [&](const std::string& fields) {
        const auto decoded = codec.decode(
            buffer.assign(R"({"topic":"tickers.XUSDT","type":"delta","data":{"symbol":"XUSDT",)" + fields +
                          R"(},"ts":1736899200000})"));
        EXPECT_TRUE(decoded) << fields;
        return std::get<TickerUpdate>(decoded->events[0].payload);
    };
    const auto both = ticker(R"("openInterest":"100","openInterestValue":"300")");
    EXPECT_EQ(both.open_interest, 50);
    EXPECT_EQ(both.open_interest_value, 150);
    const auto single = ticker(
        R"("singleOpenInterest":"49","openInterest":"100","openInterestValue":"300","singleOpenInterestValue":"149")");
    EXPECT_EQ(single.open_interest, 49);
    EXPECT_EQ(single.open_interest_value, 149);
    EXPECT_EQ(ticker(R"("singleOpenInterest":"49")").open_interest, 49);
    EXPECT_EQ(ticker(R"("openInterest":"100","singleOpenInterest":"")").open_interest, 50);
    EXPECT_EQ(ticker(R"("fundingIntervalHour":"4")").funding_interval_minutes, 240);
    EXPECT_FALSE(ticker(R"("fundingIntervalHour":"0")").funding_interval_minutes);
}

}  // namespace
}  // namespace virtuoso::bybit
