// Frames as they must not be: cut, garbled, of unknown topics, with impossible numbers.
#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace virtuoso {
namespace {

const std::vector<std::string> bybit_frames{
    R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"],["30240.00","0"]],"a":[["30248.70","0"]],"u":177400507,"seq":66544703342},"cts":1687940967464})",
    R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950","BT":false}]})",
    R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","lastPrice":"17216.00","markPrice":"17217.33","openInterest":"68744.761","fundingRate":"-0.000212"},"cs":24987956059,"ts":1673272861686})",
    R"({"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"interval":"5","open":"16649.5","close":"16677","high":"16677","low":"16608","volume":"2.081","turnover":"34666.4005","confirm":false,"timestamp":1672324988882}],"ts":1672324988882,"type":"snapshot"})",
    R"({"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":1739502303204,"data":[{"T":1739502302929,"s":"BTCUSDT","S":"Sell","v":"20000","p":"0.04499"}]})",
    R"({"data":{"price":"0.03803","side":"Buy","size":"1637","symbol":"GALAUSDT","updatedTime":1673251091822},"topic":"liquidation.GALAUSDT","ts":1673251091822,"type":"snapshot"})",
    R"({"success":true,"ret_msg":"","conn_id":"abc","req_id":"r1","op":"subscribe"})"};

const std::vector<std::string> binance_frames{
    R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256330,"T":1723161256328,"s":"BTCUSDT","U":5,"u":9,"pu":4,"b":[["61600.00","2.5"]],"a":[["61800.10","0"]]}})",
    R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256320,"s":"BTCUSDT","t":1,"p":"61800.30","q":"0.006","X":"MARKET","m":false}})",
    R"({"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161256322,"s":"BTCUSDT","a":7,"p":"61800.30","q":"0.006","f":1,"l":2,"T":1723161256320,"m":true}})",
    R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":400900217,"E":1568014460893,"T":1568014460891,"s":"BTCUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}})",
    R"({"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1638747660000,"s":"BTCUSDT","k":{"t":1638747660000,"T":1638747719999,"s":"BTCUSDT","i":"1m","f":100,"L":200,"o":"10","c":"20","h":"25","l":"5","v":"1000","n":100,"x":false,"q":"1.0","V":"500","Q":"0.5","B":"0"}}})",
    R"({"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15","i":"11784.62","P":"11784.25","r":"0.00038167","T":1562306400000}})",
    R"({"stream":"btcusdt@forceOrder","data":{"e":"forceOrder","E":1568014460893,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"9910","ap":"9910","X":"FILLED","l":"0.014","z":"0.014","T":1568014460893}}})"};

const std::vector<std::pair<std::string, std::string>> bybit_bodies{
    {"/v5/market/time",
     R"({"retCode":0,"retMsg":"OK","result":{"timeSecond":"1688639403","timeNano":"1688639403423213947"},"retExtInfo":{},"time":1688639403423})"},
    {"/v5/market/kline?interval=1",
     R"({"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"linear","list":[["1670608800000","17071","17073","17027","17055.5","268611","15.74462667"]]},"retExtInfo":{},"time":1672025956592})"},
    {"/v5/market/orderbook",
     R"({"retCode":0,"retMsg":"OK","result":{"s":"BTCUSDT","a":[["65557.7","16.606555"]],"b":[["65485.47","47.081829"]],"ts":1716863719031,"u":230704,"seq":1432604333,"cts":1716863718905},"retExtInfo":{},"time":1716863719382})"},
    {"/v5/market/open-interest",
     R"({"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"linear","list":[{"openInterest":"461134384.00000000","timestamp":"1669571400000"}],"nextPageCursor":""},"retExtInfo":{},"time":1672053548579})"}};

struct StreamCase {
    std::unique_ptr<StreamCodec> codec;
    const std::vector<std::string>* frames;
};

