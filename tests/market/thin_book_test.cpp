// A book that began with a cut snapshot, as the market moves away from what the snapshot told.
#include "base/seeded_random.hpp"
#include "market/order_book.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

namespace virtuoso {
namespace {

constexpr std::size_t told = 60;  ///< levels a side of a snapshot
constexpr std::size_t compared = 8;
constexpr std::int64_t reach = 400;  ///< levels a side of the market, about

/// A whole book whose touch wanders. Every step is one update.
class WanderingMarket {
  public:
    explicit WanderingMarket(std::uint64_t seed) : random_(seed) {
        for (std::int64_t d = 1; d <= reach; ++d) {
            bids_[middle_ - d] = size();
            asks_[middle_ + d] = size();
        }
    }

    /// The touch moves by at most one, and a few levels change.
    BookDelta step(std::int64_t drift) {
        changed_bids_.clear();
        changed_asks_.clear();
        middle_ += drift;
        for (auto side = bids_.lower_bound(middle_); side != bids_.end(); side = bids_.erase(side)) {
            changed_bids_.push_back({Price{side->first}, Size{}});
        }
        while (!asks_.empty() && asks_.begin()->first <= middle_) {
            changed_asks_.push_back({Price{asks_.begin()->first}, Size{}});
            asks_.erase(asks_.begin());
        }
        change(bids_, changed_bids_, middle_ - 1);
        change(asks_, changed_asks_, middle_ + 1);
        for (int i = 0; i < 3; ++i) {
            const auto d = static_cast<std::int64_t>(1 + random_.below(reach));
            change(bids_, changed_bids_, middle_ - d);
            change(asks_, changed_asks_, middle_ + d);
        }
        const std::uint64_t before = id_;
        id_ += 1 + random_.below(3);
        return {.time = {static_cast<std::int64_t>(id_)},
                .first_update_id = before + 1,
                .last_update_id = id_,
                .previous_update_id = before,
                .bids = changed_bids_,
                .asks = changed_asks_};
    }

    /// As REST tells it.
    struct Snapshot {
        std::uint64_t id = 0;
        std::vector<BookLevel> bids;
        std::vector<BookLevel> asks;
        [[nodiscard]] BookSnapshot event() const {
            return {.time = {static_cast<std::int64_t>(id)},
                    .update_id = id,
                    .origin = SnapshotOrigin::rest,
                    .truncated = true,
                    .bids = bids,
                    .asks = asks};
        }
    };
    [[nodiscard]] Snapshot snapshot() const { return {id_, top_bids(told), top_asks(told)}; }
    [[nodiscard]] std::vector<BookLevel> top_bids(std::size_t count) const {
        return top(bids_.rbegin(), bids_.rend(), count);
    }
    [[nodiscard]] std::vector<BookLevel> top_asks(std::size_t count) const {
        return top(asks_.begin(), asks_.end(), count);
    }

  private:
    using Levels = std::map<std::int64_t, std::int64_t>;

    [[nodiscard]] std::int64_t size() { return static_cast<std::int64_t>(1 + random_.below(1'000)); }
    void change(Levels& side, std::vector<BookLevel>& changed, std::int64_t price) {
        const std::int64_t value = side[price] = size();
        std::erase_if(changed, [&](const BookLevel& level) { return level.price.units == price; });
        changed.push_back({Price{price}, Size{value}});
    }
    template <typename Iterator>
    [[nodiscard]] static std::vector<BookLevel> top(Iterator begin, Iterator end, std::size_t count) {
        std::vector<BookLevel> levels;
        for (; begin != end && levels.size() < count; ++begin) {
            levels.push_back({Price{begin->first}, Size{begin->second}});
        }
        return levels;
    }

    SeededRandom random_;
    std::int64_t middle_ = 100'000;
    std::uint64_t id_ = 1'000;
    Levels bids_;
    Levels asks_;
    std::vector<BookLevel> changed_bids_;
    std::vector<BookLevel> changed_asks_;
};

std::vector<BookLevel> top_of(const OrderBook& book, bool bids) {
    std::vector<BookLevel> levels(compared);
    const auto view = book.view();
    levels.resize(!view ? 0 : bids ? view->top_bids(levels) : view->top_asks(levels));
    return levels;
}

class ThinBook : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, ThinBook, testing::Range<std::uint64_t>(1, 21));

TEST_P(ThinBook, IsRenewedWithoutBreakingAndIsNeverWrong) {
    SeededRandom random(GetParam());
    WanderingMarket market(GetParam() * 77);
    OrderBook book;
    ASSERT_FALSE(book.apply(market.snapshot().event()));
    std::deque<std::pair<int, WanderingMarket::Snapshot>> on_its_way;
    int renewals = 0;
    for (int step = 0; step < 4'000; ++step) {
        const std::int64_t drift = random.uniform() < 0.5 ? 0 : step / 500 % 2 == 0 ? 1 : -1;
        ASSERT_EQ(book.apply(market.step(drift)), DeltaOutcome::applied) << step;
        if (book.thin() && on_its_way.empty()) {
            // Asked for now, made a little later, and there when more has happened.
            on_its_way.emplace_back(step + static_cast<int>(random.below(15)), market.snapshot());
            ++renewals;
        }
        if (!on_its_way.empty() && on_its_way.front().first <= step) {
            const std::uint64_t before = book.update_id();
            ASSERT_FALSE(book.apply(on_its_way.front().second.event())) << step;
            on_its_way.pop_front();
            ASSERT_EQ(book.update_id(), before) << "as far as it was";
            EXPECT_FALSE(book.thin());
        }
        ASSERT_EQ(top_of(book, true), market.top_bids(compared)) << step;
        ASSERT_EQ(top_of(book, false), market.top_asks(compared)) << step;
    }
    EXPECT_GT(renewals, 5);
}

TEST(ThinBook, WaitsInBoundedMemory) {
    WanderingMarket market(3);
    OrderBook book;
    ASSERT_FALSE(book.apply(market.snapshot().event()));
    for (int step = 0; step < 60'000; ++step) {
        ASSERT_EQ(book.apply(market.step(step < 300 ? 1 : 0)), DeltaOutcome::applied);
    }
    EXPECT_TRUE(book.thin());
    EXPECT_LT(book.bytes(), std::size_t{2} << 20);
}

TEST(ThinBook, AWholeSnapshotNeverBecomesThin) {
    WanderingMarket market(4);
    OrderBook book;
    auto snapshot = market.snapshot();
    snapshot.bids = market.top_bids(100'000);
    snapshot.asks = market.top_asks(100'000);
    auto event = snapshot.event();
    event.truncated = false;
    ASSERT_FALSE(book.apply(event));
    for (int step = 0; step < 3'000; ++step) {
        ASSERT_EQ(book.apply(market.step(1)), DeltaOutcome::applied);
    }
    EXPECT_FALSE(book.thin());
}

}  // namespace
}  // namespace virtuoso
