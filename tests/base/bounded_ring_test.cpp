#include "base/bounded_ring.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace virtuoso {
namespace {

TEST(BoundedRing, BehavesLikeADequeThatDropsItsFront) {
    std::mt19937 random(1);
    BoundedRing<int> ring(37);
    std::deque<int> model;
    for (int i = 0; i < 5'000; ++i) {
        if (!model.empty() && random() % 5 == 0) {
            ring.pop_front();
            model.pop_front();
        } else {
            const bool dropped = ring.push(i);
            EXPECT_EQ(dropped, model.size() == 37);
            model.push_back(i);
            if (model.size() > 37) {
                model.pop_front();
            }
        }
        ASSERT_EQ(ring.size(), model.size());
        for (std::size_t k = 0; k < model.size(); ++k) {
            ASSERT_EQ(ring[k], model[k]);
            ASSERT_EQ(ring.newest(k), model[model.size() - 1 - k]);
        }
    }
}

TEST(BoundedRing, NeverHoldsMoreMemoryThanItsCapacity) {
    BoundedRing<std::uint64_t> ring(100);
    EXPECT_EQ(ring.bytes(), 0U);
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        ring.push(i);
    }
    EXPECT_EQ(ring.bytes(), 800U);
    EXPECT_EQ(ring.pushed(), 10'000U);
}

}  // namespace
}  // namespace virtuoso
