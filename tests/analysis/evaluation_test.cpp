#include "analysis/evaluation/evaluation.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace virtuoso {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

double normal(SeededRandom& random) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) {
        sum += random.uniform();
    }
    return sum;
}

// By counting, O(n²): independent of the sort.
std::vector<double> counted_ranks(const std::vector<float>& values) {
    std::vector<double> ranks;
    for (const float value : values) {
        double rank = 0;
        for (const float other : values) {
            rank += other < value ? 1.0 : other == value ? 0.5 : 0.0;
        }
        ranks.push_back(rank - 0.5);
    }
    return ranks;
}

double pearson(const std::vector<double>& a, const std::vector<double>& b) {
    const auto n = static_cast<double>(a.size());
    const double ma = std::accumulate(a.begin(), a.end(), 0.0) / n;
    const double mb = std::accumulate(b.begin(), b.end(), 0.0) / n;
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - ma) * (b[i] - mb);
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / std::sqrt(aa * bb);
}

TEST(RankCorrelation, EqualsTheDefinition) {
    SeededRandom random(3);
    std::vector<float> a;
    std::vector<float> b;
    for (int i = 0; i < 400; ++i) {
        a.push_back(static_cast<float>(static_cast<int>(random.below(60)) - 30));  // with ties and signs
        b.push_back(static_cast<float>(normal(random)) + 0.03F * a.back());
    }
    EXPECT_NEAR(rank_correlation(a, b, 1, 1).value, pearson(counted_ranks(a), counted_ranks(b)), 1e-6);
    auto with_holes = a;
    with_holes[7] = nan;
    b[9] = nan;
    EXPECT_EQ(rank_correlation(with_holes, b, 1, 1).samples, 398U);
}

TEST(RankCorrelation, TheIntervalHoldsTheTruthAndNarrows) {
    SeededRandom random(5);
    int covered = 0;
    constexpr int trials = 60;
    for (int trial = 0; trial < trials; ++trial) {
        std::vector<float> a;
        std::vector<float> b;
        for (int i = 0; i < 800; ++i) {
            a.push_back(static_cast<float>(normal(random)));
            b.push_back(static_cast<float>(normal(random)));
        }
        const auto ic = rank_correlation(a, b, 1, static_cast<std::uint64_t>(trial));
        covered += ic.low <= 0 && ic.high >= 0 ? 1 : 0;
        EXPECT_LT(ic.high - ic.low, 0.25);
    }
    EXPECT_GE(covered, trials * 85 / 100);
}

TEST(RankCorrelation, OverlapWidensTheInterval) {
    SeededRandom random(6);
    std::vector<float> a;
    std::vector<float> b;
    float level_a = 0;
    float level_b = 0;
    for (int i = 0; i < 4'000; ++i) {
        level_a = 0.98F * level_a + static_cast<float>(normal(random));
        level_b = 0.98F * level_b + static_cast<float>(normal(random));
        a.push_back(level_a);
        b.push_back(level_b);
    }
    const auto naive = rank_correlation(a, b, 1, 1);
    const auto blocks = rank_correlation(a, b, 150, 1);
    EXPECT_GT(blocks.high - blocks.low, 1.5 * (naive.high - naive.low));
}

TEST(WilsonInterval, KnownValues) {
    // Newcombe 1998, table I: 81 of 263, and 0 of 20.
    EXPECT_NEAR(wilson_interval(81.0 / 263, 263).low, 0.2553, 5e-5);
    EXPECT_NEAR(wilson_interval(81.0 / 263, 263).high, 0.3662, 5e-5);
    EXPECT_NEAR(wilson_interval(0, 20).high, 0.1611, 5e-5);
    EXPECT_EQ(wilson_interval(0.5, 0).high, 1);
}

