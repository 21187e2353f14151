// Binance USD-M over REST: bodies, rules, and what a client may send.
#include "exchange/binance/dialect.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/topic_stream.hpp"
#include "sim/time_shift.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace virtuoso::binance {
namespace {

class BinanceRestBodies : public ::testing::Test {
  protected:
    Result<RestReply> decode(std::string_view target, std::string_view body) {
        return codec.decode(target, buffer.assign(body));
    }
    template <typename Payload>
    const Payload& only(std::string_view target, std::string_view body) {
        reply = decode(target, body);
        EXPECT_TRUE(reply) << reply.error().text();
        const auto& market = std::get<MarketReply>(*reply);
        EXPECT_EQ(market.events.size(), 1U);
        EXPECT_EQ(market.events[0].symbol, "BTCUSDT");
        return std::get<Payload>(market.events[0].payload);
    }
    BinanceRestCodec codec;
    FrameBuffer buffer;
    Result<RestReply> reply = fail(ErrorCode::field_missing, "none");
};

TEST_F(BinanceRestBodies, TimeAndInstruments) {
    const auto time = decode("/fapi/v1/time", R"({"serverTime": 1499827319559})");
    ASSERT_TRUE(time);
    EXPECT_EQ(std::get<ServerTime>(*time).time.ns, 1'499'827'319'559'000'000);
    const auto page = decode(
        "/fapi/v1/exchangeInfo",
        R"({"timezone":"UTC","rateLimits":[],"symbols":[{"symbol":"BTCUSDT","pair":"BTCUSDT","contractType":"PERPETUAL",
            "onboardDate":1569398400000,"status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","filters":[
            {"filterType":"PRICE_FILTER","maxPrice":"4529764","minPrice":"556.80","tickSize":"0.10"},
            {"filterType":"LOT_SIZE","maxQty":"1000","minQty":"0.001","stepSize":"0.001"},
            {"filterType":"MARKET_LOT_SIZE","maxQty":"120","minQty":"0.001","stepSize":"0.01"}]},
            {"symbol":"BTCUSDT_260327","contractType":"CURRENT_QUARTER","status":"TRADING","quoteAsset":"USDT","filters":[]}]})");
    ASSERT_TRUE(page) << page.error().text();
    const auto& instruments = std::get<InstrumentPage>(*page).instruments;
    ASSERT_EQ(instruments.size(), 2U);
    EXPECT_EQ(instruments[0].tick_size.units, 10'000'000);
    EXPECT_EQ(instruments[0].quantity_step.units, 100'000);
    const UsdmDialect dialect;
    EXPECT_TRUE(dialect.wants(instruments[0]));
    EXPECT_FALSE(dialect.wants(instruments[1])) << "dated";
}

TEST_F(BinanceRestBodies, KlinesAreOldestFirstAndTheNewestIsOpen) {
    const auto& history = only<KlineHistory>(
        "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=2",
        R"([[1499040000000,"0.0163","0.8","0.0157","0.0158","148976.11","1499040059999","2434.19",308,"1756.87","28.46","0"],
            [1499040060000,"0.0158","0.0159","0.0157","0.0158","100.5",1499040119999,"1.6",3,"60.5","0.9","0"]])");
    ASSERT_EQ(history.candles.size(), 2U);
    EXPECT_EQ(history.timeframe, Timeframe::m1);
    EXPECT_EQ(history.time.ms, 1'499'040'060'000);
    EXPECT_DOUBLE_EQ(history.candles[1].taker_buy, 60.5);
    EXPECT_DOUBLE_EQ(history.candles[1].taker_sell, 40.0);
}

