#include "indicators/depth_history.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t unit = 100'000'000;

/// Around 10 000: a distance of one is one bps, less half of the spread.
OrderBook book_of(int depth, const std::vector<int>& below, const std::vector<int>& above) {
    std::vector<BookLevel> bids;
    std::vector<BookLevel> asks;
    for (const int distance : below) {
        bids.push_back({{(10'000 - distance) * unit}, {unit}});
    }
    for (const int distance : above) {
        asks.push_back({{(10'000 + distance) * unit}, {unit}});
    }
    OrderBook book;
    EXPECT_FALSE(
        book.apply(BookSnapshot{.time = {1}, .update_id = 1, .depth = depth, .bids = bids, .asks = asks}));
    return book;
}

// A side that is known farther than the other is not the thicker one for it.
TEST(DepthSample, CountsBothSidesAsFarAsBothAreKnown) {
    const auto book = book_of(5, {1, 2, 3, 4, 5}, {1, 3, 7, 9});
    const auto sample = DepthSample::of(*book.view());
    ASSERT_TRUE(sample.reach_bps());
    EXPECT_NEAR(*sample.reach_bps(), 5, 1e-9);
    EXPECT_DOUBLE_EQ(sample.bid[0], 5);
    EXPECT_DOUBLE_EQ(sample.ask[0], 2) << "7 and 9 lie beyond what is known of the bids";
    EXPECT_EQ(sample.complete_bands(), 0U);
    EXPECT_EQ(sample.usable_bands(), 1U);
    const auto whole = book_of(200, {1, 2, 3, 4, 5}, {1, 3, 7, 9});
    EXPECT_DOUBLE_EQ(DepthSample::of(*whole.view()).ask[0], 4);
    EXPECT_EQ(DepthSample::of(*whole.view()).usable_bands(), 4U);
}

// Five bps of a book are held against five bps of it, however far it was known before.
TEST(DepthHistory, ComparesABpsWithABps) {
    DepthHistory history;
    std::int64_t second = 1;
    const auto see = [&](const OrderBook& book) { history.update(*book.view(), {1'000 * second++}); };
    const auto wide =
        book_of(0, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30});
    for (int i = 0; i < 19; ++i) {
        see(wide);
    }
    EXPECT_FALSE(history.warm(0));
    see(wide);
    EXPECT_TRUE(history.warm(0));
    EXPECT_TRUE(history.warm(3));
    const auto cut = book_of(5, {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5});
    const auto now = DepthSample::of(*cut.view());
    EXPECT_NEAR(now.bid[0] / (history.median_bid(0) * now.known_bps(0)), 1, 1e-9);
    for (int i = 0; i < 300; ++i) {
        see(cut);
    }
    EXPECT_NEAR(history.median_bid(0), 1, 1e-9) << "one a bps";
    EXPECT_NEAR(history.median_bid(1) * 25, 11, 1e-9) << "wider bands know of nothing but the whole book";
}

}  // namespace
}  // namespace virtuoso
