// How far a book is known, and what rests on it.
#include "analysis/symbol_analysis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t begin_ms = 1'717'588'800'000;
constexpr std::int64_t unit = 100'000'000;

std::vector<BookLevel> levels(int count, int step) {
    std::vector<BookLevel> list;
    for (int i = 0; i < count; ++i) {
        list.push_back({{(10'000 + step * (i + 1)) * unit}, {unit}});
    }
    return list;
}

/// What is said of a book of so many levels on a feed that shows `depth` a side.
SubScore visible(int depth, int bids, int asks, bool truncated = false) {
    SymbolState state("X");
    SymbolAnalysis analysis;
    const auto below = levels(bids, -1);
    const auto above = levels(asks, 1);
    const ExchangeTime time{begin_ms};
    analysis.update(state, state.apply({"X", time,
                                        BookSnapshot{.time = time,
                                                     .update_id = 1,
                                                     .depth = depth,
                                                     .truncated = truncated,
                                                     .bids = below,
                                                     .asks = above}}));
    return analysis.evaluate(state, time).component(ComponentId::orderbook).sub("di");
}

TEST(Orderbook, ABookThatItsFeedCutsIsNeverComplete) {
    for (const int depth : {50, 200, 500, 1'000}) {
        EXPECT_EQ(visible(depth, depth, depth).raw_value("complete"), 0.0) << depth;
        EXPECT_EQ(visible(depth, depth, depth - 30).raw_value("complete"), 0.0) << "one side is cut";
        EXPECT_EQ(visible(depth, depth - 30, depth).raw_value("complete"), 0.0);
        EXPECT_EQ(visible(depth, depth - 30, depth - 20).raw_value("complete"), 1.0) << "there is room left";
    }
    EXPECT_EQ(visible(0, 321, 123).raw_value("complete"), 1.0);
    EXPECT_EQ(visible(0, 321, 123, true).raw_value("complete"), 0.0);
}

/// Trades of one lot a second, alternating, then silence, then everything within one second.
SubScore after_a_sweep(std::string_view name, std::int64_t silence_s, int prints) {
    SymbolState state("X");
    SymbolAnalysis analysis;
    std::uint64_t id = 0;
    const auto trade = [&](std::int64_t ms, Side taker) {
        const ExchangeTime time{ms};
        const TradePrint print{
            .time = time, .price = {100 * unit}, .size = {unit}, .taker = taker, .id = ++id};
        analysis.update(state, state.apply({"X", time, Trades{.prints = {&print, 1}}}));
    };
    std::int64_t now = begin_ms;
    for (int second = 0; second < 400; ++second, now += 1'000) {
        trade(now, second % 2 == 0 ? Side::buy : Side::sell);
    }
    now += silence_s * 1'000;
    for (int i = 0; i < prints; ++i) {
        trade(now, Side::buy);
    }
    return analysis.evaluate(state, state.as_of()).component(ComponentId::orderflow).sub(name);
}

// Prints of one sweep are one event however many levels it takes: alone they are as extreme as can be.
TEST(Orderflow, OneSweepAloneMakesNoScore) {
    for (const int prints : {1, 30, 500}) {
        const SubScore flow = after_a_sweep("trade_flow", 320, prints);
        EXPECT_FALSE(flow.lean) << prints;
        const SubScore imbalance = after_a_sweep("imbalance", 320, prints);
        EXPECT_FALSE(imbalance.raw_value("ratio_30s")) << prints;
        EXPECT_FALSE(imbalance.raw_value("ratio_2m")) << prints;
        EXPECT_TRUE(imbalance.raw_value("ratio_10m")) << "that window has its seconds";
        EXPECT_FALSE(after_a_sweep("imbalance", 800, prints).lean) << prints;
    }
    EXPECT_TRUE(after_a_sweep("trade_flow", 0, 1).lean);
    EXPECT_TRUE(after_a_sweep("imbalance", 0, 1).raw_value("ratio_30s"));
}

}  // namespace
}  // namespace virtuoso
