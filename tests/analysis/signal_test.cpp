#include "analysis/signal.hpp"

#include "analysis/outcome.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace virtuoso {
namespace {

constexpr std::int64_t minute = ms_per_minute;

Confluence scored(std::int64_t at_ms, double score, double reliability = 1) {
    Confluence confluence;
    confluence.as_of = {at_ms};
    confluence.score = score;
    confluence.partial_score = score;
    confluence.reliability = reliability;
    confluence.price.mid = 100;
    confluence.price.from_book = true;
    confluence.price.atr = 1;
    return confluence;
}

class Signals : public ::testing::Test {
  protected:
    bool fires(double score, double reliability = 1) {
        now_ += minute;
        last_ = tracker_.update(scored(now_, score, reliability), "bybit", "BTCUSDT");
        return last_ != nullptr;
    }
    SignalTracker tracker_;
    std::unique_ptr<const Signal> last_;
    std::int64_t now_ = 1'700'000'000'000;
};

TEST_F(Signals, BeginAtTheThresholdAndHoldUntilTheHysteresisIsLeft) {
    EXPECT_FALSE(fires(69.9));
    EXPECT_TRUE(fires(70));
    EXPECT_EQ(tracker_.held(), Verdict::long_side);
    EXPECT_FALSE(fires(65)) << "held";
    EXPECT_EQ(tracker_.held(), Verdict::long_side);
    EXPECT_FALSE(fires(64.9));
    EXPECT_EQ(tracker_.held(), Verdict::neutral);
    EXPECT_TRUE(fires(30));
    EXPECT_FALSE(fires(35));
    EXPECT_EQ(tracker_.held(), Verdict::short_side);
    EXPECT_FALSE(fires(35.1));
    EXPECT_EQ(tracker_.held(), Verdict::neutral);
}

TEST_F(Signals, OnePerDirectionWithinTheCooldown) {
    EXPECT_TRUE(fires(80));
    EXPECT_FALSE(fires(50));
    EXPECT_FALSE(fires(80)) << "within an hour of the last LONG";
    EXPECT_EQ(tracker_.held(), Verdict::long_side) << "but the side is held";
    EXPECT_TRUE(fires(20)) << "the other direction has a cooldown of its own";
    EXPECT_FALSE(fires(50));
    now_ += SignalRules{}.cooldown_ms;
    EXPECT_TRUE(fires(80));
}

TEST_F(Signals, NeedReliabilityAndAPlace) {
    EXPECT_FALSE(fires(80, 0.49));
    EXPECT_EQ(tracker_.held(), Verdict::neutral);
    EXPECT_TRUE(fires(80, 0.5)) << "as soon as it is reliable";
    SignalTracker tracker;
    Confluence blind = scored(now_, 80);
    blind.price.atr.reset();
    EXPECT_EQ(tracker.update(blind, "bybit", "X"), nullptr) << "no stop can be placed";
    blind.price.atr = 1;
    EXPECT_NE(tracker.update(blind, "bybit", "X"), nullptr);
}

TEST_F(Signals, NeedABookToEnterFrom) {
    Confluence blind = scored(now_, 80);
    blind.price.from_book = false;
    EXPECT_EQ(tracker_.update(blind, "bybit", "X"), nullptr);
    EXPECT_EQ(tracker_.held(), Verdict::long_side) << "the side is held all the same";
    EXPECT_NE(tracker_.update(scored(now_, 80), "bybit", "X"), nullptr) << "the signal comes with the book";
    EXPECT_EQ(tracker_.update(scored(now_, 80), "bybit", "X"), nullptr) << "once";
}

TEST(HeldSide, TheSameEvaluationAgainChangesNothingAndAnEarlierOneIsNotHeard) {
    HeldSide side;
    const std::int64_t at = 1'700'000'000'000;
    for (const auto& [score, expected] : {std::pair{71.0, Verdict::long_side},
                                          {66.0, Verdict::long_side},
                                          {64.0, Verdict::neutral},
                                          {66.0, Verdict::neutral},
                                          {29.0, Verdict::short_side},
                                          {34.0, Verdict::short_side},
                                          {80.0, Verdict::long_side}}) {
        EXPECT_EQ(side.update(scored(at, score)), expected);
        EXPECT_EQ(side.update(scored(at, score)), expected) << "again";
    }
    EXPECT_EQ(side.update(scored(at - 1, 20)), Verdict::long_side);
}

// A score that wanders about a threshold: the held side turns far less often than the score alone.
TEST(HeldSide, FlipsFarLessThanTheScoreAlone) {
    HeldSide side;
    const ConfluenceThresholds thresholds;
    std::mt19937_64 random(5);
    std::normal_distribution<double> noise(0, 1.5);
    int raw_flips = 0;
    int held_flips = 0;
    Verdict raw = Verdict::neutral;
    for (int i = 0; i < 2'000; ++i) {
        const double score = 70 + 4 * std::sin(i / 150.0) + noise(random);
        const Verdict before = side.side();
        held_flips += side.update(scored(i, score)) != before ? 1 : 0;
        raw_flips += thresholds.verdict_of(score) != raw ? 1 : 0;
        raw = thresholds.verdict_of(score);
    }
    EXPECT_GT(raw_flips, 100);
    EXPECT_LT(held_flips * 10, raw_flips);
}

TEST_F(Signals, AnUnknownScoreEndsASide) {
    EXPECT_TRUE(fires(80));
    Confluence unknown = scored(now_, 80);
    unknown.score.reset();
    EXPECT_EQ(tracker_.update(unknown, "bybit", "BTCUSDT"), nullptr);
    EXPECT_EQ(tracker_.held(), Verdict::neutral);
}

TEST_F(Signals, CarryWhatAnAuditNeeds) {
    ASSERT_TRUE(fires(80));
    EXPECT_EQ(last_->confirmed_at.ms, now_);
    EXPECT_EQ(last_->id, "bybit-BTCUSDT-LONG-" + std::to_string(now_));
    EXPECT_EQ(last_->confluence.as_of.ms, now_);
    EXPECT_FALSE(last_->interpretations[0].empty());
    EXPECT_EQ(last_->rules.thresholds.long_from, 70);
}

TEST(TradePlan, StopIsTheFartherOfRangeAndSwing) {
    PriceContext context;
    context.mid = 100;
    context.from_book = true;
    context.atr = 1;
    auto plan = plan_trade(context, Verdict::long_side);
    ASSERT_TRUE(plan);
    EXPECT_DOUBLE_EQ(plan->stop.price, 98.5);
    EXPECT_DOUBLE_EQ(plan->targets[0].price, 101.5);
    EXPECT_DOUBLE_EQ(plan->targets[2].price, 104.5);
    context.swing_low = 98;
    EXPECT_DOUBLE_EQ(plan_trade(context, Verdict::long_side)->stop.price, 98);
    context.swing_low = 99.5;
    EXPECT_DOUBLE_EQ(plan_trade(context, Verdict::long_side)->stop.price, 98.5) << "the swing is nearer";
    context.swing_low = 80;
    plan = plan_trade(context, Verdict::long_side);
    EXPECT_DOUBLE_EQ(plan->stop.price, 95) << "capped at 5 %";
    EXPECT_NE(plan->stop.reason.find("capped"), std::string::npos);
    context.swing_high = 103;
    EXPECT_DOUBLE_EQ(plan_trade(context, Verdict::short_side)->stop.price, 103);
    EXPECT_DOUBLE_EQ(plan_trade(context, Verdict::short_side)->targets[1].price, 94);
    EXPECT_FALSE(plan_trade(context, Verdict::neutral));
}

TEST(TradePlan, SizeLosesTheGivenShareAtTheStop) {
    PriceContext context;
    context.mid = 100;
    context.from_book = true;
    context.atr = 1;
    const auto plan = plan_trade(context, Verdict::long_side);
    const auto size = position_size(*plan, 10'000, 0.01);
    EXPECT_DOUBLE_EQ(size.base * plan->risk(), 100);
    EXPECT_DOUBLE_EQ(size.notional, size.base * 100);
    EXPECT_NEAR(size.leverage, 0.6667, 1e-4);
}

class Outcomes : public ::testing::Test {
  protected:
    Outcomes() {
        PriceContext context;
        context.mid = 100;
        context.from_book = true;
        context.atr = 2.0 / 3;  // R = 1
        plan_ = *plan_trade(context, Verdict::long_side);
    }
    static PriceStretch stretch(int index, double low, double high, double close) {
        return {{index * minute}, {(index + 1) * minute}, high, low, close};
    }
    TradePlan plan_;
};

TEST_F(Outcomes, ThirdsAreClosedAtTheTargets) {
    OutcomeTracker tracker(plan_, {0}, {});
    tracker.step(stretch(0, 99.5, 101.2, 101));
    EXPECT_EQ(tracker.outcome().targets_reached, 1);
    tracker.step(stretch(1, 100.5, 103.5, 103));
    const Outcome& outcome = tracker.outcome();
    EXPECT_TRUE(outcome.finished);
    EXPECT_EQ(outcome.first, FirstBarrier::target);
    EXPECT_DOUBLE_EQ(outcome.gross_r, 2);
    EXPECT_NEAR(outcome.net_r, 2 - 2 * 6e-4 * 100, 1e-12) << "6 bps each way of a price of 100 R";
    EXPECT_DOUBLE_EQ(outcome.adverse_r, 0.5);
    EXPECT_DOUBLE_EQ(outcome.favourable_r, 3.5);
}

TEST_F(Outcomes, AStretchThatReachesBothCountsAsStopped) {
    OutcomeTracker tracker(plan_, {0}, {.taker_fee_bps = 0, .half_spread_bps = 0});
    tracker.step(stretch(0, 98, 104, 100));
    EXPECT_EQ(tracker.outcome().first, FirstBarrier::stop);
    EXPECT_DOUBLE_EQ(tracker.outcome().net_r, -1);
    EXPECT_DOUBLE_EQ(tracker.outcome().adverse_r, 1);
}

TEST_F(Outcomes, ADayWithoutABarrierEndsAtTheLastPrice) {
    OutcomeTracker tracker(plan_, {0}, {.taker_fee_bps = 0, .half_spread_bps = 0});
    for (int i = 0; i < 1'440; ++i) {
        tracker.step(stretch(i, 99.9, 100.4, 100.3));
    }
    EXPECT_TRUE(tracker.done());
    EXPECT_EQ(tracker.outcome().first, FirstBarrier::time);
    EXPECT_NEAR(tracker.outcome().net_r, 0.3, 1e-12);
    for (const auto& value : tracker.outcome().returns) {
        ASSERT_TRUE(value);
        EXPECT_NEAR(*value, 0.003, 1e-12);
    }
}

TEST_F(Outcomes, StretchesThatBeganBeforeTheSignalAreLeftOut) {
    OutcomeTracker tracker(plan_, {minute / 2}, {});
    tracker.step(stretch(0, 90, 110, 100));
    EXPECT_FALSE(tracker.outcome().finished);
    EXPECT_EQ(tracker.outcome().favourable_r, 0);
}

TEST_F(Outcomes, AHoleLeavesTheReturnUnknown) {
    OutcomeTracker tracker(plan_, {0}, {});
    tracker.step(stretch(0, 99.9, 100.1, 100));
    tracker.step(stretch(200, 99.9, 100.1, 100));
    EXPECT_FALSE(tracker.outcome().returns[0]) << "no price near five minutes later";
    EXPECT_FALSE(tracker.outcome().returns[2]);
}

}  // namespace
}  // namespace virtuoso
