// At the edges of what a market can be, results are finite or absent: never NaN, never a crash.
#include "analysis/interpretation.hpp"
#include "analysis/symbol_analysis.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace virtuoso {
namespace {

constexpr std::int64_t begin_ms = 1'717'588'800'000;

class Boundary : public ::testing::Test {
  protected:
    void apply(std::int64_t ms, const MarketPayload& payload) {
        analysis_.update(state_, state_.apply({"EDGEUSDT", {ms}, payload}));
        check();
    }
    void check() {
        const Confluence confluence = analysis_.evaluate(state_, state_.as_of());
        for (const auto& component : confluence.components) {
            EXPECT_TRUE(!component.score || (*component.score >= 0 && *component.score <= 100))
                << spec_of(component.id).name;
            for (const auto& sub : component.sub_scores()) {
                EXPECT_TRUE(!sub.lean || std::isfinite(*sub.lean)) << sub.name;
                for (std::size_t i = 0; i < sub.raw_count; ++i) {
                    EXPECT_TRUE(std::isfinite(sub.raw[i].value)) << sub.name << " " << sub.raw[i].name;
                }
            }
        }
        EXPECT_TRUE(std::isfinite(confluence.reliability));
        for (const auto& text : interpret(confluence, "EDGEUSDT")) {
            EXPECT_EQ(text.find("nan"), std::string::npos) << text;
            EXPECT_EQ(text.find("inf "), std::string::npos) << text;
        }
    }
    void candle(int minute, double open, double high, double low, double close, double volume) {
        const auto price = [](double value) { return Price{static_cast<std::int64_t>(value * 1e8)}; };
        const std::int64_t time = begin_ms + minute * ms_per_minute;
        KlineUpdate update{{time + ms_per_minute}, Timeframe::m1, true, {}};
        update.candle = {.open_time = {time},
                         .open = price(open),
                         .high = price(high),
                         .low = price(low),
                         .close = price(close),
                         .volume = volume};
        apply(time + ms_per_minute, update);
    }
    void trade(std::int64_t ms, double price, double size, Side taker) {
        const TradePrint print{.time = {ms},
                               .price = {static_cast<std::int64_t>(price * 1e8)},
                               .size = {static_cast<std::int64_t>(size * 1e8)},
                               .taker = taker,
                               .id = ++id_};
        apply(ms, Trades{.prints = {&print, 1}});
    }

    SymbolState state_{"EDGEUSDT"};
    SymbolAnalysis analysis_;
    std::uint64_t id_ = 0;
};

TEST_F(Boundary, Nothing) {
    check();
}

TEST_F(Boundary, FlatPricesAndAllEqualCloses) {
    for (int i = 0; i < 400; ++i) {
        candle(i, 10, 10, 10, 10, 5);
    }
    const auto rsi = analysis_.evaluate(state_, state_.as_of()).component(ComponentId::technical).sub("ao");
    EXPECT_FALSE(rsi.lean) << "without any range there is no unit to measure by";
}

TEST_F(Boundary, ZeroVolume) {
    for (int i = 0; i < 200; ++i) {
        candle(i, 10, 11, 9, 10 + i % 2, 0);
    }
}

TEST_F(Boundary, OneTrade) {
    trade(begin_ms, 10, 1, Side::buy);
    EXPECT_FALSE(analysis_.evaluate(state_, state_.as_of()).component(ComponentId::orderflow).score);
}

TEST_F(Boundary, OneSidedFlowAtOnePrice) {
    for (int i = 0; i < 1'500; ++i) {
        trade(begin_ms + i * 1'000, 10, 1, Side::buy);
    }
}

TEST_F(Boundary, OneSidedAndEmptyBook) {
    const BookLevel bid{{10 * decimal_scale}, {decimal_scale}};
    apply(begin_ms,
          BookSnapshot{.time = {begin_ms}, .update_id = 1, .depth = 50, .bids = {&bid, 1}, .asks = {}});
    EXPECT_FALSE(analysis_.evaluate(state_, state_.as_of()).component(ComponentId::orderbook).score);
    apply(begin_ms + 100,
          BookSnapshot{.time = {begin_ms + 100}, .update_id = 2, .depth = 50, .bids = {}, .asks = {}});
    EXPECT_FALSE(analysis_.evaluate(state_, state_.as_of()).component(ComponentId::orderbook).score);
}

TEST_F(Boundary, GapsOfHours) {
    for (int i = 0; i < 200; ++i) {
        candle(i * 1 + (i / 50) * 600, 10 + i % 7, 18, 9, 11 + i % 5, 1 + i % 3);
    }
}

TEST_F(Boundary, ANinetyPercentCrash) {
    for (int i = 0; i < 200; ++i) {
        candle(i, 1'000, 1'001, 999, 1'000, 5);
    }
    candle(200, 1'000, 1'000, 100, 100, 5'000);
    for (int i = 201; i < 300; ++i) {
        candle(i, 100, 101, 99, 100, 5);
    }
}

TEST_F(Boundary, TheSmallestAndTheLargestPrices) {
    for (int i = 0; i < 100; ++i) {
        candle(i, 1e-8, 3e-8, 1e-8, 2e-8, 1e15);
    }
    for (int i = 100; i < 200; ++i) {
        candle(i, 9e10, 9.2e10, 8e10, 9e10, 1e-8);
    }
}

}  // namespace
}  // namespace virtuoso
