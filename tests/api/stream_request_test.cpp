// What clients of /ws may ask for, and how they are told what they may not.
#include "api/stream_request.hpp"

#include "api/stream_channel.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace virtuoso {

namespace {

TEST(StreamRequest, IsReadWithItsId) {
    const auto request =
        StreamRequest::parse(R"({"op":"subscribe","channels":["overview","x"],"id":"a\"b"})");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->op, StreamOp::subscribe);
    EXPECT_EQ(request->channels, (std::vector<std::string>{"overview", "x"}));
    EXPECT_EQ(request->id, R"("a\"b")");
    EXPECT_EQ(StreamRequest::parse(R"({"op":"ping","id":-7})")->id, "-7");
    EXPECT_EQ(StreamRequest::parse(R"({"op":"list"})")->id, "null");
}

TEST(StreamRequest, ARefusalNamesFieldValueAndRemedy) {
    const std::vector<std::pair<std::string, std::string>> all{
        {"", "is no JSON object"},
        {"[]", "is no JSON object"},
        {R"({"op":"list")", "is no JSON object"},
        {"\xff\xfe", "is no JSON object"},
        {"{}", "op is missing"},
        {R"({"op":"Subscribe"})", "one of subscribe, unsubscribe, list, ping"},
        {R"({"op":7})", "op is \"7\""},
        {R"({"op":"ping","chanels":[]})", "field \"chanels\" is none of op, channels, id"},
        {R"({"op":"ping","channels":["overview"]})", "op ping takes none"},
        {R"({"op":"subscribe"})", "channels is missing"},
        {R"({"op":"subscribe","channels":[]})", "has to be a list of names"},
        {R"({"op":"subscribe","channels":"overview"})", "has to be a list of names"},
        {R"({"op":"subscribe","channels":[1]})", "each has to be a text"},
        {R"({"op":"ping","id":1.5})", "id is \"1.5\""},
        {R"({"op":"ping","id":")" + std::string(65, 'x') + "\"}", "at most 64 bytes"}};
    for (const auto& [text, part] : all) {
        const auto request = StreamRequest::parse(text);
        ASSERT_FALSE(request) << text;
        EXPECT_NE(request.error().message.find(part), std::string::npos) << request.error().message;
    }
    std::string many = R"({"op":"subscribe","channels":["a")";
    for (int i = 0; i < 100; ++i) {
        many += ",\"a\"";
    }
    EXPECT_NE(StreamRequest::parse(many + "]}").error().message.find("at most 100"), std::string::npos);
    EXPECT_FALSE(StreamRequest::parse(std::string(60'000, '[')));
}

TEST(StreamChannel, NamesReadBackAsThemselves) {
    for (const std::string name : {"overview", "symbols", "signals", "events", "health", "confluence.BTCUSDT",
                                   "book.BTC-27NOV26", "candles.BTCUSDT.1m", "candles.A.B.1d"}) {
        const auto channel = StreamChannel::parse(name);
        ASSERT_TRUE(channel) << channel.error().message;
        EXPECT_EQ(channel->name(), name);
    }
    for (const std::string name : {"", ".", "overview.BTCUSDT", "confluence", "confluence.", "book.<b>",
                                   "candles.BTCUSDT", "candles.BTCUSDT.7m", "candles..1m", "Overview"}) {
        const auto channel = StreamChannel::parse(name);
        ASSERT_FALSE(channel) << name;
        EXPECT_NE(channel.error().message.find("channel \"" + name + "\""), std::string::npos)
            << channel.error().message;
    }
}

}  // namespace

}  // namespace virtuoso