TEST_F(BinanceRestBodies, RowsInAnyOrderAreTheSameHistory) {
    std::vector<std::string> rows;
    for (int minute = 0; minute < 5; ++minute) {
        rows.push_back(fmt::format(R"([{},"1","2","1","2","{}",0,"1",1,"1","1","0"])",
                                   1'499'040'000'000 + minute * 60'000, minute));
    }
    do {
        const auto& history = only<KlineHistory>("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=5",
                                                 fmt::format("[{}]", fmt::join(rows, ",")));
        EXPECT_EQ(history.time.ms, 1'499'040'240'000) << "the newest is open";
        ASSERT_EQ(history.candles.size(), 5U);
        for (std::size_t i = 0; i < 5; ++i) {
            ASSERT_EQ(history.candles[i].volume, static_cast<double>(i));
        }
    } while (std::ranges::next_permutation(rows).found);
}

TEST_F(BinanceRestBodies, FundingHasNoSpecialRatesAndItsIntervalIsToldApart) {
    const auto& points =
        only<FundingHistory>(
            "/fapi/v1/fundingRate?symbol=BTCUSDT",
            R"([{"fundingRate":"0.1","fundingTime":1570608000001},{"fundingRate":"0.2","fundingTime":1570622400000,"rateType":"Regular"},{"fundingRate":"9","fundingTime":1570623400000,"rateType":"Special"},{"fundingRate":"0.3","fundingTime":1570626000003,"rateType":null},{"fundingRate":"0.4","fundingTime":1570890000003}])")
            .points;
    ASSERT_EQ(points.size(), 4U);
    const double rates[] = {0.1, 0.2, 0.3, 0.4};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_DOUBLE_EQ(points[i].rate, rates[i]);
        EXPECT_EQ(points[i].interval_minutes, 0) << "not told beside a rate";
    }
    const auto& ticker = only<TickerUpdate>(
        "/fapi/v1/fundingInfo", R"([{"symbol":"BTCUSDT","fundingIntervalHours":4,"disclaimer":false}])");
    EXPECT_EQ(ticker.funding_interval_minutes, 240);
}

TEST_F(BinanceRestBodies, Lists) {
    const auto& trades = only<Trades>(
        "/fapi/v1/aggTrades?symbol=BTCUSDT",
        R"([{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true}])");
    EXPECT_EQ(trades.prints[0].taker, Side::sell);
    EXPECT_EQ(trades.feed, TradeFeed::aggregate);
    EXPECT_EQ(
        only<OpenInterestHistory>(
            "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m",
            R"([{"symbol":"BTCUSDT","sumOpenInterest":"20403.12345678","sumOpenInterestValue":"176196512.1","timestamp":1583127900000}])")
            .points[0]
            .open_interest,
        20'403.12345678);
    EXPECT_DOUBLE_EQ(
        only<FundingHistory>(
            "/fapi/v1/fundingRate?symbol=BTCUSDT",
            R"([{"symbol":"BTCUSDT","fundingRate":"-0.03750000","fundingTime":1570608000000,"markPrice":"34287.54619963"}])")
            .points[0]
            .rate,
        -0.0375);
    EXPECT_DOUBLE_EQ(
        only<AccountRatioHistory>(
            "/futures/data/globalLongShortAccountRatio?symbol=BTCUSDT&period=5m",
            R"([{"symbol":"BTCUSDT","longShortRatio":"0.1960","longAccount":"0.6622","shortAccount":"0.3378","timestamp":1583139600000}])")
            .points[0]
            .buy_ratio,
        0.6622);
    EXPECT_EQ(only<TickerUpdate>("/fapi/v1/openInterest?symbol=BTCUSDT",
                                 R"({"openInterest":"10659.509","symbol":"BTCUSDT","time":1589437530011})")
                  .open_interest.value(),
              10'659.509);
    const auto& ticker = only<TickerUpdate>(
        "/fapi/v1/ticker/24hr",
        R"([{"symbol":"BTCUSDT","priceChange":"-94.99","priceChangePercent":"-95.960","weightedAvgPrice":"0.29","lastPrice":"4.00000200",
            "lastQty":"200","openPrice":"99","highPrice":"100","lowPrice":"0.1","volume":"8913.3","quoteVolume":"15.3","openTime":1499783499040,
            "closeTime":1499869899040,"firstId":28385,"lastId":28460,"count":76}])");
    EXPECT_DOUBLE_EQ(*ticker.change_24h, -0.9596);
    EXPECT_DOUBLE_EQ(*ticker.turnover_24h, 15.3);
}

TEST_F(BinanceRestBodies, RefusalsNameTheField) {
    const auto refusal = [&](std::string_view target, std::string_view body) {
        const auto decoded = decode(target, body);
        return decoded ? std::string("accepted") : decoded.error().text();
    };
    EXPECT_NE(
        refusal("/fapi/v1/depth?symbol=BTCUSDT", R"({"code":-1121,"msg":"Invalid symbol."})").find("-1121"),
        std::string::npos);
    EXPECT_NE(
        refusal("/fapi/v1/aggTrades?symbol=BTCUSDT", R"([{"a":1,"p":"1","q":"1","T":1}])").find("\"m\""),
        std::string::npos);
    EXPECT_NE(
        refusal("/fapi/v1/klines?symbol=BTCUSDT&interval=1m", R"([[1,"1","1","1"]])").find("12 columns"),
        std::string::npos);
    EXPECT_NE(refusal("/fapi/v1/klines?symbol=BTCUSDT&interval=3m", "[]").find("interval"),
              std::string::npos);
    EXPECT_NE(refusal("/fapi/v1/depth?symbol=BTCUSDT", "[1]").find("list"), std::string::npos);
    EXPECT_NE(refusal("/fapi/v1/depth", "{}").find("symbol"), std::string::npos);
    EXPECT_NE(refusal("/fapi/v1/depth?symbol=X", "").find("empty"), std::string::npos);
    EXPECT_NE(refusal("/fapi/v1/depth?symbol=X", "5").find("E_"), std::string::npos);
}

TEST(BinanceRestRules, StatusesAndHeaders) {
    const BinanceRestRules rules;
    const LocalTime now{30 * 1'000'000'000LL};  // half a minute past
    const auto judge = [&](int status, std::vector<HttpHeader> headers, std::string body = "{}") {
        return rules.judge({.status = status, .headers = std::move(headers), .body = std::move(body)}, now);
    };
    EXPECT_EQ(judge(200, {{"X-MBX-USED-WEIGHT-1M", "100"}}).pause_ms, 0);
    EXPECT_EQ(judge(200, {{"x-mbx-used-weight-1m", "2399"}}).pause_ms, 30'100);
    EXPECT_EQ(judge(429, {}).pause_ms, 30'100);
    EXPECT_EQ(judge(429, {{"Retry-After", "7"}}).pause_ms, 7'000);
    EXPECT_EQ(judge(418, {{"Retry-After", "3600"}}).pause_ms, 3'600'000);
    EXPECT_EQ(judge(503, {}).verdict, RestVerdict::retry);
    EXPECT_EQ(judge(200, {}, "<html>").verdict, RestVerdict::retry);
    EXPECT_EQ(judge(400, {}, R"({"code":-1021,"msg":"Timestamp"})").verdict, RestVerdict::retry);
    EXPECT_EQ(judge(400, {}, R"({"code":-1121,"msg":"Invalid symbol."})").verdict, RestVerdict::accept);
}

/// Counts what a client sends, second by second.
class Counting final : public sim::ServedExchange {
  public:
    void advance(std::int64_t now_ms) override { now_ms_ = now_ms; }
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return now_ms_; }
    [[nodiscard]] ServerAnswer answer(const ServerRequest&) override { return {}; }
    [[nodiscard]] bool streams_at(std::string_view) const noexcept override { return true; }
    void join(ServerPeer&, std::string_view) override {}
    void leave(ServerPeer&) override {}
    void receive(ServerPeer& client, std::string_view text) override {
        times.push_back(now_ms_);
        const auto id = text.substr(text.rfind(':') + 1);
        client.send(std::make_shared<const std::string>(
            fmt::format(R"({{"result":null,"id":{})", id)));  // the id brings the closing brace
    }
    [[nodiscard]] bool tls_fails() override { return false; }

    std::vector<std::int64_t> times;

  private:
    std::int64_t now_ms_ = 1'795'567'200'000;
};

struct NoOwner final : StreamOwner {
    void on_market(TopicStream&, const RawRecord&, const DecodedFrame&) override {}
    void on_control(const RawRecord&) override {}
    void on_refused(TopicStream&, const RawRecord&, const Error&) override {}
    void on_live(const std::string&) override { ++live; }
    void on_topic_refused(const std::string&, std::string_view) override {}
    void on_lost(TopicStream&, const Error&, bool) override { ++lost; }
    int live = 0;
    int lost = 0;
};

TEST(TopicStream, KeepsToTheMessagesAllowedPerSecond) {
    Counting exchange;
    test::VirtualNetwork network(exchange, 3);
    const UsdmDialect dialect;
    NoOwner owner;
    TopicStream stream(network, dialect, owner, {});
    constexpr int topics = 5'000;
    for (int i = 0; i < topics; ++i) {
        stream.add(fmt::format("coin{}usdt@depth@100ms", i));
    }
    stream.open();
    for (int i = 0; i < 200; ++i) {
        network.run(100);
        stream.check();
    }
    EXPECT_EQ(owner.live, topics);
    EXPECT_EQ(owner.lost, 0);
    for (std::size_t i = 10; i < exchange.times.size(); ++i) {
        EXPECT_GE(exchange.times[i] - exchange.times[i - 10], 1'000) << "eleven messages within a second";
    }
}

TEST(ShiftTimes, MovesTimesAndNothingElse) {
    constexpr std::int64_t around = 1'723'161'255'030;
    EXPECT_EQ(sim::shift_times(
                  R"({"E":1723161256299,"T":1723161256298,"U":5123107832006,"p":"1723161256299","s":"T"})",
                  1'000, around),
              R"({"E":1723161257299,"T":1723161257298,"U":5123107832006,"p":"1723161256299","s":"T"})");
    EXPECT_EQ(
        sim::shift_times(R"({"nextFundingTime":"1723190400000","t":42,"ts": 1723161256298})", -1'000, around),
        R"({"nextFundingTime":"1723190399000","t":42,"ts": 1723161255298})");
    EXPECT_EQ(sim::shift_times(R"({"t":5123107832006})", 1'000, around), R"({"t":5123107832006})");
    for (const std::string_view odd :
         {"", ":", "\":", ":1723161256299", "\"T\":", R"({"T":"1723161256299)"}) {
        EXPECT_GE(sim::shift_times(odd, 1, around).size(), odd.size());
    }
}

}  // namespace
}  // namespace virtuoso::binance
