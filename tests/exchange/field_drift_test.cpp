// Fields that an exchange sends and its decoder does not know.
#include "exchange/field_drift.hpp"

#include "exchange/binance/dialect.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "sim/simulated_binance.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/shared_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace virtuoso {
namespace {

std::vector<std::string> unknown(std::string_view frame, std::string_view known) {
    FrameBuffer buffer;
    const auto names = unknown_fields(buffer.assign(frame), known);
    EXPECT_TRUE(names) << names.error().text();
    return names.value_or(std::vector<std::string>{});
}

using Names = std::vector<std::string>;

TEST(FieldDrift, NamesEveryUnknownPathOnce) {
    EXPECT_EQ(unknown(R"({"topic":"x","data":{"a":1}})", "topic data data.a"), Names{});
    EXPECT_EQ(unknown(R"({"topic":"x","new":2,"data":{"a":1,"b":{"c":3}}})", "topic data data.a"),
              (Names{"new", "data.b", "data.b.c"}));
    EXPECT_EQ(unknown(R"({"data":[{"T":1},{"T":2,"X":3},{"X":4}]})", "data data[].T"), Names{"data[].X"});
    EXPECT_EQ(unknown(R"({"b":[["1","2"],["3","4"]]})", "b"), Names{});
    EXPECT_EQ(unknown(R"({"data":{"k":{"z":1}}})", "data data.k data.k.*"), Names{});
    EXPECT_EQ(unknown(R"({"ab":1})", "a abc b"), Names{"ab"});
}

TEST(FieldDrift, IsBoundedAndRefusesDamage) {
    FrameBuffer buffer;
    std::string many = "{";
    for (int i = 0; i < 500; ++i) {
        many += fmt::format("{}\"{}{}\":1", i > 0 ? "," : "", std::string(100, 'n'), i);
    }
    EXPECT_LE(unknown(many + "}", "").size(), 32U);
    for (const auto& name : unknown(many + "}", "")) {
        EXPECT_LE(name.size(), 40U);
    }
    EXPECT_FALSE(unknown_fields(buffer.assign(R"({"a":1)"), "a"));
    EXPECT_FALSE(unknown_fields(buffer.assign("[]"), "a"));
    std::string deep = R"({"a":)";
    for (int i = 0; i < 200; ++i) {
        deep += R"({"a":)";
    }
    deep.append("1").append(201, '}');
    EXPECT_LE(unknown(deep, "").size(), 32U);
}

class Sent final : public ServerPeer {
  public:
    void send(const SharedText& frame) override { frames.push_back(*frame); }
    void hang_up() override {}
    std::vector<std::string> frames;
};

/// Kinds of topics that were met; nothing of their frames may be unknown.
std::set<std::string> expect_no_drift(const ExchangeDialect& dialect,
                                      const std::vector<std::string>& frames) {
    std::set<std::string> kinds;
    const auto codec = dialect.stream_codec();
    FrameBuffer buffer;
    for (const auto& frame : frames) {
        const auto decoded = codec->decode(buffer.assign(frame));
        if (!decoded || decoded->topic.empty()) {
            continue;
        }
        const std::string kind(dialect.kind_of(decoded->topic));
        kinds.insert(kind);
        EXPECT_EQ(unknown(frame, dialect.known_fields(kind)), Names{}) << frame;
    }
    return kinds;
}

TEST(FieldDrift, TheSimulationsSendNothingUnknown) {
    constexpr std::int64_t start_ms = 1'795'567'266'970;
    sim::SimulatedBinance binance({.symbols = 1, .seed = 1, .start = {start_ms}});
    const binance::UsdmDialect usdm;
    Sent sent;
    Sent market;
    binance.join(sent, "/public/stream");
    binance.join(market, "/market/stream");
    for (Sent* const peer : {&sent, &market}) {
        binance.receive(*peer, usdm.request_text(true, "1", usdm.topics_of("BTCUSDT", 50).all()));
    }
    binance.advance(start_ms + 5'000);
    EXPECT_EQ(expect_no_drift(usdm, sent.frames), (std::set<std::string>{"depth"}));
    const auto kinds = expect_no_drift(usdm, market.frames);
    for (const std::string kind : {"aggTrade", "kline", "markPrice", "ticker"}) {
        EXPECT_TRUE(kinds.contains(kind)) << kind;
    }

    sim::SimulatedExchange bybit({.symbols = 1, .seed = 1, .start = {start_ms}});
    const bybit::BybitDialect linear;
    Sent all;
    bybit.join(all, "/v5/public/linear");
    bybit.receive(all, linear.request_text(true, "1", linear.topics_of("BTCUSDT", 50).all()));
    bybit.advance(start_ms + 5'000);
    const auto bybit_kinds = expect_no_drift(linear, all.frames);
    for (const std::string kind : {"orderbook", "publicTrade", "tickers", "kline"}) {
        EXPECT_TRUE(bybit_kinds.contains(kind)) << kind;
    }
}

TEST(FieldDrift, TodaysPayloadsHoldNothingUnknown) {
    const auto binance_folder = test::shared_path("golden/2026/binance/ws");
    const auto bybit_folder = test::shared_path("golden/2026/bybit/ws");
    VIRTUOSO_NEED_FILE(binance_folder);
    const binance::UsdmDialect usdm;
    const bybit::BybitDialect linear;
    std::size_t kinds = 0;
    for (const auto& [folder, dialect] :
         {std::pair<std::string, const ExchangeDialect*>{binance_folder, &usdm}, {bybit_folder, &linear}}) {
        std::vector<std::string> frames;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            std::ifstream file(entry.path());
            frames.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        }
        kinds += expect_no_drift(*dialect, frames).size();
    }
    EXPECT_GE(kinds, 9U);
}

TEST(FieldDrift, EveryTopicThatIsFollowedHasItsFields) {
    const binance::UsdmDialect usdm;
    const bybit::BybitDialect linear;
    for (const ExchangeDialect* const dialect :
         {static_cast<const ExchangeDialect*>(&usdm), static_cast<const ExchangeDialect*>(&linear)}) {
        for (const auto& topic : dialect->topics_of("BTCUSDT", 50).all()) {
            EXPECT_FALSE(dialect->known_fields(dialect->kind_of(topic)).empty()) << topic;
        }
    }
}

}  // namespace
}  // namespace virtuoso
