// Names from outside: what is one, and that what is none goes no further than the codec.
#include "exchange/symbol_name.hpp"

#include "base/seeded_random.hpp"
#include "base/unicode.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace virtuoso {
namespace {

TEST(SymbolNames, AreLettersDigitsAndThreeSigns) {
    for (const std::string_view name : {"BTCUSDT", "1000PEPEUSDT", "BTC-26DEC25", "BTCUSDT_260327",
                                        "币安人生USDT", "我踏马来了USDT", "ÅÉUSDT", "БИТUSDT", "かなUSDT",
                                        "한국USDT", "ليرةUSDT", "เหรียญUSDT", "हिन्दीUSDT", "龙.USDT", "a"}) {
        EXPECT_TRUE(is_symbol_name(name)) << name;
    }
    EXPECT_TRUE(is_symbol_name(std::string(40, 'A')));
    EXPECT_FALSE(is_symbol_name(std::string(41, 'A')));
    for (const std::string_view name : {"",
                                        " ",
                                        "BTC USDT",
                                        "BTC/USDT",
                                        "../x",
                                        "BTC\\",
                                        "BTC\"",
                                        "BTC'",
                                        "<b>",
                                        "a\nb",
                                        "a\x1b[m",
                                        "a\x7f",
                                        "a\xc2\x9b",
                                        "a\xe2\x80\xae",
                                        "a\xe2\x80\x8b",
                                        "a\xc2\xa0",
                                        "a\xef\xbb\xbf",
                                        "a\xe3\x85\xa4",
                                        "a\xef\xb8\x8f",
                                        "a\xcc\x81",
                                        "a\xff",
                                        "a\xe5\xb8",
                                        "a&b",
                                        "a=b",
                                        "a%20",
                                        "a?b",
                                        "a#",
                                        "a@b",
                                        "a:b",
                                        "a,b",
                                        "\xf0\x9f\x9a\x80USDT",
                                        "€"}) {
        EXPECT_FALSE(is_symbol_name(name)) << name;
    }
    EXPECT_TRUE(is_symbol_name(std::string("a\0b", 3)) == false);
}

TEST(SymbolNames, HoldNothingThatIsNotShown) {
    std::string name;
    for (char32_t value = 1; value < 0x110000; ++value) {
        if (value < 0xd800 || value > 0xdfff) {
            name.clear();
            append_utf8(name, value);
            EXPECT_TRUE(!is_symbol_name(name) || is_shown(value)) << static_cast<std::uint32_t>(value);
        }
    }
}

TEST(SymbolNames, ArePercentEncodedInRequestsAndComeBack) {
    EXPECT_EQ(percent_encoded("币安人生USDT"), "%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT");
    EXPECT_EQ(query_safe("a%3D1&x=y z"), "a%3D1%26x%3Dy%20z");
    SeededRandom random(5);
    for (int round = 0; round < 2'000; ++round) {
        std::string text;
        for (auto left = random.below(20); left > 0; --left) {
            text += static_cast<char>(random.below(256));
        }
        const std::string encoded = percent_encoded(text);
        EXPECT_EQ(percent_decoded(encoded), text);
        EXPECT_TRUE(std::ranges::all_of(encoded, [](char c) { return c > 0x20 && c < 0x7f && c != '&'; }));
    }
    EXPECT_EQ(percent_decoded("%E5%B8%81%zz%4"), "币%zz%4");
}

// Every target that either exchange is asked for, every topic it is told.
TEST(SymbolNames, BeyondAsciiAreEncodedInTargetsAndRawInTopics) {
    const std::string name = "币安人生USDT";
    const binance::UsdmDialect binance;
    const bybit::BybitDialect bybit;
    for (const ExchangeDialect* dialect :
         {static_cast<const ExchangeDialect*>(&binance), static_cast<const ExchangeDialect*>(&bybit)}) {
        std::vector<std::string> targets{dialect->recent_trades_target(name),
                                         dialect->kline_target(name, Timeframe::m1, 10)};
        if (const auto book = dialect->book_target(name, 200); !book.empty()) {
            targets.push_back(book);
        }
        for (const auto& request : dialect->history_of(name)) {
            targets.push_back(request.target);
        }
        for (const auto& poll : dialect->polls_of(name)) {
            targets.push_back(poll.target);
        }
        for (const auto& target : targets) {
            EXPECT_TRUE(target.contains("symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT")) << target;
            EXPECT_TRUE(std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; })) << target;
            EXPECT_EQ(RestRequest(target).parameter("symbol"), name);
        }
        for (const auto& topic : dialect->topics_of(name, 200).all()) {
            EXPECT_TRUE(topic.contains("币安人生")) << topic;
            EXPECT_EQ(dialect->symbol_of(topic), name);
        }
        const std::vector<std::string> topics = dialect->topics_of(name, 200).all();
        EXPECT_TRUE(dialect->request_text(true, "1", topics).contains("币安人生"));
    }
    EXPECT_EQ(binance.topics_of("ÅBUSDT", 200).book.substr(0, 7), "Åbusdt");
}

