// An hour of every fault leaves nothing behind.
#include "support/faulty_session.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int minutes = 12;
#else
constexpr int minutes = 60;
#endif
constexpr int warm_up_minutes = 10;
constexpr std::size_t symbols = 8;
/// Hash tables and strings that happen to be longer; a leak of one frame in a hundred would be megabytes.
constexpr std::int64_t leeway_bytes = 64 << 10;

TEST(Memory, AnHourOfEveryFaultLeavesNothingBehind) {
    test::FaultySession session(symbols, 17);
    for (int minute = 0; minute < warm_up_minutes; ++minute) {
        session.misbehave_for_a_minute();
    }
    const test::SessionMemory before = session.memory_at_rest();
    for (int minute = 0; minute < minutes; ++minute) {
        session.misbehave_for_a_minute();
    }
    const test::SessionMemory after = session.memory_at_rest();
    const FeedStatistics statistics = session.feed().statistics();
    fmt::print("others {} then {} bytes, symbols {} then {}; {} frames, {} faults struck, {} disconnects\n",
               before.others, after.others, before.symbols, after.symbols, statistics.frames,
               session.faults_struck(), statistics.disconnects);
    EXPECT_LE(after.others, before.others + leeway_bytes);
    EXPECT_GT(statistics.disconnects, 10U);
    EXPECT_GT(session.faults_struck(), 1'000U);
}

TEST(Memory, WhatIsKeptIsCounted) {
    const std::int64_t before = test::live_bytes(test::MemoryOwner::program);
    auto kept = std::make_unique<std::string>(10'000, 'x');
    EXPECT_GE(test::live_bytes(test::MemoryOwner::program) - before, 10'000);
    kept.reset();
    EXPECT_EQ(test::live_bytes(test::MemoryOwner::program), before);
}

}  // namespace
}  // namespace virtuoso
