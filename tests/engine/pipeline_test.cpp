// What the pipeline makes of traffic that is late, repeated, out of order or not understood.
#include "engine/pipeline.hpp"

#include "engine/live_session.hpp"

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

TEST(Pipeline, RefusalsBeforeASymbolsFirstEventCount) {
    Feed feed;
    feed.send(
        R"({"topic":"tickers.XUSDT","type":"snapshot","data":{"symbol":"XUSDT","lastPrice":"NaN"},"ts":1717200000000})");
    feed.book("snapshot", 1, R"(["10","-5"])", R"(["11","6"])");
    EXPECT_TRUE(feed.pipeline.symbols().empty());
    feed.snapshot(1);
    EXPECT_EQ(feed.state().totals().rejected, 2U);
    feed.send(
        R"({"topic":"tickers.XUSDT","type":"delta","data":{"symbol":"XUSDT","lastPrice":"x"},"ts":1717200000000})");
    EXPECT_EQ(feed.state().totals().rejected, 3U);
    EXPECT_EQ(feed.pipeline.refused(), 3U);
}

TEST(Pipeline, ElementsThatAreLeftOutCountWhereTheyBelong) {
    Feed feed;
    feed.send(
        R"({"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"symbol":"YUSDT","lastPrice":"NaN"},{"symbol":"XUSDT","lastPrice":"10"},null]},"time":1717200000000})",
        "bybit/rest/v5/market/tickers?category=linear");
    EXPECT_EQ(feed.pipeline.refused(), 2U);
    feed.send(
        R"({"retCode":0,"retMsg":"OK","result":{"symbol":"XUSDT","list":[["1717199940000","1","2","1","2","7","9"],["1717199880000","0","0","0","0","0","0"]]},"time":1717200000000})",
        "bybit/rest/v5/market/kline?category=linear&symbol=XUSDT&interval=1");
    EXPECT_EQ(feed.pipeline.refused(), 3U);
    EXPECT_EQ(feed.state().totals().rejected, 1U);
    EXPECT_EQ(feed.state().candles().series(Timeframe::m1).closed().size(), 1U);
    feed.book("snapshot", 1, R"(["10","5"])", R"(["11","6"])", "YUSDT");
    EXPECT_EQ(feed.pipeline.find("bybit", "YUSDT")->state.totals().rejected, 1U);
}

