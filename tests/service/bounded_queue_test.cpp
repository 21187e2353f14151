#include "service/bounded_queue.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <thread>

namespace virtuoso {

namespace {

TEST(BoundedQueue, WhatDoesNotFitIsRefusedAndCounted) {
    BoundedQueue<int> queue(3);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(queue.push(i), i < 3);
    }
    EXPECT_EQ(queue.dropped(), 2U);
    EXPECT_EQ(queue.size(), 3U);
    EXPECT_EQ(queue.pop(), 0);
    EXPECT_TRUE(queue.push(9));
    EXPECT_EQ(queue.pop(), 1);
    EXPECT_EQ(queue.pop(), 2);
    EXPECT_EQ(queue.pop(), 9);
    EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, WhatWasTakenIsLetGo) {
    BoundedQueue<std::shared_ptr<int>> queue(4);
    const auto value = std::make_shared<int>(1);
    queue.push(value);
    EXPECT_EQ(value.use_count(), 2);
    EXPECT_EQ(queue.pop(), value);
    EXPECT_EQ(value.use_count(), 1);
}

TEST(BoundedQueue, BetweenThreadsNothingIsLostTornOrReordered) {
    constexpr std::uint64_t values = 200'000;
    BoundedQueue<std::shared_ptr<const std::pair<std::uint64_t, std::uint64_t>>> queue(64);
    std::uint64_t refused = 0;
    std::thread producer([&] {
        for (std::uint64_t i = 1; i <= values; ++i) {
            refused +=
                queue.push(std::make_shared<const std::pair<std::uint64_t, std::uint64_t>>(i, ~i)) ? 0U : 1U;
        }
    });
    std::uint64_t taken = 0;
    std::uint64_t last = 0;
    bool torn = false;
    bool reordered = false;
    const auto take = [&] {
        while (const auto value = queue.pop()) {
            torn = torn || (*value)->second != ~(*value)->first;
            reordered = reordered || (*value)->first <= last;
            last = (*value)->first;
            ++taken;
        }
    };
    while (taken + queue.dropped() < values) {
        take();
    }
    producer.join();
    take();
    EXPECT_EQ(taken + refused, values);
    EXPECT_EQ(queue.dropped(), refused);
    EXPECT_FALSE(torn);
    EXPECT_FALSE(reordered);
}

}  // namespace

}  // namespace virtuoso