std::vector<StreamCase> stream_cases() {
    std::vector<StreamCase> cases;
    cases.push_back({std::make_unique<bybit::BybitStreamCodec>(), &bybit_frames});
    cases.push_back({std::make_unique<binance::BinanceStreamCodec>(binance::Market::usdm), &binance_frames});
    return cases;
}

TEST(MalformedFrame, TheSamplesThemselvesAreSound) {
    FrameBuffer buffer;
    for (const auto& test : stream_cases()) {
        for (const auto& frame : *test.frames) {
            const auto decoded = test.codec->decode(buffer.assign(frame));
            EXPECT_TRUE(decoded) << frame << "\n" << decoded.error().text();
        }
    }
    bybit::BybitRestCodec rest;
    for (const auto& [target, body] : bybit_bodies) {
        const auto decoded = rest.decode(target, buffer.assign(body));
        EXPECT_TRUE(decoded) << body << "\n" << decoded.error().text();
    }
}

TEST(MalformedFrame, CutAtEveryByteIsRefused) {
    FrameBuffer buffer;
    for (const auto& test : stream_cases()) {
        for (const auto& frame : *test.frames) {
            for (std::size_t size = 0; size < frame.size(); ++size) {
                const auto decoded = test.codec->decode(buffer.assign(frame.substr(0, size)));
                ASSERT_FALSE(decoded) << frame.substr(0, size);
                ASSERT_FALSE(decoded.error().message.empty());
            }
            EXPECT_TRUE(test.codec->decode(buffer.assign(frame))) << "the codec recovers";
        }
    }
    bybit::BybitRestCodec rest;
    for (const auto& [target, body] : bybit_bodies) {
        for (std::size_t size = 0; size < body.size(); ++size) {
            ASSERT_FALSE(rest.decode(target, buffer.assign(body.substr(0, size)))) << body.substr(0, size);
        }
    }
    binance::BinanceRestCodec depth;
    const std::string body = R"({"lastUpdateId":5,"E":1,"T":2,"bids":[["1","2"]],"asks":[["3","4"]]})";
    EXPECT_TRUE(depth.decode("/fapi/v1/depth?symbol=X", buffer.assign(body)));
    for (std::size_t size = 0; size < body.size(); ++size) {
        ASSERT_FALSE(depth.decode("/fapi/v1/depth?symbol=X", buffer.assign(body.substr(0, size))));
    }
}

TEST(MalformedFrame, TwoFramesInOneAreRefused) {
    FrameBuffer buffer;
    for (const auto& test : stream_cases()) {
        for (const auto& frame : *test.frames) {
            EXPECT_FALSE(test.codec->decode(buffer.assign(frame + frame)));
            EXPECT_FALSE(test.codec->decode(buffer.assign(frame + "x")));
        }
    }
}

// Whatever a garbled frame decodes to, its numbers obey the rules of events.
void expect_sane(const DecodedFrame& decoded) {
    for (const auto& event : decoded.events) {
        ASSERT_GE(event.time.ms, plausible_ms_min);
        if (const auto* const trades = std::get_if<Trades>(&event.payload)) {
            for (const auto& print : trades->prints) {
                ASSERT_TRUE(print.off_market || print.price.units > 0);
                ASSERT_TRUE(print.off_market || print.size.units > 0);
            }
        } else if (const auto* const kline = std::get_if<KlineUpdate>(&event.payload)) {
            ASSERT_GE(kline->candle.high, kline->candle.low);
            ASSERT_EQ(kline->candle.open_time.ms % interval_ms(kline->timeframe), 0);
        }
    }
}

TEST(MalformedFrame, GarbledBytesNeverCrashNorGiveImpossibleNumbers) {
    std::mt19937_64 random(11);
    FrameBuffer buffer;
    const std::string alphabet = "{}[]\",:0123456789.-eE\\ntrufalsbp \x01\xff";
    for (const auto& test : stream_cases()) {
        for (int round = 0; round < 40'000; ++round) {
            std::string frame = (*test.frames)[random() % test.frames->size()];
            const auto changes = 1 + random() % 4;
            for (std::size_t i = 0; i < changes; ++i) {
                frame[random() % frame.size()] = alphabet[random() % alphabet.size()];
            }
            if (const auto decoded = test.codec->decode(buffer.assign(frame))) {
                expect_sane(*decoded);
            }
        }
    }
}

