#include "market/trade_tape.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace virtuoso {
namespace {

TradePrint print_at(std::int64_t ms, std::uint64_t id = 0, Side side = Side::buy) {
    return {
        .time = {ms}, .price = Price{decimal_scale}, .size = Size{decimal_scale}, .taker = side, .id = id};
}

TEST(TradeTape, KeepsTheLongerOfFifteenMinutesAndTwoThousand) {
    TradeTape sparse;
    for (int i = 0; i < 5'000; ++i) {
        sparse.add(print_at(1'000'000 + i * 10'000LL), false);
    }
    EXPECT_EQ(sparse.trades().size(), 2'000U) << "20 000 s of quiet trading: the count decides";
    TradeTape busy;
    for (int i = 0; i < 19'000; ++i) {
        busy.add(print_at(1'000'000 + i * 100LL), false);
    }
    EXPECT_EQ(busy.trades().size(), 9'001U) << "15 min at ten a second, both ends included";
    TradeTape rush;
    for (int i = 0; i < 50'000; ++i) {
        rush.add(print_at(1'000'000 + i), false);
    }
    EXPECT_EQ(rush.trades().size(), 20'000U);
    EXPECT_LT(rush.trades().bytes(), 20'000 * sizeof(TapeTrade) / 3);
}

TEST(TradeTape, KeepsSlightlyLateTradesInOrderAndRefusesOldOnes) {
    TradeTape tape;
    EXPECT_EQ(tape.add(print_at(10'000), false), TradeOutcome::added);
    EXPECT_EQ(tape.add(print_at(9'500), false), TradeOutcome::added);
    EXPECT_EQ(tape.trades().back().time.ms, 10'000);
    EXPECT_EQ(tape.add(print_at(8'999), false), TradeOutcome::late);
    EXPECT_EQ(tape.trades().size(), 2U);
}

TEST(TradeTape, RecognisesRepetitions) {
    TradeTape ascending;
    EXPECT_EQ(ascending.add(print_at(1'000, 5), true), TradeOutcome::added);
    EXPECT_EQ(ascending.add(print_at(1'000, 5), true), TradeOutcome::duplicate);
    EXPECT_EQ(ascending.add(print_at(1'001, 4), true), TradeOutcome::added) << "late, but never seen";
    EXPECT_EQ(ascending.add(print_at(1'001, 4), true), TradeOutcome::duplicate);
    EXPECT_EQ(ascending.add(print_at(1'001, 6), true), TradeOutcome::added);

    TradeTape hashed;
    for (std::uint64_t id = 1; id <= 100; ++id) {
        EXPECT_EQ(hashed.add(print_at(1'000 + static_cast<std::int64_t>(id), id * 7919), false),
                  TradeOutcome::added);
    }
    for (std::uint64_t id = 1; id <= 100; ++id) {
        EXPECT_EQ(hashed.add(print_at(1'000 + static_cast<std::int64_t>(id), id * 7919), false),
                  TradeOutcome::duplicate);
    }
}

// Gaps that close, pages that overlap: whatever the order, each number counts once.
TEST(TradeTape, RisingIdsCountOnceInAnyOrder) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        SeededRandom random(seed);
        RisingIds ids;
        std::set<std::uint64_t> seen;
        std::uint64_t at = 1'000;
        for (int i = 0; i < 3'000; ++i) {
            at += random.below(40) == 0 ? random.below(20) : 1;
            const std::uint64_t id = random.below(3) == 0 ? at - random.below(60) : at;
            EXPECT_EQ(ids.add(id), seen.insert(id).second) << "seed " << seed << ", id " << id;
        }
    }
}

TEST(TradeTape, RisingIdsAreBounded) {
    RisingIds ids;
    for (std::uint64_t id = 0; id < 100'000; id += 7) {
        EXPECT_TRUE(ids.add(id));
    }
    EXPECT_LE(ids.bytes(), RisingIds::runs_max * 16 + 64) << "and one block's place";
    EXPECT_FALSE(ids.add(99'995)) << "repeated";
    EXPECT_TRUE(ids.add(99'996)) << "in a gap that is still known";
    EXPECT_FALSE(ids.add(8)) << "in a gap that was given up: not counted twice at least";
}

// Many gaps, and then a page of trades that are older than all: it counts, and only once.
TEST(TradeTape, RisingIdsOlderThanAllCountOnce) {
    RisingIds ids;
    for (std::uint64_t id = 10'000; id < 20'000; id += 7) {
        ids.add(id);
    }
    for (const bool first : {true, false}) {
        for (std::uint64_t id = 5'000; id < 5'500; ++id) {
            EXPECT_EQ(ids.add(id), first) << id;
        }
    }
    EXPECT_LE(ids.bytes(), RisingIds::runs_max * 16 + 64) << "and one block's place";
}

TEST(TradeTape, RemembersSideAndSize) {
    TradeTape tape;
    tape.add(print_at(1, 0, Side::sell), false);
    EXPECT_EQ(tape.trades().back().taker(), Side::sell);
    EXPECT_EQ(tape.trades().back().size(), Size{decimal_scale});
}

}  // namespace
}  // namespace virtuoso
