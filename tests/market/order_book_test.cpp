#include "market/order_book.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace virtuoso {
namespace {

constexpr std::int64_t unit = decimal_scale;

std::vector<BookLevel> ladder(std::int64_t first, std::int64_t step, int count) {
    std::vector<BookLevel> levels;
    for (int i = 0; i < count; ++i) {
        levels.push_back({Price{(first + i * step) * unit}, Size{(i + 1) * unit}});
    }
    return levels;
}

class OrderBookTest : public ::testing::Test {
  protected:
    void SetUp() override { ASSERT_FALSE(book_.apply(snapshot(10))); }

    BookSnapshot snapshot(std::uint64_t id) {
        return {.time = {1'000}, .update_id = id, .depth = 500, .bids = bids_, .asks = asks_};
    }
    static BookDelta delta(std::uint64_t id, std::span<const BookLevel> bids,
                           std::span<const BookLevel> asks = {}) {
        return {.time = {static_cast<std::int64_t>(1'000 + id)},
                .first_update_id = id,
                .last_update_id = id,
                .previous_update_id = id - 1,
                .depth = 500,
                .bids = bids,
                .asks = asks};
    }

    std::vector<BookLevel> bids_ = ladder(100, -1, 10);
    std::vector<BookLevel> asks_ = ladder(101, 1, 10);
    OrderBook book_;
};

// The only way to levels is a view, and the only way to a view is a valid book.
static_assert(!std::is_default_constructible_v<BookView>);
static_assert(!std::is_constructible_v<BookView, const OrderBook&>);

TEST(OrderBook, HasNothingBeforeASnapshot) {
    OrderBook book;
    ASSERT_FALSE(book.view());
    EXPECT_EQ(book.view().error(), BookFault::no_snapshot);
    const BookLevel level{Price{unit}, Size{unit}};
    EXPECT_EQ(book.apply(BookDelta{.last_update_id = 1, .depth = 50, .bids = {&level, 1}}),
              DeltaOutcome::awaiting);
    EXPECT_FALSE(book.view());
}

TEST_F(OrderBookTest, ReplacesInsertsAndDeletes) {
    const BookLevel changes[] = {
        {Price{100 * unit}, Size{0}}, {Price{99 * unit}, Size{7}}, {Price{50 * unit}, Size{3}}};
    EXPECT_EQ(book_.apply(delta(11, changes)), DeltaOutcome::applied);
    const auto view = book_.view();
    ASSERT_TRUE(view);
    EXPECT_EQ(view->best_bid(), (BookLevel{Price{99 * unit}, Size{7}}));
    EXPECT_EQ(view->best_ask(), (BookLevel{Price{101 * unit}, Size{unit}}));
    EXPECT_EQ(view->bid_count(), 10U);
    EXPECT_EQ(view->bid_size_at(Price{50 * unit}), Size{3});
    EXPECT_EQ(view->bid_size_at(Price{100 * unit}), Size{});
    EXPECT_EQ(view->bid_size_at(Price{99 * unit + 1}), Size{});
    EXPECT_EQ(view->update_id(), 11U);
}

TEST_F(OrderBookTest, ALostDeltaInvalidatesUntilTheNextSnapshot) {
    EXPECT_EQ(book_.apply(delta(12, {})), DeltaOutcome::faulted);
    ASSERT_FALSE(book_.view());
    EXPECT_EQ(book_.view().error(), BookFault::gap);
    EXPECT_EQ(book_.apply(delta(13, {})), DeltaOutcome::awaiting);
    EXPECT_FALSE(book_.view());
    ASSERT_FALSE(book_.apply(snapshot(40)));
    EXPECT_TRUE(book_.view());
}

TEST_F(OrderBookTest, ASnapshotReplacesEverything) {
    bids_ = ladder(90, -1, 2);
    asks_ = ladder(91, 1, 2);
    ASSERT_FALSE(book_.apply(snapshot(1)));  // u = 1: the service restarted
    EXPECT_EQ(book_.view()->bid_count(), 2U);
    EXPECT_EQ(book_.view()->best_ask()->price, Price{91 * unit});
    EXPECT_EQ(book_.apply(delta(2, {})), DeltaOutcome::applied);
}

TEST_F(OrderBookTest, ARepeatedDeltaIsIgnored) {
    const BookLevel change{Price{100 * unit}, Size{5}};
    const auto message = delta(11, {&change, 1});
    EXPECT_EQ(book_.apply(message), DeltaOutcome::applied);
    EXPECT_EQ(book_.apply(message), DeltaOutcome::duplicate);
    EXPECT_TRUE(book_.view());
}

TEST_F(OrderBookTest, ACounterThatStartsAgainWithoutSnapshotIsAGap) {
    auto message = delta(3, {});
    message.time = {5'000};
    EXPECT_EQ(book_.apply(message), DeltaOutcome::faulted);
    EXPECT_EQ(book_.view().error(), BookFault::gap);
}

TEST_F(OrderBookTest, CrossingInvalidates) {
    const BookLevel change{Price{101 * unit}, Size{5}};
    EXPECT_EQ(book_.apply(delta(11, {&change, 1})), DeltaOutcome::faulted);
    EXPECT_EQ(book_.view().error(), BookFault::crossed);
    asks_ = ladder(100, 1, 3);
    EXPECT_EQ(book_.apply(snapshot(20)), BookFault::crossed);
    EXPECT_FALSE(book_.view());
}

TEST_F(OrderBookTest, ATouchThatMovesThroughWithinOneMessageIsNoCrossing) {
    const BookLevel bid{Price{102 * unit}, Size{5}};
    const BookLevel gone[] = {{Price{101 * unit}, Size{0}}, {Price{102 * unit}, Size{0}}};
    EXPECT_EQ(book_.apply(delta(11, {&bid, 1}, gone)), DeltaOutcome::applied);
    EXPECT_EQ(book_.view()->best_bid()->price, Price{102 * unit});
    EXPECT_EQ(book_.view()->best_ask()->price, Price{103 * unit});
}

TEST_F(OrderBookTest, BadLevelsInvalidate) {
    for (const BookLevel bad : {BookLevel{Price{0}, Size{1}}, BookLevel{Price{-unit}, Size{1}},
                                BookLevel{Price{unit}, Size{-1}}, BookLevel{Price{INT64_MAX}, Size{1}}}) {
        ASSERT_FALSE(book_.apply(snapshot(10)));
        EXPECT_EQ(book_.apply(delta(11, {&bad, 1})), DeltaOutcome::faulted);
        EXPECT_EQ(book_.view().error(), BookFault::bad_level);
    }
}

TEST_F(OrderBookTest, SilenceMakesItStale) {
    EXPECT_TRUE(book_.view({11'000}, 10'000));
    const auto late = book_.view({11'001}, 10'000);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), BookFault::stale);
}

TEST_F(OrderBookTest, OneSideMayBeEmpty) {
    asks_.clear();
    ASSERT_FALSE(book_.apply(snapshot(12)));
    EXPECT_FALSE(book_.view()->best_ask());
    EXPECT_FALSE(book_.view()->two_sided());
    EXPECT_TRUE(book_.view()->best_bid());
}

TEST_F(OrderBookTest, AFinerPriceRefinesTheTick) {
    const BookLevel finer{Price{100 * unit + unit / 4}, Size{9}};
    EXPECT_EQ(book_.apply(delta(11, {&finer, 1})), DeltaOutcome::applied);
    const auto view = book_.view();
    EXPECT_EQ(view->best_bid(), finer);
    EXPECT_EQ(view->bid_count(), 11U);
    EXPECT_EQ(view->bid_size_at(Price{95 * unit}), Size{6 * unit});
}

TEST_F(OrderBookTest, DroppedLevelsAreRemembered) {
    OrderBook small({.levels_max = 8, .ladder_ticks = 128});
    ASSERT_FALSE(small.apply(snapshot(10)));
    const auto view = small.view();
    ASSERT_TRUE(view);
    EXPECT_EQ(view->bid_count(), 8U);
    EXPECT_EQ(view->bids_complete_to(), Price{92 * unit});
    EXPECT_EQ(view->asks_complete_to(), Price{109 * unit});
    EXPECT_FALSE(book_.view()->bids_complete_to());
}

TEST_F(OrderBookTest, TopWritesNoMoreThanAsked) {
    std::array<BookLevel, 3> top;
    EXPECT_EQ(book_.view()->top_bids(top), 3U);
    EXPECT_EQ(top[2], bids_[2]);
    std::array<BookLevel, 25> more;
    EXPECT_EQ(book_.view()->top_asks(more), 10U);
    EXPECT_EQ(book_.view()->top_asks({}), 0U);
}

// Binance:
// https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/How-to-manage-a-local-order-book-correctly
class RestSnapshotTest : public OrderBookTest {
  protected:
    static BookDelta linked(std::uint64_t first, std::uint64_t last, std::uint64_t previous,
                            std::span<const BookLevel> bids = {}) {
        return {.time = {static_cast<std::int64_t>(last)},
                .first_update_id = first,
                .last_update_id = last,
                .previous_update_id = previous,
                .depth = 0,
                .bids = bids};
    }
    BookSnapshot rest(std::uint64_t id) {
        auto result = snapshot(id);
        result.depth = 0;
        result.origin = SnapshotOrigin::rest;
        result.truncated = true;
        return result;
    }
    OrderBook fresh_;
};

TEST_F(RestSnapshotTest, DeltasBeforeItAreKeptAndJoined) {
    const BookLevel old{Price{98 * unit}, Size{1}};
    const BookLevel joining{Price{97 * unit}, Size{2}};
    const BookLevel after{Price{96 * unit}, Size{3}};
    EXPECT_EQ(fresh_.apply(linked(1, 5, 0, {&old, 1})), DeltaOutcome::buffered);
    EXPECT_EQ(fresh_.apply(linked(7, 12, 5, {&joining, 1})), DeltaOutcome::buffered);
    EXPECT_EQ(fresh_.apply(linked(15, 20, 12, {&after, 1})), DeltaOutcome::buffered);
    ASSERT_FALSE(fresh_.apply(rest(10)));
    const auto view = fresh_.view();
    ASSERT_TRUE(view);
    EXPECT_EQ(view->update_id(), 20U);
    EXPECT_EQ(view->bid_size_at(Price{98 * unit}), Size{3 * unit}) << "older than the snapshot";
    EXPECT_EQ(view->bid_size_at(Price{97 * unit}), Size{2});
    EXPECT_EQ(view->bid_size_at(Price{96 * unit}), Size{3});
    EXPECT_EQ(view->bids_complete_to(), Price{91 * unit});
    EXPECT_EQ(fresh_.apply(linked(25, 30, 20)), DeltaOutcome::applied);
    EXPECT_EQ(fresh_.apply(linked(35, 40, 31)), DeltaOutcome::faulted) << "pu is not the last u";
}

TEST_F(RestSnapshotTest, ASnapshotOlderThanTheFirstDeltaDoesNotJoin) {
    ASSERT_FALSE(fresh_.apply(rest(10)));
    EXPECT_EQ(fresh_.apply(linked(15, 20, 14)), DeltaOutcome::faulted);
    EXPECT_EQ(fresh_.view().error(), BookFault::gap);
    ASSERT_FALSE(fresh_.apply(rest(17))) << "the delta was kept and overlaps the newer snapshot";
    EXPECT_EQ(fresh_.view()->update_id(), 20U);
}

TEST_F(RestSnapshotTest, MemoryOfWaitingIsBounded) {
    std::vector<BookLevel> levels(100, {Price{unit}, Size{1}});
    for (std::uint64_t id = 1; id < 20'000; ++id) {
        fresh_.apply(linked(id, id, id - 1, levels));
    }
    EXPECT_LT(fresh_.bytes(), 1'000'000U);
}

}  // namespace
}  // namespace virtuoso