/// Confluences every minute over a price path; the technical lean knows `knowledge` of the next hour's
/// return.
SymbolEvaluation evaluated(double knowledge, bool walk, std::uint64_t seed) {
    SeededRandom random(seed);
    constexpr std::size_t count = 6'000;
    std::vector<double> price{10'000};
    for (std::size_t i = 1; i < count; ++i) {
        price.push_back(price.back() * (1 + 0.0006 * normal(random)));
    }
    EvaluationRules rules;
    rules.walk_forward = walk;
    SymbolEvaluator evaluator(rules);
    for (std::size_t i = 0; i < count; ++i) {
        Confluence confluence;
        confluence.as_of = {1'700'000'040'000 + static_cast<std::int64_t>(i) * ms_per_minute};
        confluence.price.mid = price[i];
        confluence.price.atr = price[i] * 0.004;
        const double ahead = i + 60 < count ? std::log(price[i + 60] / price[i]) / 0.0046 : 0.0;
        const double lean = std::tanh(knowledge * ahead + normal(random));
        for (auto& component : confluence.components) {
            for (std::size_t k = 0; k < component.sub_count; ++k) {
                const bool knows = component.id == ComponentId::technical;
                component.subs[k].set_lean(knows ? lean : std::tanh(normal(random)));
            }
            component.combine();
        }
        combine(confluence);
        const double before = price[i > 0 ? i - 1 : 0];
        evaluator.step({confluence.as_of + -ms_per_minute, confluence.as_of, std::max(before, price[i]),
                        std::min(before, price[i]), price[i]});
        evaluator.add(confluence, "test", "X");
    }
    return evaluator.finish("test", "X");
}

const ColumnSkill& column(const SymbolEvaluation& report, std::string_view name) {
    const auto found = std::find_if(report.columns.begin(), report.columns.end(),
                                    [&](const ColumnSkill& skill) { return skill.name == name; });
    EXPECT_NE(found, report.columns.end()) << name;
    return *found;
}

TEST(Evaluation, FindsAPlantedEdgeAndItsComponent) {
    const auto report = evaluated(1, true, 4);
    const Skill& knows = column(report, "technical").horizons[2];
    EXPECT_GT(knows.ic.low, 0.3);
    EXPECT_GT(knows.hit_interval.low, 0.5);
    const Skill& guesses = column(report, "sentiment").horizons[2];
    EXPECT_LE(guesses.ic.low, 0);
    EXPECT_GE(guesses.ic.high, 0);
    ASSERT_TRUE(report.walk_forward);
    ASSERT_EQ(report.walk_forward->folds.size(), 5U);
    for (const auto& fold : report.walk_forward->folds) {
        EXPECT_GT(fold.weights[static_cast<std::size_t>(ComponentId::technical)], 0.4) << "standard: 0.1";
        EXPECT_GT(fold.ic_fitted, fold.ic_standard);
        EXPECT_GE(fold.test_from - fold.train_until,
                  report.walk_forward->rules.horizon_ms + report.walk_forward->rules.embargo_ms)
            << "purged and embargoed";
    }
    EXPECT_GT(report.walk_forward->fitted.low, 0);
    EXPECT_EQ(report.walk_forward->conclusion.find("no edge"), std::string::npos);
    EXPECT_GT(report.calibration[2].back().mean_return_bps, report.calibration[2].front().mean_return_bps);
}

TEST(Evaluation, SaysPlainlyThatThereIsNone) {
    const auto report = evaluated(0, true, 9);
    const Skill& guesses = column(report, "technical").horizons[2];
    EXPECT_LE(guesses.ic.low, 0);
    EXPECT_GE(guesses.ic.high, 0);
    EXPECT_NE(report.walk_forward->conclusion.find("no edge"), std::string::npos)
        << report.walk_forward->conclusion;
}

TEST(Evaluation, TheSameSeedGivesTheSameReport) {
    const auto a = evaluated(0.2, true, 5);
    const auto b = evaluated(0.2, true, 5);
    EXPECT_EQ(a.conclusion, b.conclusion);
    EXPECT_EQ(column(a, "whole").horizons[1].ic.low, column(b, "whole").horizons[1].ic.low);
    EXPECT_EQ(a.walk_forward->conclusion, b.walk_forward->conclusion);
}

TEST(ScoreLog, ForwardReturnsAreThoseOfTheHorizon) {
    ScoreLog log;
    for (int i = 0; i < 100; ++i) {
        if (i >= 40 && i < 60) {
            continue;  // a hole
        }
        Confluence confluence;
        confluence.as_of = {1'700'000'000'000 + i * ms_per_minute};
        confluence.price.mid = 100.0 * std::exp(0.01 * i);
        log.add(confluence);
    }
    const auto returns = log.forward_returns(5 * ms_per_minute);
    EXPECT_NEAR(returns[0], 0.05, 1e-6);
    EXPECT_TRUE(std::isnan(returns[37])) << "five minutes later lies in the hole";
    EXPECT_TRUE(std::isnan(returns.back())) << "the future is not known";
}

}  // namespace
}  // namespace virtuoso
