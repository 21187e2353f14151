// A side's last level is where a walk over it ends, wherever the touch went and whatever lies beyond the
// ladder.
#include "market/book_side.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace virtuoso {
namespace {

TEST(BookSide, WorstRankIsWhereAWalkEnds) {
    SeededRandom random(11);
    BookSide side({.levels_max = 200, .ladder_ticks = 128});
    std::int64_t touch = 1'000'000;
    for (int step = 0; step < 200'000; ++step) {
        touch += static_cast<std::int64_t>(random.below(41)) - 20;
        const auto depth = static_cast<std::int64_t>(random.below(random.below(8) == 0 ? 1'000 : 90));
        side.set(touch - depth, static_cast<std::int64_t>(random.below(3)));
        side.enforce_limit();
        if (side.empty()) {
            continue;
        }
        std::int64_t last = 0;
        side.walk([&](std::int64_t rank, std::int64_t) {
            last = rank;
            return true;
        });
        ASSERT_EQ(side.worst_rank(), last) << "step " << step;
    }
    EXPECT_GT(side.count(), 10U);
}

}  // namespace
}  // namespace virtuoso
