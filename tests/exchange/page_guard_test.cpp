// Cursors that do not end, end.
#include "exchange/page_guard.hpp"

#include "base/seeded_random.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {
namespace {

TEST(PageGuard, FollowsADifferentCursorUpToItsBound) {
    PageGuard pages(4);
    EXPECT_TRUE(pages.follow("lastid%3D0%26lasttime%3D1789459800"));
    EXPECT_TRUE(pages.follow("b"));
    EXPECT_FALSE(pages.is_last());
    EXPECT_TRUE(pages.follow("c"));
    EXPECT_TRUE(pages.is_last());
    const auto beyond = pages.follow("d");
    ASSERT_FALSE(beyond);
    EXPECT_NE(beyond.error().message.find("beyond 4 pages"), std::string::npos) << beyond.error().message;
}

// However an exchange repeats itself, whoever follows stops.
TEST(PageGuard, EveryEndlessSequenceIsRefused) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SeededRandom random(seed);
        const auto names = 1 + random.below(40);
        PageGuard pages(20);
        std::size_t asked = 1;
        std::set<std::string> seen;
        for (;; ++asked) {
            const std::string cursor = fmt::format("c{}", random.below(names));
            const auto followed = pages.follow(cursor);
            if (!followed) {
                EXPECT_EQ(followed.error().message.find("given before") != std::string::npos,
                          seen.contains(cursor));
                break;
            }
            EXPECT_TRUE(seen.insert(cursor).second);
        }
        EXPECT_LE(asked, 20U);
    }
}

TEST(PageGuard, WhatIsNoTextOrTooLongIsRefused) {
    for (const std::string& cursor :
         {std::string("a\r\nX: y"), std::string("a\0b", 3), std::string("a\x1b[31m"),
          std::string(PageGuard::cursor_length_max + 1, 'a')}) {
        EXPECT_FALSE(PageGuard(5).follow(cursor)) << cursor;
    }
}

}  // namespace
}  // namespace virtuoso