std::string with(std::string frame, const std::string& from, const std::string& to) {
    const auto at = frame.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return frame.replace(at, from.size(), to);
}

// What begins like null and is not must be refused where null is allowed.
TEST(MalformedFrame, HalfANullIsRefused) {
    FrameBuffer buffer;
    binance::BinanceStreamCodec stream(binance::Market::usdm);
    binance::BinanceRestCodec binance_rest;
    bybit::BybitRestCodec bybit_rest;
    for (const std::string_view null : {"nul", "nulx", "n", "nullx"}) {
        EXPECT_FALSE(stream.decode(buffer.assign(fmt::format(R"({{"id":{},"result":null}})", null)))) << null;
        EXPECT_FALSE(bybit_rest.decode(
            "/v5/market/tickers",
            buffer.assign(fmt::format(
                R"({{"retCode":0,"retMsg":"OK","result":{{"list":[],"nextPageCursor":{}}},"time":1700000000000}})",
                null))))
            << null;
    }
    for (const std::string_view body : {"x", "!", "]", "tru", ""}) {
        EXPECT_FALSE(binance_rest.decode("/fapi/v1/ticker/24hr", buffer.assign(body))) << body;
    }
}

TEST(MalformedFrame, ImpossibleNumbersAreRefusedByFieldAndValue) {
    bybit::BybitStreamCodec codec;
    FrameBuffer buffer;
    const struct {
        const char* number;
        const char* code;
    } cases[] = {{"", "E_DECIMAL_SYNTAX"},
                 {"NaN", "E_DECIMAL_SYNTAX"},
                 {"Infinity", "E_DECIMAL_SYNTAX"},
                 {"1e5", "E_DECIMAL_SYNTAX"},
                 {"0x10", "E_DECIMAL_SYNTAX"},
                 {"1.", "E_DECIMAL_SYNTAX"},
                 {".5", "E_DECIMAL_SYNTAX"},
                 {"+1", "E_DECIMAL_SYNTAX"},
                 {" 1", "E_DECIMAL_SYNTAX"},
                 {"99999999999999999999x", "E_DECIMAL_SYNTAX"},
                 {"-92233720368.54775808", "E_DECIMAL_RANGE"},
                 {"0.000000001", "E_DECIMAL_PRECISION"},
                 {"-30.028", "E_BOOK_LEVEL"}};
    for (const auto& test : cases) {
        const auto decoded = codec.decode(buffer.assign(with(bybit_frames[0], "30.028", test.number)));
        ASSERT_FALSE(decoded) << test.number;
        EXPECT_TRUE(decoded.error().text().starts_with(test.code))
            << test.number << ": " << decoded.error().text();
        EXPECT_TRUE(decoded.error().message.starts_with("b"))
            << "names the field: " << decoded.error().text();
        EXPECT_EQ(codec.refused_symbol(), "BTCUSDT");
        EXPECT_TRUE(codec.refused_book());
    }
    EXPECT_FALSE(codec.decode(buffer.assign(with(bybit_frames[0], "30247.20", "0"))));
    EXPECT_FALSE(codec.decode(buffer.assign(with(bybit_frames[1], "0.001", "-1"))));
    EXPECT_FALSE(codec.decode(buffer.assign(with(bybit_frames[1], "16578.50", "0"))));
    EXPECT_FALSE(codec.decode(buffer.assign(with(bybit_frames[3], "\"16608\"", "\"16700\""))))
        << "low above high";
    EXPECT_FALSE(codec.decode(buffer.assign(with(bybit_frames[0], "177400507", "-1"))));
    EXPECT_FALSE(codec.decode(buffer.assign(with(bybit_frames[0], "177400507", "99999999999999999999999"))));
}