// A contract that was split comes back from a restart at prices of another unit.
TEST(Pipeline, ASplitForgetsThePastAndAnOrdinaryRestartDoesNot) {
    for (const bool split : {false, true}) {
        int restated = 0;
        PipelineOptions options;
        options.on_change = [&](const TrackedSymbol&, const StateChange& change) {
            restated += change.restated ? 1 : 0;
        };
        Feed feed(std::move(options));
        feed.snapshot(5'000);
        for (int minute = 0; minute < 10; ++minute) {
            feed.trade(minute * ms_per_minute, fmt::format("t{}", minute));
        }
        const auto closed = feed.state().candles().series(Timeframe::m1).closed().size();
        ASSERT_GE(closed, 8U);
        feed.book("snapshot", 1, split ? R"(["100","5"])" : R"(["12","5"])",
                  split ? R"(["101","5"])" : R"(["13","5"])");
        EXPECT_EQ(restated, split ? 1 : 0);
        EXPECT_EQ(feed.state().candles().series(Timeframe::m1).closed().size(), split ? 0U : closed);
        EXPECT_EQ(feed.state().tape().trades().empty(), split);
        EXPECT_TRUE(feed.state().book().view());
        feed.trade(11 * ms_per_minute, "after");
        EXPECT_EQ(restated, split ? 1 : 0) << "once";
    }
}

// What a snapshot says of a contract whose last trade was at 10.
TEST(Pipeline, WhatIsASplitAndWhatIsNone) {
    struct Return {
        int update_id;
        double price;
        std::int64_t after_ms;
        bool split;
    };
    constexpr Return returns[] = {
        {1, 15.5, ms_per_minute, true},       // three for two, backwards
        {1, 6.6, ms_per_minute, true},        // three for two
        {1, 13, ms_per_minute, false},        // a restart in a storm
        {7'000, 20.5, ms_per_hour, true},     // two for one while it was not listened to
        {7'000, 0.01, ms_per_hour, true},     // a thousand for one
        {7'000, 15.5, ms_per_hour, false},    // may be the market's own
        {7'000, 25, 2 * ms_per_day, false},   // nothing is known of the time between
        {1, 10'000, 12 * ms_per_hour, true},  // redenominated
    };
    for (const Return& test : returns) {
        int restated = 0;
        PipelineOptions options;
        options.on_change = [&](const TrackedSymbol&, const StateChange& change) {
            restated += change.restated ? 1 : 0;
        };
        Feed feed(std::move(options));
        feed.snapshot(5'000);
        feed.trade(0, "t");
        ASSERT_EQ(to_text(feed.state().tape().trades().back().price), "10");
        feed.send(fmt::format(
            R"({{"topic":"orderbook.50.XUSDT","type":"snapshot","ts":{0},"data":{{"s":"XUSDT","b":[["{2:.6f}","1"]],"a":[["{3:.6f}","1"]],"u":{1},"seq":9}},"cts":{0}}})",
            start_ms + test.after_ms, test.update_id, test.price, test.price * 1.001));
        EXPECT_EQ(restated, test.split ? 1 : 0) << test.update_id << " at " << test.price;
        EXPECT_TRUE(feed.state().book().view()) << test.price;
    }
}

// Binance tells it in a list of all contracts, which may come before or after anything of a symbol.
TEST(Pipeline, AListOfAllTellsFundingIntervalsInAnyOrder) {
    for (const bool first : {true, false}) {
        Feed feed;
        const auto tell = [&] {
            feed.send(
                R"([{"symbol":"OTHERUSDT","fundingIntervalHours":1},{"symbol":"XUSDT","fundingIntervalHours":4}])",
                "binance-usdm/rest/fapi/v1/fundingInfo");
        };
        if (first) {
            tell();
        }
        feed.send(
            R"({"stream":"xusdt@aggTrade","data":{"e":"aggTrade","E":1717200000001,"s":"XUSDT","a":7,"p":"10","q":"1","f":1,"l":1,"T":1717200000000,"m":true}})",
            "binance-usdm/ws");
        if (!first) {
            tell();
        }
        const TrackedSymbol* const symbol = feed.pipeline.find("binance-usdm", "XUSDT");
        ASSERT_NE(symbol, nullptr);
        EXPECT_EQ(symbol->state.ticker().funding_interval_minutes, 240) << first;
        EXPECT_EQ(feed.pipeline.find("binance-usdm", "OTHERUSDT"), nullptr) << "nothing of it was followed";
    }
}

/// Notes what a session asks of its feed.
class AskedFeed final : public virtuoso::Feed {
  public:
    void start() override {}
    void book_broken(std::string_view, BookFault) override {}
    void book_thin(std::string_view) override {}
    void trades_missing(std::string_view, ExchangeTime) override {}
    void histories_stale(std::string_view symbol) override { stale.emplace_back(symbol); }
    [[nodiscard]] std::string_view exchange() const noexcept override { return "bybit"; }
    [[nodiscard]] const std::vector<std::string>& symbols() const noexcept override { return stale; }
    [[nodiscard]] std::vector<std::string> concerns(std::string_view) const override { return {}; }
    [[nodiscard]] std::uint64_t trade_gaps(std::string_view) const override { return 0; }
    [[nodiscard]] ExchangeTime exchange_now() const override { return {start_ms}; }
    [[nodiscard]] std::int64_t clock_offset_ms() const noexcept override { return 0; }
    [[nodiscard]] FeedStatistics statistics() const override { return {}; }
    [[nodiscard]] Error trouble() const override { return {ErrorCode::network, {}}; }

    std::vector<std::string> stale;
};

TEST(LiveSession, ASplitIsSaidAndItsHistoriesAreAskedForAnew) {
    std::vector<std::string> notices;
    LiveSession session({.on_notice = [&](std::string_view text) { notices.emplace_back(text); }});
    AskedFeed feed;
    session.set_feed(feed);
    const auto take = [&](const MarketPayload& payload) {
        const MarketEvent event{.symbol = "XUSDT", .time = {start_ms}, .payload = payload};
        session.on_events({&event, 1});
    };
    const TradePrint print{.time = {start_ms}, .price = {10'00000000}, .size = {1'00000000}};
    take(Trades{.prints = {&print, 1}});
    for (const std::int64_t price : {10, 100}) {
        const BookLevel bid{{price * 1'00000000}, {1'00000000}};
        const BookLevel ask{{price * 1'00000000 + 1}, {1'00000000}};
        take(BookSnapshot{
            .time = {start_ms}, .update_id = 1, .depth = 50, .bids = {&bid, 1}, .asks = {&ask, 1}});
    }
    EXPECT_EQ(feed.stale, std::vector<std::string>{"XUSDT"});
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_NE(notices[0].find("a split"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso
