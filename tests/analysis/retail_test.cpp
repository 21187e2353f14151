// Retail prints meet no visible order: they are flow, and are compared with no book.
#include "analysis/book_moment.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'700'000'000'000;
constexpr std::int64_t unit = 100'000'000;

// Ten quiet minutes, then half a minute of selling that moves nothing.
FlowBins selling(bool retail) {
    FlowBins flow;
    for (int second = 0; second < 600; ++second) {
        const bool up = second % 2 == 0;
        flow.add({{start_ms + second * 1'000}, {(100 + (up ? 1 : 0)) * unit}, up ? unit : -unit});
    }
    for (int second = 600; second < 630; ++second) {
        flow.add({{start_ms + second * 1'000}, {100 * unit}, -50 * unit, retail});
    }
    return flow;
}

BookTop book() {
    BookTop top;
    top.bid_count = 5;
    top.ask_count = 5;
    for (int i = 0; i < 5; ++i) {
        top.bids[static_cast<std::size_t>(i)] = {{(100 - i) * unit}, {unit}};
        top.asks[static_cast<std::size_t>(i)] = {{(101 + i) * unit}, {unit}};
    }
    return top;
}

TEST(RetailPrints, AreAbsorbedByNoVisibleLevel) {
    const auto visible = Absorption::of(selling(false), book(), {start_ms + 629'500});
    const auto retail = Absorption::of(selling(true), book(), {start_ms + 629'500});
    ASSERT_TRUE(visible && retail);
    EXPECT_GT(visible->bids, 0.9);
    EXPECT_LT(visible->net_quote, -100'000);
    EXPECT_DOUBLE_EQ(retail->bids, 0);
    EXPECT_DOUBLE_EQ(retail->net_quote, 0);
    EXPECT_DOUBLE_EQ(retail->rate_of_peak, visible->rate_of_peak) << "it is flow all the same";
}

}  // namespace
}  // namespace virtuoso
