// What the market as a whole does, told by tickers of symbols that are followed and of those that are not.
#include "engine/pipeline.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'717'200'000'000;
constexpr std::string_view bybit_list = "bybit/rest/v5/market/tickers?category=linear";
constexpr std::string_view binance_list = "binance-usdm/rest/fapi/v1/ticker/24hr";

class Exchange {
  public:
    explicit Exchange(PipelineOptions options = {}) : pipeline(std::move(options)) {}

    void feed(std::string_view channel, std::string_view text, std::int64_t at_ms) {
        pipeline.feed({LocalTime{(start_ms + at_ms) * 1'000'000}, 0, channel, buffer_.assign(text)});
    }
    /// Of `rising` contracts that rose and `falling` that fell.
    void list(int rising, int falling, std::int64_t at_ms) {
        std::string rows;
        for (int i = 0; i < rising + falling; ++i) {
            rows += fmt::format(
                R"({}{{"symbol":"L{}USDT","lastPrice":"1","price24hPcnt":"{}","turnover24h":"1000"}})",
                i == 0 ? "" : ",", i, i < rising ? "0.01" : "-0.01");
        }
        feed(
            bybit_list,
            fmt::format(
                R"({{"retCode":0,"retMsg":"OK","result":{{"category":"linear","list":[{}]}},"retExtInfo":{{}},"time":{}}})",
                rows, start_ms + at_ms),
            at_ms);
    }
    void trade(std::int64_t at_ms, std::string_view symbol = "XUSDT") {
        feed(
            "bybit/ws",
            fmt::format(
                R"({{"topic":"publicTrade.{1}","type":"snapshot","ts":{0},"data":[{{"T":{0},"s":"{1}","S":"Buy","v":"2","p":"10","L":"ZeroPlusTick","i":"t{0}","BT":false}}]}})",
                start_ms + at_ms, symbol),
            at_ms);
    }
    SubScore activity(std::int64_t at_ms) {
        return pipeline.evaluate(*pipeline.symbols().front(), {start_ms + at_ms})
            .component(ComponentId::sentiment)
            .sub("market_activity");
    }

    Pipeline pipeline;

  private:
    FrameBuffer buffer_;
};

