#include "indicators/book_flow.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace virtuoso {
namespace {

BookLevel level(double price, double size) {
    return {{std::llround(price * decimal_scale)}, {std::llround(size * decimal_scale)}};
}

BookTop top(double bid, double bid_size, double ask, double ask_size) {
    BookTop result;
    result.bids[0] = level(bid, bid_size);
    result.asks[0] = level(ask, ask_size);
    result.bid_count = 1;
    result.ask_count = 1;
    return result;
}

// The cases of Cont, Kukanov, Stoikov 2014, section 2.
TEST(OrderFlowContribution, FollowsTheEvents) {
    const auto bid = level(100, 5);
    const auto ask = level(101, 7);
    EXPECT_DOUBLE_EQ(order_flow_contribution(bid, ask, bid, ask), 0);
    EXPECT_DOUBLE_EQ(order_flow_contribution(bid, ask, level(100, 8), ask), 3) << "bid grew";
    EXPECT_DOUBLE_EQ(order_flow_contribution(bid, ask, level(100.5, 2), ask), 2) << "new best bid";
    EXPECT_DOUBLE_EQ(order_flow_contribution(bid, ask, level(99, 4), ask), -5) << "best bid gone";
    EXPECT_DOUBLE_EQ(order_flow_contribution(bid, ask, bid, level(101, 4)), 3) << "ask shrank";
    EXPECT_DOUBLE_EQ(order_flow_contribution(bid, ask, bid, level(100.5, 2)), -2) << "new best ask";
    EXPECT_DOUBLE_EQ(order_flow_contribution(bid, ask, bid, level(102, 9)), 7) << "best ask gone";
}

TEST(BookFlow, NeedsTwentySecondsWithUpdates) {
    BookFlow flow;
    flow.update(top(100, 10, 101, 10), {0});
    for (int second = 1; second <= 20; ++second) {
        EXPECT_FALSE(flow.normalised_ofi({second * 1'000 - 1}, 60)) << second;
        flow.update(top(100, 10 + second, 101, 10), {second * 1'000});
    }
    flow.update(top(100, 40, 101, 10), {21'000});
    ASSERT_TRUE(flow.normalised_ofi({21'000}, 60));
    EXPECT_GT(*flow.normalised_ofi({21'000}, 60), 3) << "the bid grew every second";
    EXPECT_FALSE(flow.normalised_ofi({21'000}, 10)) << "ten seconds are too few for a score";
    EXPECT_TRUE(flow.normalised_ofi({21'000}, 10, 1));
}

TEST(BookFlow, OneUpdateAloneIsNeverExtreme) {
    BookFlow flow;
    flow.update(top(100, 10, 101, 10), {0});
    flow.update(top(100, 90, 101, 10), {1'000});
    for (int second = 2; second < 60; ++second) {
        EXPECT_FALSE(flow.normalised_ofi({second * 1'000}, 60)) << second;
    }
}

TEST(BookFlow, AQuietMinuteStaysSmall) {
    BookFlow flow;
    std::int64_t second = 0;
    const auto play = [&](int seconds, double step) {
        for (int i = 0; i < seconds; ++i) {
            flow.update(top(100, 100 + step * (i % 4 < 2 ? i % 2 : -(i % 2)), 101, 100), {second++ * 1'000});
        }
    };
    play(600, 50);
    play(30, 0.1);
    for (int i = 0; i < 30; ++i) {
        flow.update(top(100, 100 + 0.01 * i, 101, 100), {second++ * 1'000});
    }
    ASSERT_TRUE(flow.normalised_ofi({(second - 1) * 1'000}, 30));
    EXPECT_LT(std::fabs(*flow.normalised_ofi({(second - 1) * 1'000}, 30)), 0.05)
        << "one way, but little beside what this book usually does";
}

TEST(BookFlow, NothingIsComparedAcrossABrokenBook) {
    BookFlow flow;
    flow.update(top(100, 10, 101, 10), {1'000});
    flow.reset();
    flow.update(top(110, 90, 111, 10), {2'000});
    EXPECT_DOUBLE_EQ(flow.ofi({2'000}, 60), 0);
    flow.update(top(110, 91, 111, 10), {3'000});
    EXPECT_GT(flow.ofi({3'000}, 60), 0);
}

TEST(BookFlow, SmoothedImbalanceHalvesTheWayEveryThreeSeconds) {
    BookFlow flow;
    EXPECT_FALSE(flow.smoothed_imbalance());
    flow.update(top(100, 10, 101, 10), {1'000});
    EXPECT_DOUBLE_EQ(*flow.smoothed_imbalance(), 0);
    flow.update(top(100, 30, 101, 10), {4'000});
    EXPECT_NEAR(*flow.smoothed_imbalance(), 0.25, 1e-12) << "half of the way to 20/40";
}

TEST(BookFlow, AOneSidedBookIsNoBasis) {
    BookFlow flow;
    BookTop one_sided = top(100, 10, 101, 10);
    one_sided.ask_count = 0;
    flow.update(one_sided, {1'000});
    EXPECT_FALSE(flow.smoothed_imbalance());
    EXPECT_EQ(flow.updates(), 0U);
}

}  // namespace
}  // namespace virtuoso
