// What the pipeline makes of traffic that is late, repeated, out of order or not understood.
#include "engine/pipeline.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'717'200'000'000;

class Feed {
  public:
    explicit Feed(PipelineOptions options = {}) : pipeline(std::move(options)) {}

    void send(std::string_view frame, std::string_view channel = "bybit/ws") {
        pipeline.feed({LocalTime{}, 0, channel, buffer_.assign(frame)});
    }
    void book(std::string_view type, int id, std::string_view bids, std::string_view asks,
              std::string_view symbol = "XUSDT") {
        send(fmt::format(
            R"({{"topic":"orderbook.50.{0}","type":"{1}","ts":{2},"data":{{"s":"{0}","b":[{3}],"a":[{4}],"u":{5},"seq":1}},"cts":{2}}})",
            symbol, type, start_ms + id, bids, asks, id));
    }
    void snapshot(int id) { book("snapshot", id, R"(["10","5"],["9","4"])", R"(["11","6"],["12","7"])"); }
    void trade(std::int64_t at_ms, std::string_view id, std::string_view side = "Buy") {
        send(fmt::format(
            R"({{"topic":"publicTrade.XUSDT","type":"snapshot","ts":{0},"data":[{{"T":{0},"s":"XUSDT","S":"{1}","v":"2","p":"10","L":"ZeroPlusTick","i":"{2}","BT":false}}]}})",
            start_ms + at_ms, side, id));
    }
    [[nodiscard]] const SymbolState& state() const { return pipeline.symbols().front()->state; }

    Pipeline pipeline;

  private:
    FrameBuffer buffer_;
};

TEST(Pipeline, ADeltaThatComesBeforeItsPredecessorBreaksTheBook) {
    Feed feed;
    feed.snapshot(1);
    feed.book("delta", 3, R"(["10","1"])", "");
    EXPECT_EQ(feed.state().book().view().error(), BookFault::gap);
    feed.book("delta", 2, R"(["10","2"])", "");
    EXPECT_FALSE(feed.state().book().view()) << "too late to mend it";
    EXPECT_EQ(feed.state().totals().gaps, 1U);
    feed.snapshot(9);
    EXPECT_TRUE(feed.state().book().view());
}

TEST(Pipeline, TheBreadthOfTheMarketReachesEverySymbol) {
    Feed feed;
    for (int i = 0; i < 12; ++i) {
        feed.send(fmt::format(
            R"({{"topic":"tickers.S{0}USDT","type":"snapshot","data":{{"symbol":"S{0}USDT","price24hPcnt":"{1}","turnover24h":"1000"}},"cs":1,"ts":{2}}})",
            i,
            i < 9    ? "0.02"
            : i < 11 ? "-0.01"
                     : "0",
            start_ms + i));
    }
    const MarketBreadth breadth = feed.pipeline.breadth({start_ms + 20});
    EXPECT_EQ(breadth.symbols, 12U);
    EXPECT_EQ(breadth.advancers, 9U);
    EXPECT_EQ(breadth.decliners, 2U);
    EXPECT_EQ(breadth.age_ms, 9);
    EXPECT_FALSE(breadth.turnover_z) << "too few minutes to know its norm";
    const auto activity = feed.pipeline.evaluate(*feed.pipeline.symbols().front())
                              .component(ComponentId::sentiment)
                              .sub("market_activity");
    ASSERT_TRUE(activity.lean);
    EXPECT_NEAR(*activity.raw_value("breadth"), 7.0 / 12, 1e-12);
    EXPECT_GT(*activity.lean, 0);
}

TEST(Pipeline, ARepeatedDeltaIsCountedAndIgnored) {
    Feed feed;
    feed.snapshot(1);
    feed.book("delta", 2, R"(["10","1"])", "");
    feed.book("delta", 2, R"(["10","1"])", "");
    feed.book("delta", 3, R"(["10","3"])", "");
    ASSERT_TRUE(feed.state().book().view());
    EXPECT_EQ(to_text(feed.state().book().view()->best_bid()->size), "3");
    EXPECT_EQ(feed.state().totals().duplicates, 1U);
    EXPECT_EQ(feed.state().totals().gaps, 0U);
}