/// A frame or an answer of every kind that names a symbol, with a place for the name.
struct Carrier {
    std::string_view target;  ///< empty: a stream's frame
    std::string_view text;    ///< NAME stands for the name
};

constexpr Carrier bybit_carriers[] = {
    {"",
     R"({"topic":"orderbook.50.NAME","type":"snapshot","ts":1700000000000,"data":{"s":"NAME","b":[],"a":[],"u":5,"seq":1},"cts":1700000000000})"},
    {"",
     R"({"topic":"publicTrade.NAME","type":"snapshot","ts":1700000000000,"data":[{"T":1700000000000,"s":"NAME","S":"Buy","v":"1","p":"2","i":"x","BT":false}]})"},
    {"",
     R"({"topic":"tickers.NAME","type":"snapshot","ts":1700000000000,"data":{"symbol":"NAME","lastPrice":"2"}})"},
    {"",
     R"({"topic":"kline.1.NAME","type":"snapshot","ts":1700000000000,"data":[{"start":1699999980000,"open":"2","high":"2","low":"2","close":"2","volume":"1","confirm":false}]})"},
    {"",
     R"({"topic":"allLiquidation.NAME","type":"snapshot","ts":1700000000000,"data":[{"T":1700000000000,"s":"NAME","S":"Buy","v":"1","p":"2"}]})"},
    {"/v5/market/tickers",
     R"({"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"symbol":"NAME","lastPrice":"2"}]},"time":1700000000000})"},
    {"/v5/market/recent-trade",
     R"({"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"execId":"x","symbol":"NAME","price":"2","size":"1","side":"Buy","time":"1700000000000"}]},"time":1700000000000})"},
    {"/v5/market/kline?interval=1",
     R"({"retCode":0,"retMsg":"OK","result":{"category":"linear","symbol":"NAME","list":[]},"time":1700000000000})"},
    {"/v5/market/orderbook",
     R"({"retCode":0,"retMsg":"OK","result":{"s":"NAME","b":[],"a":[],"u":5,"ts":1700000000000},"time":1700000000000})"},
};

constexpr Carrier binance_carriers[] = {
    {"",
     R"({"e":"depthUpdate","E":1700000000000,"T":1700000000000,"s":"NAME","U":1,"u":2,"pu":0,"b":[],"a":[]})"},
    {"", R"({"e":"aggTrade","E":1700000000000,"s":"NAME","a":5,"p":"1","q":"1","T":1700000000000,"m":true})"},
    {"",
     R"({"e":"trade","E":1700000000000,"s":"NAME","t":5,"p":"1","q":"1","X":"MARKET","T":1700000000000,"m":true})"},
    {"",
     R"({"e":"bookTicker","u":1,"E":1700000000000,"T":1700000000000,"s":"NAME","b":"1","B":"1","a":"2","A":"1"})"},
    {"",
     R"({"e":"markPriceUpdate","E":1700000000000,"s":"NAME","p":"1","i":"1","r":"0.1","T":1700000000000})"},
    {"", R"({"e":"24hrTicker","E":1700000000000,"s":"NAME","P":"1","c":"1"})"},
    {"",
     R"({"e":"forceOrder","E":1700000000000,"o":{"s":"NAME","S":"SELL","q":"1","p":"1","ap":"1","T":1700000000000}})"},
    {"/fapi/v1/ticker/24hr",
     R"([{"symbol":"NAME","priceChangePercent":"1","lastPrice":"1","highPrice":"1","lowPrice":"1","volume":"1","quoteVolume":"1","closeTime":1700000000000}])"},
};

