#include "exchange/bybit/rest_codec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace virtuoso::bybit {
namespace {

class BybitRest : public ::testing::Test {
  protected:
    Result<RestReply> decode(std::string_view target, const std::string& result) {
        return codec_.decode(target, buffer_.assign(R"({"retCode":0,"retMsg":"OK","result":)" + result +
                                                    R"(,"retExtInfo":{},"time":1700000130000})"));
    }
    template <typename Payload>
    const Payload& only(const Result<RestReply>& reply) {
        EXPECT_TRUE(reply) << reply.error().message;
        return std::get<Payload>(std::get<MarketReply>(*reply).events[0].payload);
    }
    BybitRestCodec codec_;
    FrameBuffer buffer_;
};

TEST_F(BybitRest, ListsComeOutOldestFirstAndOnlyFinishedCandlesAreClosed) {
    const auto reply = decode(
        "/v5/market/kline?category=linear&symbol=X&interval=1",
        R"({"symbol":"X","category":"linear","list":[["1700000120000","2","3","1","2","5","10"],["1700000060000","1","2","1","2","7","9"]]})");
    const auto& history = only<KlineHistory>(reply);
    ASSERT_EQ(history.candles.size(), 2U);
    EXPECT_EQ(history.candles[0].open_time.ms, 1700000060000);
    EXPECT_EQ(history.timeframe, Timeframe::m1);
    EXPECT_EQ(history.time.ms, 1700000130000);
}

TEST_F(BybitRest, RowsInAnyOrderAreTheSameHistory) {
    std::vector<std::string> rows;
    for (int minute = 0; minute < 5; ++minute) {
        rows.push_back(
            fmt::format(R"(["{}","1","2","1","2","{}","9"])", 1'700'000'040'000 + minute * 60'000, minute));
    }
    do {
        const auto reply = decode("/v5/market/kline?category=linear&symbol=X&interval=1",
                                  fmt::format(R"({{"symbol":"X","list":[{}]}})", fmt::join(rows, ",")));
        const auto& history = only<KlineHistory>(reply);
        ASSERT_EQ(history.candles.size(), 5U);
        for (std::size_t i = 0; i < 5; ++i) {
            ASSERT_EQ(history.candles[i].volume, static_cast<double>(i));
        }
    } while (std::ranges::next_permutation(rows).found);
}

TEST_F(BybitRest, InstrumentsCarryTheCursor) {
    const auto reply = decode(
        "/v5/market/instruments-info?category=linear",
        R"({"category":"linear","list":[{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","launchTime":"1584230400000","priceFilter":{"minPrice":"0.10","tickSize":"0.10"},"lotSizeFilter":{"qtyStep":"0.001"},"fundingInterval":480}],"nextPageCursor":"abc%3D"})");
    ASSERT_TRUE(reply) << reply.error().message;
    const auto& page = std::get<InstrumentPage>(*reply);
    EXPECT_EQ(page.next_cursor, "abc%3D");
    ASSERT_EQ(page.instruments.size(), 1U);
    EXPECT_EQ(to_text(page.instruments[0].tick_size), "0.1");
    EXPECT_EQ(to_text(page.instruments[0].quantity_step), "0.001");
    EXPECT_EQ(page.instruments[0].funding_interval_minutes, 480);
}

TEST_F(BybitRest, ErrorsOfTheExchangeKeepCodeAndMessage) {
    const auto reply =
        codec_.decode("/v5/market/kline",
                      buffer_.assign(R"({"retCode":10006,"retMsg":"Too many visits","result":{},"time":1})"));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::exchange_refused);
    EXPECT_NE(reply.error().message.find("10006"), std::string::npos);
    EXPECT_NE(reply.error().message.find("Too many visits"), std::string::npos);
}

TEST_F(BybitRest, BadFieldsAreNamed) {
    const struct {
        const char* target;
        const char* result;
        const char* word;
    } cases[] = {
        {"/v5/market/kline?symbol=X&interval=1", R"({"list":[["1700000060000","NaN","2","1","2","7","9"]]})",
         "open"},
        {"/v5/market/kline?symbol=X&interval=1", R"({"list":[["1700000060000","1","2","1"]]})", "7 columns"},
        {"/v5/market/kline?symbol=X&interval=1", R"({"list":[["1700000060000","1","0.5","1","2","7","9"]]})",
         "high"},
        {"/v5/market/kline?symbol=X&interval=7", R"({"list":[]})", "interval"},
        {"/v5/market/orderbook", R"({"s":"X","b":[["1","-5"]],"a":[],"u":5,"ts":9})", "size"},
        {"/v5/market/orderbook", R"({"s":"X","b":[],"a":[],"ts":9})", "\"u\""},
        {"/v5/market/recent-trade",
         R"({"list":[{"symbol":"X","price":"1","size":"1","side":"Up","time":"5"}]})", "side"},
        {"/v5/market/account-ratio", R"({"list":[{"symbol":"X","buyRatio":"1.7","timestamp":"5"}]})",
         "buyRatio"},
        {"/v5/market/open-interest", R"({"symbol":"X","list":[{"openInterest":"99999999999999"}]})",
         "openInterest"},
        {"/v5/market/funding/history",
         R"({"list":[{"symbol":"X","fundingRate":"","fundingRateTimestamp":"5"}]})", "fundingRate"},
        {"/v5/market/instruments-info", R"({"category":"option","list":[]})", "option"},
        {"/v5/market/delivery-price", R"({"list":[]})", "delivery-price"},
        {"/v5/market/time", R"({})", "timeNano"},
    };
    for (const auto& [target, result, word] : cases) {
        const auto reply = decode(target, result);
        ASSERT_FALSE(reply) << target << result;
        EXPECT_NE(reply.error().message.find(word), std::string::npos) << reply.error().message;
    }
}

}  // namespace
}  // namespace virtuoso::bybit
