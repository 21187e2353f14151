// Tables of what followed scores, against counting by hand.
#include "analysis/evaluation/calibration.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::size_t hour = 2;

struct Sample {
    ScoreLikeness like;
    std::size_t horizon = 0;
    double share = 0;
};

std::vector<Sample> random_samples(unsigned seed, std::size_t count) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> share(0, 0.01);
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < count; ++i) {
        Sample sample{.like = {.decile = random() % 10,
                               .direction = random() % 2 == 0 ? Verdict::long_side : Verdict::short_side},
                      .horizon = random() % 5,
                      .share = share(random)};
        if (random() % 8 != 0) {
            sample.like.group = random() % 2 == 0 ? "deep" : "other";
        }
        if (random() % 8 != 0) {
            sample.like.regime = random() % 2 == 0 ? "bullish" : "ranging";
        }
        samples.push_back(sample);
    }
    return samples;
}

/// Those that a likeness holds: what it does not name is any.
WhatFollowed counted(const std::vector<Sample>& samples, const ScoreLikeness& like, std::size_t horizon) {
    WhatFollowed all;
    double sum = 0;
    for (const auto& sample : samples) {
        const bool alike = sample.like.decile == like.decile && sample.like.direction == like.direction &&
                           (!like.group || sample.like.group == like.group) &&
                           (!like.regime || sample.like.regime == like.regime);
        if (alike && sample.horizon == horizon) {
            ++all.samples;
            all.rose += sample.share > 0 ? 1 : 0;
            sum += sample.share;
        }
    }
    all.mean_return = all.samples == 0 ? 0 : sum / static_cast<double>(all.samples);
    return all;
}

void expect_equal(const WhatFollowed& a, const WhatFollowed& b) {
    EXPECT_EQ(a.samples, b.samples);
    EXPECT_EQ(a.rose, b.rose);
    EXPECT_NEAR(a.mean_return, b.mean_return, 1e-12);
}

TEST(Calibration, CountsWhatIsAlikeAndSaysNothingBelowThirty) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        const auto samples = random_samples(seed, 800 * seed);
        Calibration whole;
        for (const auto& sample : samples) {
            whole.note(sample.like, sample.horizon, sample.share);
        }
        for (const auto& asked : random_samples(seed + 100, 200)) {
            ScoreLikeness no_regime = asked.like;
            no_regime.regime.reset();
            ScoreLikeness no_group = no_regime;
            no_group.group.reset();
            const auto answer = whole.answer(asked.like);
            if (!answer) {
                EXPECT_LT(counted(samples, no_group, hour).samples, Calibration::samples_min);
                continue;
            }
            for (const auto& narrower : {asked.like, no_regime}) {
                if (narrower == answer->like) {
                    break;
                }
                if (narrower.group && narrower.regime == asked.like.regime) {
                    EXPECT_LT(counted(samples, narrower, hour).samples, Calibration::samples_min);
                }
            }
            EXPECT_TRUE(answer->horizons.at(hour));
            for (std::size_t i = 0; i < answer->horizons.size(); ++i) {
                const bool is_known = answer->horizons.at(i).has_value();
                const WhatFollowed followed = whole.followed(answer->like, i);
                EXPECT_EQ(is_known, followed.samples >= Calibration::samples_min);
                if (is_known) {
                    const Interval interval = followed.interval();
                    EXPECT_LE(interval.low, followed.rose_share());
                    EXPECT_GE(interval.high, followed.rose_share());
                }
            }
            if (!answer->like.group || !answer->like.regime) {
                expect_equal(whole.followed(no_group, hour), counted(samples, no_group, hour));
            }
        }
    }
}

TEST(Calibration, TablesOfAllGroupsHoldEverySampleOnce) {
    const auto samples = random_samples(7, 3'000);
    Calibration whole;
    Calibration first;
    Calibration second;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        whole.note(samples[i].like, samples[i].horizon, samples[i].share);
        (i % 3 == 0 ? first : second).note(samples[i].like, samples[i].horizon, samples[i].share);
    }
    second.add(first);
    EXPECT_EQ(second.cells(), whole.cells());
    for (const auto& sample : samples) {
        expect_equal(second.followed(sample.like, sample.horizon),
                     whole.followed(sample.like, sample.horizon));
    }
    for (std::size_t decile = 0; decile < 10; ++decile) {
        for (const Verdict direction : {Verdict::long_side, Verdict::short_side}) {
            for (std::size_t horizon = 0; horizon < 5; ++horizon) {
                const ScoreLikeness like{.decile = decile, .direction = direction};
                expect_equal(whole.followed(like, horizon), counted(samples, like, horizon));
            }
        }
    }
}

TEST(Calibration, WhatIsNoNumberIsPassedOver) {
    Calibration none;
    const ScoreLikeness like{.decile = 7, .direction = Verdict::long_side, .group = "deep"};
    none.note(like, hour, std::numeric_limits<double>::quiet_NaN());
    none.note(like, hour, std::numeric_limits<double>::infinity());
    none.note(like, 5, 0.1);
    EXPECT_EQ(none.cells(), 0U);
    EXPECT_EQ(none.followed(like, 99).samples, 0U);
    for (int i = 0; i < 29; ++i) {
        none.note(like, hour, 0.1);
    }
    EXPECT_FALSE(none.answer(like));
    none.note(like, hour, -0.1);
    ASSERT_TRUE(none.answer(like));
    EXPECT_EQ(none.answer(like)->horizons.at(hour)->rose, 29U);
}

TEST(Calibration, ManyGroupsAreBounded) {
    Calibration many;
    for (int i = 0; i < 20'000; ++i) {
        many.note({.decile = 7, .direction = Verdict::long_side, .group = std::to_string(i)}, hour, 0.1);
    }
    EXPECT_LE(many.cells(), 4'096U);
    EXPECT_EQ(many.followed({.decile = 7, .direction = Verdict::long_side}, hour).samples, 20'000U);
}

TEST(ScoreLikeness, TenthsOfTheScore) {
    EXPECT_EQ(ScoreLikeness::decile_of(-5), 0U);
    EXPECT_EQ(ScoreLikeness::decile_of(std::numeric_limits<double>::quiet_NaN()), 0U);
    EXPECT_EQ(ScoreLikeness::decile_of(69.999), 6U);
    EXPECT_EQ(ScoreLikeness::decile_of(70), 7U);
    EXPECT_EQ(ScoreLikeness::decile_of(100), 9U);
    EXPECT_EQ(ScoreLikeness::decile_of(1e300), 9U);
}

}  // namespace
}  // namespace virtuoso
