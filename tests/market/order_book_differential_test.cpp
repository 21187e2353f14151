// OrderBook against a plain std::map book: a million random messages, equal after every one.
#include "market/order_book.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace virtuoso {
namespace {

using Levels = std::map<std::int64_t, std::int64_t>;

/// The rules once more, in the plainest form.
class MapBook {
  public:
    explicit MapBook(std::size_t levels_max) : levels_max_(levels_max) {}

    void apply(const BookSnapshot& snapshot) {
        bids.clear();
        asks.clear();
        valid = true;
        overlap_ = snapshot.origin == SnapshotOrigin::rest;
        last_ = snapshot.update_id;
        time_ = snapshot.time;
        set(snapshot.bids, snapshot.asks);
        const auto waiting = std::move(pending_);
        pending_.clear();
        for (const auto& [delta, delta_bids, delta_asks] : waiting) {
            BookDelta again = delta;
            again.bids = delta_bids;
            again.asks = delta_asks;
            apply(again);
        }
    }

    void apply(const BookDelta& delta) {
        if (!valid) {
            keep(delta);
            return;
        }
        const bool overlaps = overlap_ && delta.first_update_id <= last_ + 1 && delta.last_update_id >= last_;
        if (delta.previous_update_id == last_ || overlaps) {
            last_ = delta.last_update_id;
            time_ = delta.time;
            overlap_ = false;
            set(delta.bids, delta.asks);
        } else if (!(delta.last_update_id <= last_ && (overlap_ || delta.time <= time_))) {
            valid = false;
            keep(delta);
        }
    }

    bool valid = false;
    Levels bids;
    Levels asks;

  private:
    struct Waiting {
        BookDelta delta;
        std::vector<BookLevel> bids;
        std::vector<BookLevel> asks;
    };

    void keep(const BookDelta& delta) {
        if (delta.depth == 0) {
            pending_.push_back(
                {delta, {delta.bids.begin(), delta.bids.end()}, {delta.asks.begin(), delta.asks.end()}});
        }
    }

    void set(std::span<const BookLevel> new_bids, std::span<const BookLevel> new_asks) {
        put(bids, new_bids);
        put(asks, new_asks);
        const std::size_t keep = levels_max_ - levels_max_ / 16;
        if (bids.size() > levels_max_) {
            while (bids.size() > keep) {
                bids.erase(bids.begin());
            }
        }
        if (asks.size() > levels_max_) {
            while (asks.size() > keep) {
                asks.erase(std::prev(asks.end()));
            }
        }
        if (!bids.empty() && !asks.empty() && bids.rbegin()->first >= asks.begin()->first) {
            valid = false;
        }
    }

    static void put(Levels& side, std::span<const BookLevel> levels) {
        for (const auto& level : levels) {
            if (level.size.is_zero()) {
                side.erase(level.price.units);
            } else {
                side[level.price.units] = level.size.units;
            }
        }
    }

    std::size_t levels_max_;
    std::uint64_t last_ = 0;
    ExchangeTime time_;
    bool overlap_ = false;
    std::vector<Waiting> pending_;
};

void expect_equal(const OrderBook& book, const MapBook& model, int step) {
    const auto view = book.view();
    ASSERT_EQ(view.has_value(), model.valid) << "step " << step;
    if (!view) {
        return;
    }
    ASSERT_EQ(view->bid_count(), model.bids.size()) << "step " << step;
    ASSERT_EQ(view->ask_count(), model.asks.size()) << "step " << step;
    auto bid = model.bids.rbegin();
    view->walk_bids([&](Price price, Size size) {
        const bool equal = price.units == bid->first && size.units == bid->second;
        EXPECT_TRUE(equal) << "bid " << price.units << " at step " << step;
        ++bid;
        return equal;
    });
    auto ask = model.asks.begin();
    view->walk_asks([&](Price price, Size size) {
        const bool equal = price.units == ask->first && size.units == ask->second;
        EXPECT_TRUE(equal) << "ask " << price.units << " at step " << step;
        ++ask;
        return equal;
    });
    ASSERT_EQ(bid, model.bids.rend());
    ASSERT_EQ(ask, model.asks.end());
}

/// Makes messages of a market whose price drifts, jumps and sometimes uses a finer tick.
class MessageSource {
  public:
    MessageSource(unsigned seed, bool stream) : random_(seed), stream_(stream) {}

