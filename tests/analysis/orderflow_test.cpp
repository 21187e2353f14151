#include "analysis/symbol_analysis.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace virtuoso {
namespace {

struct Played {
    int blocks = 30;
    int buys = 3;
    int sells = 1;
    double step = 1;        ///< of the price, a block
    double quiet_size = 1;  ///< of the last fifteen minutes' trades; those before have one lot
    int before = 0;         ///< blocks that alternate between buying and selling
};

/// Half-minutes of trades, a second apart, aligned to the epoch.
SubScore cvd_of(const Played& played) {
    SymbolState state("X");
    SymbolAnalysis analysis;
    std::uint64_t id = 0;
    const std::int64_t begin = 1'717'588'800'000;
    double price = 1'000;
    for (int block = 0; block < played.before + played.blocks; ++block) {
        const bool alternating = block < played.before;
        const bool up = block % 2 == 0;
        const int buys = alternating ? (up ? 4 : 0) : played.buys;
        price += alternating ? (up ? 1 : -1) : played.step;
        for (int i = 0; i < (alternating ? 4 : played.buys + played.sells); ++i) {
            const ExchangeTime time{begin + block * 30'000 + i * 1'000};
            const double size = alternating ? 1 : played.quiet_size;
            const TradePrint print{.time = time,
                                   .price = {std::llround(price * 1e8)},
                                   .size = {std::llround(size * 1e8)},
                                   .taker = i < buys ? Side::buy : Side::sell,
                                   .id = ++id};
            analysis.update(state, state.apply({"X", time, Trades{.prints = {&print, 1}}}));
        }
    }
    return analysis.evaluate(state, state.as_of()).component(ComponentId::orderflow).sub("cvd");
}

// Every block nets +2, which is also what its blocks usually bring: 30·2 / (2·√30) = √30 σ.
TEST(Cvd, FlowThatMovesPriceConfirms) {
    const SubScore sub = cvd_of({});
    ASSERT_TRUE(sub.lean);
    EXPECT_EQ(sub.reading, Reading::bullish_confirmation);
    EXPECT_NEAR(*sub.raw_value("flow_sigmas"), std::sqrt(30.0), 1e-9);
    EXPECT_NEAR(*sub.raw_value("ratio"), 0.5, 1e-12);
    EXPECT_NEAR(*sub.lean, std::tanh(0.5 * std::sqrt(30.0)), 1e-9) << "no faster than tanh(c/2)";
}

// One event, one sign: who lifts offers while price falls is being absorbed.
TEST(Cvd, WhoAbsorbsWhomDecidesTheSign) {
    const SubScore buying = cvd_of({.step = -1});
    EXPECT_EQ(buying.reading, Reading::ask_absorption);
    EXPECT_NEAR(*buying.lean, -std::tanh(0.4 * std::sqrt(30.0)), 1e-9);
    const SubScore selling = cvd_of({.buys = 1, .sells = 3, .step = 1});
    EXPECT_EQ(selling.reading, Reading::bid_absorption);
    EXPECT_NEAR(*selling.lean, std::tanh(0.4 * std::sqrt(30.0)), 1e-9);
    const SubScore standing = cvd_of({.step = 0});
    EXPECT_EQ(standing.reading, Reading::neutral);
    EXPECT_EQ(*standing.lean, 0) << "price stands: neither side has won";
}

TEST(Cvd, NeedsTwentyBlocks) {
    EXPECT_FALSE(cvd_of({.blocks = 1, .buys = 29, .sells = 0}).lean) << "one block alone is always ±1";
    const SubScore few = cvd_of({.blocks = 19});
    EXPECT_FALSE(few.lean);
    EXPECT_EQ(few.absence, Absence::warming_up);
    EXPECT_TRUE(cvd_of({.blocks = 21}).lean) << "20 whole ones behind the newest";
}

TEST(Cvd, MagnitudeSurvivesNormalisation) {
    const SubScore loud = cvd_of({.before = 600});
    const SubScore quiet = cvd_of({.quiet_size = 0.01, .before = 600});
    ASSERT_TRUE(loud.lean && quiet.lean);
    EXPECT_GT(*loud.lean, 0.8);
    EXPECT_LT(std::fabs(*quiet.lean), 0.05) << "the same pattern in a hundredth of the usual size";
}

}  // namespace
}  // namespace virtuoso