std::string with_name(std::string_view text, std::string_view name) {
    std::string result(text);
    for (std::size_t at = 0; (at = result.find("NAME", at)) != std::string::npos; at += name.size()) {
        result.replace(at, 4, name);
    }
    return result;
}

/// The name as JSON may carry it: raw where that is JSON, else escaped.
std::string as_json(std::string_view name) {
    std::string result;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            result += fmt::format("\\u{:04x}", byte);
        } else if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else {
            result += c;
        }
    }
    return result;
}

/// The names in the events that a frame or an answer gave; nothing when it was refused.
std::vector<std::string> names_in(const Carrier& carrier, const std::string& body, StreamCodec& stream,
                                  RestCodec& rest, std::string& message) {
    FrameBuffer buffer;
    std::vector<std::string> names;
    const auto take = [&](std::span<const MarketEvent> events) {
        for (const auto& event : events) {
            names.emplace_back(event.symbol);
        }
    };
    if (carrier.target.empty()) {
        const auto decoded = stream.decode(buffer.assign(body));
        decoded ? take(decoded->events) : void(message = decoded.error().message);
    } else {
        const auto reply = rest.decode(carrier.target, buffer.assign(body));
        reply ? take(std::get<MarketReply>(*reply).events) : void(message = reply.error().message);
    }
    return names;
}

class NamesOf : public ::testing::Test {
  protected:
    void check(const Carrier& carrier, StreamCodec& stream, RestCodec& rest) {
        std::string message;
        for (const std::string_view good : {"BTCUSDT", "币安人生USDT"}) {
            EXPECT_EQ(names_in(carrier, with_name(carrier.text, good), stream, rest, message),
                      std::vector<std::string>{std::string(good)})
                << carrier.text << message;
        }
        EXPECT_EQ(names_in(carrier, with_name(carrier.text, "\\u5e01\\u5B89USDT"), stream, rest, message),
                  std::vector<std::string>{"币安USDT"})
            << carrier.text << message;
        for (const std::string_view bad :
             {"BTC\"USDT", "BTC\\USDT", "\x1b[31mBTC", "BTC\nUSDT", "../../etc/passwd", "a\xe2\x80\xae",
              "<script>", "BTC USDT", "a\x7f", "a\xc2\x9b", "a&limit=1",
              "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDE"}) {
            message.clear();
            EXPECT_TRUE(
                names_in(carrier, with_name(carrier.text, as_json(bad)), stream, rest, message).empty())
                << carrier.text << bad;
            EXPECT_FALSE(message.empty()) << carrier.text << bad;
            EXPECT_EQ(printable(message), message) << bad;
        }
        EXPECT_TRUE(names_in(carrier, with_name(carrier.text, "\\ud800USDT"), stream, rest, message).empty());
        EXPECT_TRUE(names_in(carrier, with_name(carrier.text, "BTC\\xUSDT"), stream, rest, message).empty());
    }
};

TEST_F(NamesOf, BybitAreCheckedWhereverTheyStand) {
    bybit::BybitStreamCodec stream;
    bybit::BybitRestCodec rest;
    for (const auto& carrier : bybit_carriers) {
        check(carrier, stream, rest);
    }
}

TEST_F(NamesOf, BinanceAreCheckedWhereverTheyStand) {
    binance::BinanceStreamCodec stream(binance::Market::usdm);
    binance::BinanceRestCodec rest;
    for (const auto& carrier : binance_carriers) {
        check(carrier, stream, rest);
    }
}

