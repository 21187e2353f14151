#include "indicators/spoof_detector.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace virtuoso {
namespace {

/// A book of 20 levels a side with 10 units each around 1000.0, changed level by level.
class Scene {
  public:
    Scene() {
        std::vector<BookLevel> bids;
        std::vector<BookLevel> asks;
        for (int i = 0; i < 20; ++i) {
            bids.push_back(level(1'000 - i, 10));
            asks.push_back(level(1'001 + i, 10));
        }
        book_.apply(BookSnapshot{.time = {1}, .update_id = id_, .bids = bids, .asks = asks});
        top_ = BookTop::of(*book_.view());
    }

    void set(Side side, const std::vector<BookLevel>& levels, std::int64_t at_ms) {
        const std::vector<BookLevel> none;
        ++id_;
        const auto outcome = book_.apply(BookDelta{.time = {at_ms},
                                                   .first_update_id = id_,
                                                   .last_update_id = id_,
                                                   .previous_update_id = id_ - 1,
                                                   .bids = side == Side::buy ? levels : none,
                                                   .asks = side == Side::sell ? levels : none});
        ASSERT_EQ(outcome, DeltaOutcome::applied);
        const auto view = book_.view();
        const auto after = BookTop::of(*view);
        detector.on_book(top_, after, *view, {at_ms});
        top_ = after;
    }

    void trade(Side taker, double price, double size, std::int64_t at_ms) {
        const auto units = static_cast<std::int64_t>(size * decimal_scale);
        detector.on_trade({{at_ms}, level(price, 0).price, taker == Side::buy ? units : -units});
    }

    static BookLevel level(double price, double size) {
        return {{static_cast<std::int64_t>(price * decimal_scale)},
                {static_cast<std::int64_t>(size * decimal_scale)}};
    }

    SpoofDetector detector;

  private:
    OrderBook book_;
    BookTop top_;
    std::uint64_t id_ = 1;
};

TEST(SpoofDetector, ALargeOrderPulledSoonIsASpoof) {
    Scene scene;
    scene.set(Side::buy, {Scene::level(995, 110)}, 1'000);
    EXPECT_EQ(scene.detector.evidence({1'500}).spoofs, 0);
    EXPECT_DOUBLE_EQ(scene.detector.evidence({1'500}).large_placed, 99'500) << "the 100 that were added";
    scene.set(Side::buy, {Scene::level(995, 10)}, 3'000);
    const auto evidence = scene.detector.evidence({3'000});
    EXPECT_EQ(evidence.spoofs, 1);
    EXPECT_DOUBLE_EQ(evidence.bid_fake, 99'500);
    EXPECT_DOUBLE_EQ(evidence.ask_fake, 0);
    EXPECT_DOUBLE_EQ(evidence.large_pulled, 99'500);
    EXPECT_EQ(scene.detector.evidence({63'001}).spoofs, 0) << "forgotten after a minute";
}

TEST(SpoofDetector, AMinuteIsAMinuteHoweverBusyTheBook) {
    Scene scene;
    for (int i = 0; i < 1'000; ++i) {
        scene.set(Side::buy, {Scene::level(995, i % 2 == 0 ? 110 : 10)}, 1'000 + i * 50);
    }
    const auto evidence = scene.detector.evidence({50'950});
    EXPECT_EQ(evidence.spoofs, 500);
    EXPECT_DOUBLE_EQ(evidence.bid_fake, 500 * 99'500.0);
    EXPECT_DOUBLE_EQ(evidence.large_placed, 500 * 99'500.0);
    EXPECT_EQ(scene.detector.evidence({90'000}).spoofs, 200) << "what is older than a minute is forgotten";
    EXPECT_EQ(scene.detector.evidence({111'000}).spoofs, 0);
}

TEST(SpoofDetector, AnOrderThatStaysIsMeant) {
    Scene scene;
    scene.set(Side::sell, {Scene::level(1'004, 110)}, 1'000);
    scene.set(Side::sell, {Scene::level(1'004, 10)}, 6'001);
    EXPECT_EQ(scene.detector.evidence({6'001}).spoofs, 0);
}

TEST(SpoofDetector, AnExecutedOrderIsMeant) {
    Scene scene;
    scene.set(Side::buy, {Scene::level(1'000, 110)}, 1'000);
    scene.trade(Side::sell, 1'000, 60, 1'500);
    scene.set(Side::buy, {Scene::level(1'000, 10)}, 2'000);
    EXPECT_EQ(scene.detector.evidence({2'000}).spoofs, 0);
}

TEST(SpoofDetector, SmallOrdersAreNoSpoofs) {
    Scene scene;
    scene.set(Side::buy, {Scene::level(995, 40)}, 1'000);  // 30 000 of notional, three medians
    scene.set(Side::buy, {Scene::level(995, 10)}, 2'000);
    EXPECT_EQ(scene.detector.evidence({2'000}).spoofs, 0);
}

TEST(SpoofDetector, EqualLargeOrdersSideBySideAreALayer) {
    Scene scene;
    scene.set(Side::sell, {Scene::level(1'003, 110), Scene::level(1'004, 112), Scene::level(1'005, 108)},
              1'000);
    EXPECT_EQ(scene.detector.evidence({1'000}).layers, 1);
    EXPECT_GT(scene.detector.evidence({1'000}).ask_fake, 300'000);
    Scene uneven;
    uneven.set(Side::sell, {Scene::level(1'003, 110), Scene::level(1'004, 160), Scene::level(1'005, 108)},
               1'000);
    EXPECT_EQ(uneven.detector.evidence({1'000}).layers, 0);
}

TEST(SpoofDetector, ARefilledBestLevelIsAnIceberg) {
    Scene scene;
    scene.trade(Side::buy, 1'001, 12, 900);
    scene.set(Side::sell, {Scene::level(1'001, 9)}, 1'000);
    EXPECT_EQ(scene.detector.evidence({1'000}).icebergs, 1);
}

}  // namespace
}  // namespace virtuoso
