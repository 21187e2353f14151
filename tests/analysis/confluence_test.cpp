#include "analysis/confluence.hpp"

#include "analysis/timeframe_blend.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace virtuoso {
namespace {

Confluence with_leans(std::initializer_list<std::pair<ComponentId, double>> leans) {
    Confluence confluence;
    for (const auto& [id, lean] : leans) {
        auto& component = confluence.components[static_cast<std::size_t>(id)];
        for (std::size_t i = 0; i < component.sub_count; ++i) {
            component.subs[i].set_lean(lean);
        }
        component.combine();
    }
    combine(confluence);
    return confluence;
}

using enum ComponentId;

TEST(Weights, SumToOneEverywhere) {
    double total = 0;
    for (const auto& spec : all_components()) {
        total += spec.weight;
        double within = 0;
        for (const auto& sub : spec.sub_indicators) {
            within += sub.weight;
        }
        EXPECT_NEAR(within, 1.0, 1e-12) << spec.name;
    }
    EXPECT_NEAR(total, 1.0, 1e-12);
}

TEST(Component, AnAbsentSubIndicatorLeavesItsWeightToTheOthers) {
    ComponentResult result(technical);
    result.sub("rsi").set_lean(0.5);    // .20
    result.sub("macd").set_lean(-0.5);  // .15
    result.combine();
    ASSERT_TRUE(result.score);
    EXPECT_NEAR(*result.score, 50 + 50 * (0.20 * 0.5 - 0.15 * 0.5) / 0.35, 1e-12);
    EXPECT_NEAR(result.coverage, 0.35, 1e-12);
    ComponentResult nothing(technical);
    nothing.combine();
    EXPECT_FALSE(nothing.score) << "absent is not neutral";
    EXPECT_EQ(nothing.coverage, 0);
}

TEST(Component, StrengthBecomesLeanByTanh) {
    SubScore sub;
    sub.set_strength(0.7);
    EXPECT_NEAR(*sub.score(), 50 * (1 + std::tanh(0.7)), 1e-12);
    EXPECT_DEATH(sub.set_lean(NAN), "E_INVARIANT") << "an undefined number is never served";
}

TEST(ConfluenceRules, ImpactsAddUpWhenAllArePresent) {
    const auto all = with_leans({{orderflow, .4},
                                 {orderbook, -.2},
                                 {volume, .1},
                                 {price_structure, .6},
                                 {technical, -.5},
                                 {sentiment, .3}});
    ASSERT_TRUE(all.score);
    double impacts = 0;
    double mean = 0;
    for (const auto& component : all.components) {
        impacts += component.impact();
        mean += spec_of(component.id).weight * component.lean();
    }
    EXPECT_NEAR(*all.score, impacts, 1e-9);
    double disagreement = 0;
    for (const auto& component : all.components) {
        disagreement += spec_of(component.id).weight * std::pow(component.lean() - mean, 2);
    }
    EXPECT_NEAR(all.disagreement, disagreement, 1e-12);
    EXPECT_NEAR(all.consensus, 1 - std::sqrt(disagreement), 1e-12);
    EXPECT_NEAR(all.confidence, std::fabs(mean) * all.consensus, 1e-12);
    EXPECT_NEAR(all.coverage, 1.0, 1e-12);
    EXPECT_EQ(all.verdict, Verdict::neutral);
}

TEST(ConfluenceRules, ThreeComponentsAreInsufficient) {
    const auto three = with_leans({{orderflow, .8}, {orderbook, .8}, {technical, .8}});
    EXPECT_FALSE(three.score);
    EXPECT_FALSE(three.verdict);
    ASSERT_TRUE(three.partial_score);
    EXPECT_NEAR(*three.partial_score, 90, 1e-9);
    EXPECT_NEAR(three.coverage, 0.6, 1e-12);
}

TEST(ConfluenceRules, FourComponentsOfLittleWeightAreInsufficient) {
    EXPECT_FALSE(with_leans({{volume, .8}, {price_structure, .8}, {technical, .8}, {sentiment, .8}}).score);
    const auto enough = with_leans({{orderflow, .8}, {orderbook, .8}, {technical, .8}, {sentiment, .8}});
    ASSERT_TRUE(enough.verdict);
    EXPECT_EQ(*enough.verdict, Verdict::long_side);
}

TEST(ConfluenceRules, ThresholdsIncludeTheirEdge) {
    const auto at = [](double lean) {
        return *with_leans({{orderflow, lean}, {orderbook, lean}, {volume, lean}, {technical, lean}}).verdict;
    };
    EXPECT_EQ(at(0.4000001), Verdict::long_side);
    EXPECT_EQ(at(0.39), Verdict::neutral);
    EXPECT_EQ(at(-0.39), Verdict::neutral);
    EXPECT_EQ(at(-0.4000001), Verdict::short_side) << "symmetric by default";
}

TEST(ConfluenceRules, ThresholdsByPresetOrByNumber) {
    EXPECT_EQ(thresholds_from("")->short_to, 30);
    EXPECT_EQ(thresholds_from("symmetric")->short_to, 30);
    EXPECT_EQ(thresholds_from("reference")->long_from, 70);
    EXPECT_EQ(thresholds_from("reference")->short_to, 35);
    EXPECT_EQ(thresholds_from("72.5/28")->long_from, 72.5);
    EXPECT_EQ(thresholds_from("72.5/28")->short_to, 28);
    for (const auto* const wrong : {"70", "70/", "/30", "70/65", "30/70", "101/30", "70/-1", "a/b", "nan/30",
                                    "70/nan", "70/30/20", "70 / 30", "Reference"}) {
        const auto read = thresholds_from(wrong);
        ASSERT_FALSE(read) << wrong;
        EXPECT_NE(read.error().message.find(wrong), std::string::npos);
    }
}

TEST(Freshness, FallsOnlyBeyondItsLimit) {
    EXPECT_EQ(freshness_of(0, 5'000), 1.0);
    EXPECT_EQ(freshness_of(5'000, 5'000), 1.0);
    EXPECT_EQ(freshness_of(20'000, 5'000), 0.25);
}

TEST(TimeframeBlend, AgreementAmplifiesAndConflictDampens) {
    TimeframeBlend agree;
    agree.add(.4, .5);
    agree.add(.3, .5);
    agree.add(.2, std::nullopt);
    EXPECT_NEAR(*agree.lean(), .5, 1e-12);
    EXPECT_NEAR(agree.divergence_adjustment(), 3.0, 1e-12);
    TimeframeBlend conflict;
    conflict.add(.4, .5);
    conflict.add(.3, -.5);
    EXPECT_LT(conflict.divergence_adjustment() * *conflict.lean(), 0) << "against the lean";
    EXPECT_FALSE(TimeframeBlend{}.lean());
}

}  // namespace
}  // namespace virtuoso
