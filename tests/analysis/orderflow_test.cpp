#include "analysis/symbol_analysis.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace virtuoso {
namespace {

/// Sixteen half-minutes, each with `buys` bought and `sells` sold in lots of one, price moving by `step`.
SubScore cvd_of(int buys, int sells, double step) {
    SymbolState state("X");
    SymbolAnalysis analysis;
    std::uint64_t id = 0;
    const std::int64_t begin = 1'717'588'800'000;
    for (int block = 0; block < 16; ++block) {
        for (int i = 0; i < buys + sells; ++i) {
            const ExchangeTime time{begin + block * 30'000 + i * 1'000};
            const TradePrint print{.time = time,
                                   .price = {static_cast<std::int64_t>((1'000 + step * block) * 1e8)},
                                   .size = {decimal_scale},
                                   .taker = i < buys ? Side::buy : Side::sell,
                                   .id = ++id};
            analysis.update(state, state.apply({"X", time, Trades{.prints = {&print, 1}}}));
        }
    }
    return analysis.evaluate(state, state.as_of()).component(ComponentId::orderflow).sub("cvd");
}

// Every block nets +2: flow is 16·2/√(16·4) = 4 σ. Price falls by one in each of 15 steps: −15/√15 σ.
TEST(Cvd, BuyingWhilePriceFallsIsABullishDivergence) {
    const SubScore sub = cvd_of(3, 1, -1);
    ASSERT_TRUE(sub.lean);
    EXPECT_EQ(sub.reading, Reading::bullish_divergence);
    EXPECT_NEAR(*sub.raw_value("flow_sigmas"), 4, 1e-12);
    EXPECT_NEAR(*sub.raw_value("price_sigmas"), -std::sqrt(15.0), 1e-9);
    EXPECT_NEAR(*sub.raw_value("ratio"), 0.5, 1e-12);
    EXPECT_NEAR(*sub.lean, std::tanh(0.8 * 4), 1e-12) << "flow leads, at four fifths";
}

TEST(Cvd, SellingWhilePriceRisesIsABearishDivergence) {
    const SubScore sub = cvd_of(1, 3, 1);
    EXPECT_EQ(sub.reading, Reading::bearish_divergence);
    EXPECT_NEAR(*sub.lean, -std::tanh(0.8 * 4), 1e-12);
}

TEST(Cvd, AgreementConfirms) {
    const SubScore sub = cvd_of(3, 1, 1);
    EXPECT_EQ(sub.reading, Reading::bullish_confirmation);
    EXPECT_NEAR(*sub.lean, std::tanh(1.2 * 4), 1e-12);
}

TEST(Cvd, AStandingPriceNeitherConfirmsNorContradicts) {
    const SubScore sub = cvd_of(3, 1, 0);
    EXPECT_EQ(sub.reading, Reading::bullish);
    EXPECT_NEAR(*sub.lean, std::tanh(4.0), 1e-12);
}

}  // namespace
}  // namespace virtuoso
