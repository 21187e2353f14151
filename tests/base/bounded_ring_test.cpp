#include "base/bounded_ring.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <random>

namespace virtuoso {
namespace {

struct Wide {
    std::array<std::uint64_t, 60> words{};  // four a block
    Wide() = default;
    explicit Wide(std::uint64_t word) { words.fill(word); }
    friend bool operator==(const Wide&, const Wide&) = default;
};

template <typename T>
void expect_like(const BoundedRing<T>& ring, const std::deque<T>& model) {
    ASSERT_EQ(ring.size(), model.size());
    for (std::size_t k = 0; k < model.size(); ++k) {
        ASSERT_EQ(ring[k], model[k]);
        ASSERT_EQ(ring.newest(k), model[model.size() - 1 - k]);
    }
    const std::size_t first = model.size() / 3;
    std::size_t at = first;
    ring.each(first, model.size(), [&](const T& element) { ASSERT_EQ(element, model[at++]); });
    ASSERT_EQ(at, model.size());
}

// Any order of what a ring can do, on capacities below, at, between and beyond whole blocks.
template <typename T>
void walk_like_a_deque(std::size_t capacity, unsigned seed) {
    std::mt19937 random(seed);
    BoundedRing<T> ring(capacity);
    std::deque<T> model;
    for (std::uint64_t i = 0; i < 2'000; ++i) {
        const auto what = random() % 100;
        if (what < 30 && !model.empty()) {
            ring.pop_front();
            model.pop_front();
        } else if (what == 30) {
            ring.clear();
            model.clear();
            ring.begin_at(random() % capacity);
        } else if (what < 34) {
            const std::size_t before = ring.bytes();
            const std::size_t freed = ring.shrink();
            ASSERT_EQ(freed, before - ring.bytes());
        } else {
            ASSERT_EQ(ring.push(T(i)), model.size() == capacity);
            model.push_back(T(i));
            if (model.size() > capacity) {
                model.pop_front();
            }
        }
        expect_like(ring, model);
    }
}

TEST(BoundedRing, BehavesLikeADequeThatDropsItsFront) {
    for (const std::size_t capacity : {1, 3, 4, 5, 8, 37, 64}) {
        walk_like_a_deque<Wide>(capacity, static_cast<unsigned>(capacity));
        walk_like_a_deque<std::uint64_t>(capacity, static_cast<unsigned>(capacity));
    }
}

TEST(BoundedRing, IsCopiedWithItsElements) {
    BoundedRing<Wide> ring(10);
    for (std::uint64_t i = 0; i < 14; ++i) {
        ring.push(Wide(i));
    }
    BoundedRing<Wide> copy = ring;
    ring.push(Wide(14));
    EXPECT_EQ(copy.front(), Wide(4));
    EXPECT_EQ(copy.back(), Wide(13));
    EXPECT_EQ(ring.front(), Wide(5));
}

TEST(BoundedRing, FullItHoldsItsCapacityAndNoMore) {
    BoundedRing<Wide> ring(101);
    const std::size_t places = (101 + BoundedRing<Wide>::block - 1) / BoundedRing<Wide>::block;
    EXPECT_EQ(ring.bytes(), 0U);
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        ring.push(Wide(i));
        EXPECT_LE(ring.bytes(), 101 * sizeof(Wide) + places * sizeof(std::vector<Wide>));
    }
    EXPECT_EQ(ring.pushed(), 10'000U);
}

TEST(BoundedRing, GrowsByOneBlockAtATimeAndAQuietOneStaysSmall) {
    constexpr std::size_t step = BoundedRing<Wide>::block * sizeof(Wide);
    BoundedRing<Wide> ring(1'000);
    ring.push(Wide(0));
    for (std::uint64_t i = 1; i < 1'000; ++i) {
        const std::size_t before = ring.bytes();
        ring.push(Wide(i));
        EXPECT_LE(ring.bytes(), before + step);
    }
    BoundedRing<Wide> quiet(1'000);
    for (std::uint64_t i = 0; i < 5'000; ++i) {
        quiet.push(Wide(i));
        if (quiet.size() > 9) {
            quiet.pop_front();
        }
        EXPECT_LE(quiet.bytes(), 250 * sizeof(std::vector<Wide>) + 5 * step)
            << "nine need four blocks, and a spare";
    }
}

TEST(BoundedRing, GivesBackWhatItNoLongerNeeds) {
    BoundedRing<Wide> ring(1'000);
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        ring.push(Wide(i));
    }
    const std::size_t full = ring.bytes();
    while (ring.size() > 5) {
        ring.pop_front();
    }
    ring.shrink();
    EXPECT_LT(ring.bytes(), full / 20);
    EXPECT_EQ(ring.front(), Wide(995));
    ring.clear();
    ring.shrink();
    EXPECT_EQ(ring.bytes(), 0U);
    ring.push(Wide(7));
    EXPECT_EQ(ring.back(), Wide(7));
}

}  // namespace
}  // namespace virtuoso