TEST(Pipeline, ACrossedBookIsNotServed) {
    Feed feed;
    feed.snapshot(1);
    feed.book("delta", 2, R"(["11.5","1"])", "");
    EXPECT_EQ(feed.state().book().view().error(), BookFault::crossed);
    EXPECT_EQ(feed.state().totals().crossings, 1U);
}

TEST(Pipeline, ARefusedBookFrameBreaksItsBookOnly) {
    Feed feed;
    feed.snapshot(1);
    feed.book("snapshot", 1, R"(["10","5"])", R"(["11","6"])", "YUSDT");
    feed.book("delta", 2, R"(["10","-1"])", "");
    EXPECT_EQ(feed.pipeline.refused(), 1U);
    EXPECT_FALSE(feed.state().book().view());
    EXPECT_EQ(feed.state().totals().rejected, 1U);
    EXPECT_TRUE(feed.pipeline.symbols().back()->state.book().view());
}

TEST(Pipeline, TradesAreCountedOnceAndSlightlyLateOnesKept) {
    Feed feed;
    feed.trade(5'000, "a");
    feed.trade(5'000, "a");
    feed.trade(4'500, "b", "Sell");
    feed.trade(1'000, "c", "Sell");
    const auto& totals = feed.state().totals();
    EXPECT_EQ(totals.duplicates, 1U);
    EXPECT_EQ(totals.late_trades, 1U);
    EXPECT_EQ(totals.trades, 3U) << "a late trade still happened";
    EXPECT_EQ(feed.state().tape().trades().size(), 2U);
    EXPECT_EQ(feed.state().tape().trades().newest(0).time.ms, start_ms + 5'000) << "the tape never runs back";
}

TEST(Pipeline, UntilLeavesOutWhatCameLater) {
    Feed feed({.symbol = {}, .until = ExchangeTime{start_ms + 2'000}});
    feed.trade(1'000, "a");
    feed.trade(2'000, "b");
    feed.trade(2'001, "c");
    EXPECT_EQ(feed.state().totals().trades, 2U);
    EXPECT_EQ(feed.pipeline.newest().ms, start_ms + 2'000) << "nothing of what came later is known";
    const auto confluence = feed.pipeline.evaluate(*feed.pipeline.symbols().front());
    EXPECT_EQ(confluence.as_of.ms, start_ms + 2'000);
}

TEST(Pipeline, OneSymbolIsKeptButAllAreMet) {
    Feed feed({.symbol = "YUSDT", .until = {}});
    feed.snapshot(1);
    feed.book("snapshot", 1, R"(["10","5"])", R"(["11","6"])", "YUSDT");
    ASSERT_EQ(feed.pipeline.symbols().size(), 1U);
    EXPECT_EQ(feed.state().symbol(), "YUSDT");
    EXPECT_EQ(feed.pipeline.symbols_met(), (std::vector<std::string>{"XUSDT", "YUSDT"}));
}

TEST(Pipeline, WhatIsNotUnderstoodIsCountedByReason) {
    Feed feed;
    feed.send("{\"topic\":\"orderbook.50.XUSDT\"", "bybit/ws");
    feed.send("{\"topic\":\"weather.XUSDT\",\"ts\":1,\"data\":{}}", "bybit/ws");
    feed.send("{}", "nowhere/ws");
    feed.send("{}", "not a channel");
    EXPECT_EQ(feed.pipeline.records(), 4U);
    EXPECT_EQ(feed.pipeline.refused(), 4U);
    EXPECT_TRUE(feed.pipeline.symbols().empty());
    EXPECT_EQ(feed.pipeline.refusals().at(ErrorCode::json_syntax).count, 1U);
    EXPECT_NE(feed.pipeline.refusals().at(ErrorCode::unknown_topic).first_message.find("weather"),
              std::string::npos);
}

TEST(Pipeline, OneTradeIsInsufficientData) {
    Feed feed;
    feed.trade(1'000, "a");
    const auto confluence = feed.pipeline.evaluate(*feed.pipeline.symbols().front());
    EXPECT_FALSE(confluence.score);
}

}  // namespace
}  // namespace virtuoso