TEST(NamesOfRequests, AreCheckedInRecordedChannels) {
    FrameBuffer buffer;
    bybit::BybitRestCodec bybit;
    binance::BinanceRestCodec binance;
    constexpr std::string_view ratios = R"([{"longAccount":"0.6","timestamp":1583139600000}])";
    const std::string path = "/futures/data/globalLongShortAccountRatio?symbol=";
    const auto good = binance.decode(path + "%E5%B8%81USDT&period=5m", buffer.assign(ratios));
    ASSERT_TRUE(good) << good.error().message;
    EXPECT_EQ(std::get<MarketReply>(*good).events.front().symbol, "币USDT");
    EXPECT_FALSE(binance.decode(path + "%1b[2J", buffer.assign(ratios)));
    EXPECT_FALSE(binance.decode(path + "..%2f..", buffer.assign(ratios)));
    constexpr std::string_view empty =
        R"({"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1700000000000})";
    EXPECT_TRUE(bybit.decode("/v5/market/kline?interval=1&symbol=%E5%B8%81USDT", buffer.assign(empty)));
    EXPECT_FALSE(bybit.decode("/v5/market/kline?interval=1&symbol=a%0ab", buffer.assign(empty)));
}

TEST(JsonEscapes, AreResolvedAndNeverCut) {
    FrameBuffer buffer;
    bybit::BybitRestCodec codec;
    const auto reply = codec.decode(
        "/v5/market/time",
        buffer.assign(
            R"({"retCode":10001,"retMsg":"bad \"symbol\" \u00e9\ud83d\ude00\\","result":{},"time":1700000000000})"));
    ASSERT_FALSE(reply);
    EXPECT_TRUE(reply.error().message.contains("bad \"symbol\" é\xf0\x9f\x98\x80\\"))
        << reply.error().message;
}

TEST(HugeSizes, CostNoBookAndAreCounted) {
    FrameBuffer buffer;
    bybit::BybitStreamCodec codec;
    const auto decoded = codec.decode(buffer.assign(
        R"({"topic":"orderbook.50.1000SATSUSDT","type":"snapshot","ts":1700000000000,"data":{"s":"1000SATSUSDT","b":[["0.00001","412345678900"],["0.000009","92233720368.54775807"]],"a":[["0.00002","100000000000000000000.5"]],"u":5,"seq":1},"cts":1700000000000})"));
    ASSERT_TRUE(decoded) << decoded.error().message;
    const auto& book = std::get<BookSnapshot>(decoded->events.front().payload);
    EXPECT_EQ(to_text(book.bids[0].size), "92233720368.54775807");
    EXPECT_EQ(to_text(book.asks[0].size), "92233720368.54775807");
    EXPECT_EQ(decoded->events.front().sizes_capped, 2U);
    for (const std::string_view size :
         {"-412345678900", "412345678900.", "412345678900x", "412345678900e5"}) {
        EXPECT_FALSE(codec.decode(buffer.assign(fmt::format(
            R"({{"topic":"orderbook.50.A","type":"snapshot","ts":1700000000000,"data":{{"s":"A","b":[["1","{}"]],"a":[],"u":5,"seq":1}},"cts":1700000000000}})",
            size))))
            << size;
    }
    const auto next = codec.decode(buffer.assign(
        R"({"topic":"publicTrade.A","type":"snapshot","ts":1700000000000,"data":[{"T":1700000000000,"s":"A","S":"Buy","v":"1","p":"2","i":"x","BT":false}]})"));
    EXPECT_EQ(next->events.front().sizes_capped, 0U);
}

TEST(HugeSizes, OpenInterestIsKeptAsItIs) {
    FrameBuffer buffer;
    bybit::BybitStreamCodec codec;
    const auto decoded = codec.decode(buffer.assign(
        R"({"topic":"tickers.A","type":"snapshot","ts":1700000000000,"data":{"symbol":"A","openInterest":"412345678900.5","bid1Price":"1","bid1Size":"412345678900","ask1Price":null,"ask1Size":null,"fundingRate":null,"indexPrice":"","nextFundingTime":null,"lastPrice":"2"}})"));
    ASSERT_TRUE(decoded) << decoded.error().message;
    const auto& ticker = std::get<TickerUpdate>(decoded->events.front().payload);
    EXPECT_DOUBLE_EQ(*ticker.open_interest, 412'345'678'900.5 / 2) << "one side";
    EXPECT_EQ(to_text(*ticker.last_price), "2");
    EXPECT_TRUE(ticker.best_bid);
    EXPECT_FALSE(ticker.best_ask || ticker.funding_rate || ticker.index_price || ticker.next_funding_time);
    EXPECT_EQ(decoded->events.front().sizes_capped, 1U);
}

}  // namespace
}  // namespace virtuoso
