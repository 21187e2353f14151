#include "indicators/flow_bins.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'700'000'000'000;

TapeTrade trade(std::int64_t after_ms, double price, double signed_size) {
    return {{start_ms + after_ms},
            {static_cast<std::int64_t>(price * decimal_scale)},
            static_cast<std::int64_t>(signed_size * decimal_scale)};
}

TEST(FlowBins, SumsTheSecondsOfAWindow) {
    FlowBins flow;
    flow.add(trade(0, 100, 5));
    flow.add(trade(1'200, 101, 2));
    flow.add(trade(1'900, 102, -3));
    flow.add(trade(4'000, 104, 1));
    const auto last_two = flow.window({start_ms + 4'500}, 2);
    EXPECT_DOUBLE_EQ(last_two.total.buy_size, 1);
    EXPECT_DOUBLE_EQ(last_two.price_change, 2) << "from the last price before the window";
    const auto all = flow.window({start_ms + 4'500}, 60);
    EXPECT_EQ(all.bins, 5) << "only the seconds since the first trade";
    EXPECT_DOUBLE_EQ(all.total.buy_size, 8);
    EXPECT_DOUBLE_EQ(all.total.sell_size, 3);
    EXPECT_DOUBLE_EQ(all.total.buy_notional, 500 + 202 + 104);
    EXPECT_EQ(all.total.buys, 3U);
    EXPECT_EQ(all.total.sells, 1U);
    EXPECT_EQ(all.seconds, 5);
    EXPECT_EQ(all.traded_bins, 3);
    EXPECT_EQ(flow.window({start_ms + 20'000}, 60).seconds, 21) << "to the end of the window";
    EXPECT_DOUBLE_EQ(all.price_square, 4 + 4);
    EXPECT_DOUBLE_EQ(all.last_price, 104);
}

TEST(FlowBins, BlocksJoinHalfMinutes) {
    FlowBins flow;
    const std::int64_t aligned = 10'000;  // start_ms lies 20 s into a block
    for (int block = 0; block < 21; ++block) {
        EXPECT_FALSE(flow.block_flow()) << "below 20 whole blocks, at " << block;
        flow.add(trade(aligned + block * 30'000, 100 + block, 3));
        flow.add(trade(aligned + block * 30'000 + 29'000, 100 + block, block % 2 == 0 ? 4 : -10));
    }
    EXPECT_NEAR(*flow.block_flow(), 7, 1e-12) << "3 + 4 and 3 − 10";
    EXPECT_NEAR(*flow.block_move(), std::sqrt(19.0 / 20), 1e-12) << "the first block had no price before it";
    EXPECT_EQ(flow.window({start_ms + aligned + 600'000 + 29'000}, 900).traded_blocks, 21);
    EXPECT_EQ(flow.window({start_ms + aligned + 600'000 + 29'000}, 60).traded_blocks, 2);
}

TEST(FlowBins, ForgetsAfterFifteenMinutes) {
    FlowBins flow;
    flow.add(trade(0, 100, 5));
    flow.add(trade(899'000, 100, 1));
    EXPECT_DOUBLE_EQ(flow.window({start_ms + 899'000}, 900).total.buy_size, 6);
    flow.add(trade(900'000, 100, 1));
    EXPECT_DOUBLE_EQ(flow.window({start_ms + 900'000}, 900).total.buy_size, 2);
    flow.add(trade(5'000'000, 100, 7));
    EXPECT_DOUBLE_EQ(flow.window({start_ms + 5'000'000}, 900).total.buy_size, 7);
}

TEST(FlowBins, AWindowAfterTheLastTradeIsEmpty) {
    FlowBins flow;
    flow.add(trade(0, 100, 5));
    const auto later = flow.window({start_ms + 120'000}, 60);
    EXPECT_DOUBLE_EQ(later.total.buy_size, 0);
    EXPECT_EQ(later.bins, 0);
}

TEST(FlowBins, WashLikePrintsMirrorTheOneBefore) {
    FlowBins flow;
    flow.add(trade(0, 100, 5));
    flow.add(trade(50, 100, -5));   // same price and size, other side, within 100 ms
    flow.add(trade(200, 100, 5));   // too late
    flow.add(trade(210, 101, -5));  // other price
    EXPECT_EQ(flow.window({start_ms + 500}, 60).total.wash_like, 1U);
}

TEST(FlowBins, DecayedRatioHalvesEveryMinute) {
    FlowBins flow;
    EXPECT_FALSE(flow.decayed_ratio());
    flow.add(trade(0, 100, 2));
    EXPECT_DOUBLE_EQ(*flow.decayed_ratio(), 1);
    flow.add(trade(60'000, 100, -1));
    EXPECT_NEAR(*flow.decayed_ratio(), 0, 1e-12) << "two halved against one";
}

TEST(FlowBins, LargeTradesAreJudgedByThoseBefore) {
    FlowBins flow;
    for (int i = 0; i < 200; ++i) {
        flow.add(trade(i * 10, 100, i % 2 == 0 ? 1 : -1));
    }
    flow.add(trade(3'000, 100, 500));
    flow.add(trade(3'500, 100, 500));  // the same cluster
    const auto window = flow.window({start_ms + 3'900}, 60);
    EXPECT_EQ(window.total.large_trades, 2U);
    EXPECT_EQ(window.total.large_clusters, 1U);
    EXPECT_DOUBLE_EQ(window.total.large_buy, 100'000);
}

TEST(FlowBins, PriceImpactIsTheSlopeOfPriceOnFlow) {
    FlowBins flow;
    double price = 100;
    flow.add(trade(0, price, 1));
    for (int i = 1; i <= 60; ++i) {
        const double size = i % 2 == 0 ? 2 : -1;
        price *= 1 + (size > 0 ? 2e-4 : -1e-4);  // one basis point for each unit of size
        flow.add(trade(i * 1'000, price, size));
    }
    const auto impact = flow.price_impact({start_ms + 60'000}, 60);
    EXPECT_EQ(impact.buy_bins, 30);
    EXPECT_NEAR(impact.lambda_buy, 1.0 / 100, 2e-4);
    EXPECT_NEAR(impact.lambda_sell, 1.0 / 100, 2e-4);
}

TEST(FlowBins, PeakRateIsOfTheBusiestSpan) {
    FlowBins flow;
    flow.add(trade(0, 100, 1));
    flow.add(trade(10'000, 100, 30));
    flow.add(trade(12'000, 100, 30));
    flow.add(trade(30'000, 100, 1));
    EXPECT_DOUBLE_EQ(flow.peak_rate({start_ms + 30'000}, 60, 5), 6'000.0 / 5);
}

TEST(FlowBins, RetailPrintsAreFlowAndToldApart) {
    FlowBins bins;
    bins.add({{1'000}, {2'00000000}, 5'00000000, false});
    bins.add({{1'001}, {2'00000000}, -3'00000000, true});
    bins.add({{1'002}, {2'00000000}, 1'00000000, true});
    const FlowBin total = bins.window({1'500}, 1).total;
    EXPECT_DOUBLE_EQ(total.buy_notional, 12);
    EXPECT_DOUBLE_EQ(total.sell_notional, 6);
    EXPECT_DOUBLE_EQ(total.retail_buy, 2);
    EXPECT_DOUBLE_EQ(total.retail_sell, 6);
}

}  // namespace
}  // namespace virtuoso