// What a refused frame was of decides what is asked for again: trades for trades only.
TEST(MalformedFrame, TheRefusalTellsTheKindOfTopic) {
    bybit::BybitStreamCodec bybit;
    binance::BinanceStreamCodec binance(binance::Market::usdm);
    FrameBuffer buffer;
    const auto kind = [&](StreamCodec& codec, std::string_view text) {
        EXPECT_FALSE(codec.decode(buffer.assign(text))) << text;
        return codec.refused_topic();
    };
    const auto of = [](std::string_view topic) {
        return R"({"topic":")" + std::string(topic) + R"(","type":"delta","ts":1,"data":7})";
    };
    EXPECT_EQ(kind(bybit, of("orderbook.50.BTCUSDT")), RefusedTopic::book);
    EXPECT_EQ(kind(bybit, of("publicTrade.BTCUSDT")), RefusedTopic::trades);
    EXPECT_EQ(kind(bybit, of("tickers.BTCUSDT")), RefusedTopic::other);
    EXPECT_EQ(kind(bybit, of("kline.1.BTCUSDT")), RefusedTopic::other);
    EXPECT_EQ(kind(bybit, of("allLiquidation.BTCUSDT")), RefusedTopic::other);
    EXPECT_EQ(kind(bybit, of("liquidation.BTCUSDT")), RefusedTopic::other);
    EXPECT_EQ(kind(bybit, of("secrets.BTCUSDT")), RefusedTopic::unknown);
    EXPECT_EQ(kind(bybit, "{\"to"), RefusedTopic::unknown);
    const auto event = [](std::string_view name) {
        return R"({"e":")" + std::string(name) + R"(","s":"BTCUSDT","E":"x"})";
    };
    EXPECT_EQ(kind(binance, event("depthUpdate")), RefusedTopic::book);
    EXPECT_EQ(kind(binance, event("trade")), RefusedTopic::trades);
    EXPECT_EQ(kind(binance, event("aggTrade")), RefusedTopic::trades);
    for (const auto* const name : {"kline", "markPriceUpdate", "24hrTicker", "forceOrder", "bookTicker"}) {
        EXPECT_EQ(kind(binance, event(name)), RefusedTopic::other) << name;
    }
    EXPECT_EQ(kind(binance, event("news")), RefusedTopic::unknown);
    EXPECT_EQ(kind(binance, "{\"e"), RefusedTopic::unknown);
}

TEST(MalformedFrame, UnknownTopicsAndProductsAreNamed) {
    bybit::BybitStreamCodec bybit_codec;
    binance::BinanceStreamCodec binance_codec(binance::Market::usdm);
    FrameBuffer buffer;
    auto refused = bybit_codec.decode(buffer.assign(with(bybit_frames[1], "publicTrade", "privateTrade")));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unknown_topic);
    EXPECT_NE(refused.error().message.find("privateTrade"), std::string::npos);
    refused =
        binance_codec.decode(buffer.assign(with(binance_frames[1], "\"e\":\"trade\"", "\"e\":\"treat\"")));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("treat"), std::string::npos);
    EXPECT_FALSE(
        bybit_codec.decode(buffer.assign(with(bybit_frames[0], "\"s\":\"BTCUSDT\"", "\"s\":\"ETHUSDT\""))))
        << "topic and data name different symbols";
}

TEST(MalformedFrame, DeepNestingDoesNotExhaustTheStack) {
    bybit::BybitStreamCodec codec;
    FrameBuffer buffer;
    const std::string deep(500'000, '[');
    EXPECT_FALSE(codec.decode(buffer.assign(deep)));
    EXPECT_FALSE(codec.decode(buffer.assign("{\"topic\":" + deep)));
    EXPECT_FALSE(codec.decode(buffer.assign("{\"x\":" + deep + std::string(500'000, ']') + "}")));
}

}  // namespace
}  // namespace virtuoso