TEST(Breadth, ListsOfTheWholeExchangeCountAndMakeNoSymbols) {
    Exchange exchange;
    exchange.trade(0);
    const std::size_t before = exchange.pipeline.symbols().front()->bytes();
    exchange.list(12, 4, 100);
    EXPECT_EQ(exchange.pipeline.symbols().size(), 1U);
    EXPECT_EQ(exchange.pipeline.symbols_met(), std::vector<std::string>{"XUSDT"});
    EXPECT_EQ(exchange.pipeline.symbols().front()->bytes(), before);
    const auto activity = exchange.activity(4'100);
    ASSERT_TRUE(activity.lean);
    EXPECT_EQ(activity.raw_value("advancers"), 12.0);
    EXPECT_EQ(activity.raw_value("decliners"), 4.0);
    EXPECT_EQ(activity.raw_value("breadth_age_s"), 4.0);
    EXPECT_EQ(activity.age_ms, 4'000);
}

TEST(Breadth, GrowsOldAndIsAbsentWhenItIsTooOld) {
    Exchange exchange;
    exchange.trade(0);
    exchange.list(12, 4, 0);
    EXPECT_TRUE(exchange.activity(60'000).lean);
    EXPECT_FALSE(exchange.activity(60'001).lean);
    exchange.list(3, 13, 61'000);
    const auto renewed = exchange.activity(61'500);
    ASSERT_TRUE(renewed.lean);
    EXPECT_EQ(renewed.raw_value("advancers"), 3.0);
}

// Half of the market was told a minute ago, half just now: only the latter is counted.
TEST(Breadth, StaleTickersAreNotCounted) {
    Exchange exchange;
    exchange.trade(0);
    exchange.list(20, 0, 0);
    exchange.list(0, 11, 30'000);
    EXPECT_EQ(exchange.activity(59'000).raw_value("advancers"), 9.0) << "those that the second list left out";
    const auto later = exchange.activity(61'000);
    EXPECT_EQ(later.raw_value("advancers"), 0.0);
    EXPECT_EQ(later.raw_value("decliners"), 11.0);
    EXPECT_EQ(later.samples, 11U);
}

// Binance times each element by the contract's last trade, the list as a whole is of now.
TEST(Breadth, ThinContractsOfAListAreAsNewAsTheList) {
    Exchange exchange;
    exchange.trade(0);
    std::string rows;
    for (int i = 0; i < 12; ++i) {
        rows += fmt::format(
            R"({}{{"symbol":"L{}USDT","lastPrice":"1","priceChangePercent":"2.0","volume":"5","quoteVolume":"9","openPrice":"1","highPrice":"1","lowPrice":"1","closeTime":{}}})",
            i == 0 ? "" : ",", i, start_ms + (i == 0 ? 1'000 : 1'000 - i * 600'000));
    }
    exchange.feed(binance_list, "[" + rows + "]", 1'000);
    EXPECT_EQ(exchange.pipeline.refused(), 0U);
    EXPECT_EQ(exchange.activity(2'000).samples, 12U);
}

TEST(Breadth, IsKnownWhenOnlyOneSymbolIsFollowed) {
    Exchange all;
    Exchange one({.symbol = "XUSDT"});
    for (Exchange* const exchange : {&all, &one}) {
        for (int i = 0; i < 12; ++i) {
            exchange->feed(
                "bybit/ws",
                fmt::format(
                    R"({{"topic":"tickers.S{0}USDT","type":"snapshot","data":{{"symbol":"S{0}USDT","price24hPcnt":"{1}","turnover24h":"1000"}},"cs":1,"ts":{2}}})",
                    i, i < 9 ? "0.02" : "-0.01", start_ms + i),
                i);
        }
        exchange->trade(20);
    }
    ASSERT_EQ(one.pipeline.symbols().size(), 1U);
    const MarketBreadth breadth = one.pipeline.breadth({start_ms + 20});
    EXPECT_EQ(breadth.symbols, 12U);
    EXPECT_EQ(breadth.advancers, all.pipeline.breadth({start_ms + 20}).advancers);
    EXPECT_EQ(one.pipeline.tickers().sample("bybit", {start_ms + 20}).size(), 12U);
}

TEST(Breadth, SamplesAreTheFreshOnesOfOneExchange) {
    MarketTickers tickers;
    const auto tell = [&](std::string_view exchange, std::string_view symbol, double change,
                          std::int64_t at_ms) {
        TickerUpdate update{.time = {start_ms + at_ms}};
        update.change_24h = change;
        update.last_price = Price{at_ms};
        const MarketEvent event{symbol, update.time, update};
        tickers.take(exchange, {&event, 1});
    };
    tell("bybit", "BUSDT", 0.01, 0);
    tell("bybit", "AUSDT", 0.02, 50'000);
    tell("binance-usdm", "CUSDT", 0.03, 50'000);
    const auto early = tickers.sample("bybit", {start_ms + 60'000});
    ASSERT_EQ(early.size(), 2U);
    EXPECT_EQ(early[0].symbol, "AUSDT");
    EXPECT_EQ(early[0].last_price, Price{50'000});
    EXPECT_EQ(early[0].change_24h, 0.02);
    EXPECT_EQ(early[1].time, (ExchangeTime{start_ms}));
    const auto later = tickers.sample("bybit", {start_ms + 60'001});
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(later[0].symbol, "AUSDT");
    EXPECT_TRUE(tickers.sample("kraken", {start_ms}).empty());
}

TEST(Breadth, PartsThatKnowTheSameContractsAreMergedToTheNewest) {
    const std::vector<std::vector<TickerSample>> parts{
        {{.symbol = "AUSDT", .time = {1}}, {.symbol = "CUSDT", .time = {9}}},
        {{.symbol = "AUSDT", .time = {2}}, {.symbol = "BUSDT", .time = {1}}},
        {{.symbol = "CUSDT", .time = {3}}},
        {}};
    std::vector<std::pair<std::string, std::int64_t>> found;
    for (const auto& sample : merged(parts)) {
        found.emplace_back(sample.symbol, sample.time.ms);
    }
    EXPECT_EQ(found,
              (std::vector<std::pair<std::string, std::int64_t>>{{"AUSDT", 2}, {"BUSDT", 1}, {"CUSDT", 9}}));
}

TEST(Breadth, AnyNumberOfNamesIsBounded) {
    MarketTickers tickers;
    for (int i = 0; i < 40'000; ++i) {
        const std::string name = fmt::format("N{}USDT", i);
        TickerUpdate update{.time = {start_ms + i * 100}};
        update.change_24h = 0.01;
        const MarketEvent event{name, update.time, update};
        tickers.take("bybit", {&event, 1});
    }
    EXPECT_LT(tickers.bytes(), MarketTickers::symbols_max * 200);
    EXPECT_EQ(tickers.breadth({start_ms + 40'000 * 100}).symbols, 600U) << "the newest are known";
}

}  // namespace
}  // namespace virtuoso