    void snapshot(const MapBook& model, BookSnapshot& out) {
        static_cast<void>(model);
        bids_.clear();
        asks_.clear();
        for (int i = 0; i < 25; ++i) {
            bids_.push_back({Price{(mid_ - 1 - i) * tick}, Size{1 + below(900)}});
            asks_.push_back({Price{(mid_ + 1 + i) * tick}, Size{1 + below(900)}});
        }
        id_ += 1 + static_cast<std::uint64_t>(below(5));
        out = {.time = {time_},
               .update_id = id_,
               .depth = stream_ ? 500 : 0,
               .origin = stream_ ? SnapshotOrigin::stream : SnapshotOrigin::rest,
               .bids = bids_,
               .asks = asks_};
    }

    void delta(const MapBook& model, BookDelta& out) {
        bids_.clear();
        asks_.clear();
        move_price();
        if (below(2000) != 0) {  // else a crossing is left to happen
            clear_crossed(model);
        }
        for (auto count = 1 + below(3); count-- > 0;) {
            const std::int64_t distance = below(20) == 0 ? 1 + below(2000) : 1 + below(30);
            const std::int64_t offset = below(5000) == 0 ? tick / 2 : 0;
            const Size size{below(3) == 0 ? 0 : 1 + below(900)};
            if (below(2) == 0) {
                bids_.push_back({Price{(mid_ - distance) * tick + offset}, size});
            } else {
                asks_.push_back({Price{(mid_ + distance) * tick - offset}, size});
            }
        }
        const std::uint64_t previous = id_;
        time_ += below(3);
        id_ += stream_ ? 1 : 1 + static_cast<std::uint64_t>(below(4));
        out = {.time = {time_},
               .first_update_id = stream_ ? id_ : previous + 1,
               .last_update_id = id_,
               .previous_update_id = previous,
               .depth = stream_ ? 500 : 0,
               .bids = bids_,
               .asks = asks_};
    }

    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
    }

  private:
    static constexpr std::int64_t tick = 1'000'000;

    void move_price() {
        mid_ += below(3) - 1;
        if (below(10'000) == 0) {
            mid_ += below(1'001) - 500;
        }
        mid_ = std::max<std::int64_t>(mid_, 5'000);
    }

    void clear_crossed(const MapBook& model) {
        for (auto bid = model.bids.rbegin(); bid != model.bids.rend() && bid->first >= mid_ * tick; ++bid) {
            bids_.push_back({Price{bid->first}, Size{0}});
        }
        for (auto ask = model.asks.begin(); ask != model.asks.end() && ask->first <= mid_ * tick; ++ask) {
            asks_.push_back({Price{ask->first}, Size{0}});
        }
    }

    std::mt19937_64 random_;
    bool stream_;
    std::int64_t mid_ = 10'000;
    std::int64_t time_ = 1'700'000'000'000;
    std::uint64_t id_ = 100;
    std::vector<BookLevel> bids_;
    std::vector<BookLevel> asks_;
};

void compare(unsigned seed, bool stream, int steps) {
    constexpr std::size_t levels_max = 64;
    OrderBook book({.levels_max = levels_max, .ladder_ticks = 128});
    MapBook model(levels_max);
    MessageSource source(seed, stream);
    int valid_steps = 0;
    int snapshots = 0;
    int waited = 0;
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
        waited = model.valid ? 0 : waited + 1;
        if ((!model.valid && waited > 8) || source.below(20'000) == 0) {
            BookSnapshot snapshot;
            source.snapshot(model, snapshot);
            book.apply(snapshot);
            model.apply(snapshot);
            ++snapshots;
        } else {
            BookDelta delta;
            source.delta(model, delta);
            const auto fate = source.below(3'000);
            if (fate != 0) {  // else the message is lost
                book.apply(delta);
                model.apply(delta);
            }
            if (fate == 1) {  // the message comes twice
                book.apply(delta);
                model.apply(delta);
            }
        }
        valid_steps += model.valid ? 1 : 0;
        expect_equal(book, model, step);
    }
    EXPECT_GT(snapshots, steps / 20'000);
    EXPECT_GT(valid_steps, steps / 2) << "the test has to spend its time with valid books";
}

TEST(OrderBookDifferential, StreamSnapshotsHalfAMillionMessages) {
    compare(7, true, 500'000);
}
TEST(OrderBookDifferential, RestSnapshotsHalfAMillionMessages) {
    compare(8, false, 500'000);
}

}  // namespace
}  // namespace virtuoso
