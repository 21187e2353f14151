// The symbols of a shard in virtual time: what comes, goes and comes again.
#include "service/shard_session.hpp"

#include "exchange/bybit/dialect.hpp"
#include "market/timeframe.hpp"
#include "service/outcome_question.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::size_t symbols = 6;

class Shard final : Clock, ShardOutput {
  public:
    Shard() { session.start(); }

    void run(std::int64_t ms) {
        for (std::int64_t passed = 0; passed < ms; passed += 10) {
            network.run(10);
            session.turn();
        }
    }
    [[nodiscard]] std::size_t kept() { return session.session().pipeline().symbols().size(); }

    sim::SimulatedExchange exchange{{.symbols = symbols, .seed = 4, .start = {start_ms}}};
    test::VirtualNetwork network{exchange, 3};
    ShardSession session{
        {.feed = {.book_depth = 50, .instruments_every_ms = 5'000}},
        network,
        std::make_unique<bybit::BybitDialect>(),
        *this,
        *this,
    };
    std::map<std::string, ResultPointer> results;  ///< the newest, since it was cleared

  private:
    [[nodiscard]] LocalTime now() const override { return network.now(); }
    void put(ShardMessage message) override {
        if (auto* const result = std::get_if<ResultPointer>(&message)) {
            results[(*result)->symbol] = std::move(*result);
        }
    }
};

TEST(ShardSession, WhatIsDroppedIsForgottenAndBeginsAnewWhenItReturns) {
    Shard shard;
    shard.run(20'000);
    ASSERT_EQ(shard.kept(), symbols);
    const std::string name(shard.exchange.model().market(2).instrument().symbol);
    ASSERT_TRUE(shard.results[name]->confluence.score);
    for (int again = 0; again < 3; ++again) {
        shard.exchange.delist(name);
        shard.run(10'000);
        EXPECT_EQ(shard.kept(), symbols - 1);
        shard.results.clear();
        shard.run(10'000);
        EXPECT_EQ(shard.results.size(), symbols - 1) << "the others go on";
        EXPECT_FALSE(shard.results.contains(name));

        shard.exchange.model().list(name);
        shard.run(20'000);
        EXPECT_EQ(shard.kept(), symbols);
        ASSERT_TRUE(shard.results.contains(name));
        EXPECT_TRUE(shard.results[name]->confluence.score);
        EXPECT_LT(shard.results[name]->number, 60U) << "it counts from its return";
        for (const auto& kept : shard.session.session().pipeline().symbols()) {
            EXPECT_LT(kept->number, symbols) << "numbers do not grow with every return";
        }
    }
}

TEST(ShardSession, TellsThePricesThatSignalsAreFollowedBy) {
    Shard shard;
    shard.run(200'000);
    const std::string name(shard.exchange.model().market(0).instrument().symbol);
    const SymbolState& state = shard.session.session().find(name)->state;
    const auto& minutes = state.candles().series(Timeframe::m1).closed();
    ASSERT_GT(minutes.size(), 10U);
    const ExchangeTime from = minutes[minutes.size() - 5].open_time;
    const ExchangeTime within = minutes.back().open_time + 20'000;
    const auto answers =
        answer_prices({{.symbol = name, .from = from, .beginnings = {within, {within.ms - ms_per_day}}},
                       {.symbol = "NOBODYUSDT", .from = {}}},
                      shard.session, 4);
    ASSERT_EQ(answers.size(), 1U);
    const PriceAnswer& answer = answers[0];
    EXPECT_EQ(answer.symbol, name);
    EXPECT_TRUE(answer.more) << "one was too many";
    ASSERT_EQ(answer.minutes.size(), 4U);
    EXPECT_EQ(answer.minutes[0].begin, from);
    EXPECT_EQ(answer.minutes[3].end, minutes.back().open_time);
    EXPECT_EQ(answer.minutes[1].high, minutes[minutes.size() - 4].high.value());
    EXPECT_EQ(answer.minutes[1].low, minutes[minutes.size() - 4].low.value());
    EXPECT_EQ(answer.minutes[1].close, minutes[minutes.size() - 4].close.value());
    ASSERT_EQ(answer.beginnings.size(), 2U);
    const MinuteRest& rest = answer.beginnings[0];
    ASSERT_TRUE(rest.known && rest.prices);
    EXPECT_EQ(rest.prices->begin, within);
    EXPECT_EQ(rest.prices->end, minutes.back().open_time + ms_per_minute);
    EXPECT_LE(rest.prices->high, minutes.back().high.value());
    EXPECT_GE(rest.prices->low, minutes.back().low.value());
    EXPECT_EQ(rest.prices->close, minutes.back().close.value());
    EXPECT_FALSE(answer.beginnings[1].known) << "the tape does not reach back so far";
}

// The third of the stages in which memory is given up, and its end.
TEST(ShardSession, ASymbolThatIsGivenUpWholeIsFollowedAgainWhenThereIsRoom) {
    Shard shard;
    shard.run(20'000);
    ASSERT_EQ(shard.kept(), symbols);
    const std::string name(shard.exchange.model().market(2).instrument().symbol);
    EXPECT_EQ(shard.session.holdings(0, 1).front().other_bytes, 0U) << "whom to keep is not known yet";
    shard.session.set_deep({std::string(shard.exchange.model().market(0).instrument().symbol)});
    const auto candidates = shard.session.holdings(0, symbols);
    const auto held = std::ranges::find(candidates, name, &ShedCandidate::symbol);
    ASSERT_NE(held, candidates.end());
    const std::size_t bytes = shard.session.session().find(name)->bytes();
    EXPECT_EQ(held->history_bytes + held->tape_bytes + held->other_bytes, bytes) << "all of it";

    ASSERT_TRUE(shard.session.give_up(name, ShedStage::untracked_history));
    ASSERT_TRUE(shard.session.give_up(name, ShedStage::untracked_symbol));
    EXPECT_EQ(shard.kept(), symbols - 1) << "at once";
    EXPECT_FALSE(shard.session.give_up(name, ShedStage::untracked_symbol)) << "it has nothing more";
    shard.results.clear();
    shard.run(30'000);
    EXPECT_EQ(shard.kept(), symbols - 1) << "no listing brings it back";
    EXPECT_EQ(shard.session.feed().symbols().size(), symbols - 1);
    EXPECT_FALSE(shard.results.contains(name));
    EXPECT_EQ(shard.results.size(), symbols - 1) << "the others go on";

    shard.session.have_again(name);
    shard.run(20'000);
    EXPECT_EQ(shard.kept(), symbols);
    ASSERT_TRUE(shard.results.contains(name));
    EXPECT_EQ(shard.results[name]->confluence.present, component_count) << "with its histories";
    EXPECT_FALSE(shard.results[name]->history_given_up);
}

// The last of them: it costs nothing that the score of a deep symbol reads.
TEST(ShardSession, ATrackedSymbolIsScoredTheSameWithTheOlderHalfOfItsHistoryGivenUp) {
    Shard trimmed;
    Shard whole;
    const std::string name(trimmed.exchange.model().market(1).instrument().symbol);
    for (Shard* const shard : {&trimmed, &whole}) {
        shard->session.set_deep({name});
        shard->run(20'000);
    }
    const auto fives = [&](Shard& shard) {
        return shard.session.session().find(name)->state.candles().series(Timeframe::m5).closed().size();
    };
    const std::size_t before = fives(trimmed);
    const std::size_t bytes = trimmed.session.session().find(name)->bytes();
    const auto candidates = trimmed.session.holdings(0, symbols);
    const auto held = std::ranges::find(candidates, name, &ShedCandidate::symbol);
    ASSERT_NE(held, candidates.end());
    ASSERT_TRUE(held->tracked);
    ASSERT_GT(held->history_bytes, 0U);
    EXPECT_EQ(held->other_bytes, 0U) << "it is not dropped";
    ASSERT_TRUE(trimmed.session.give_up(name, ShedStage::tracked_history));
    EXPECT_EQ(fives(trimmed), candle_retention(Timeframe::m5) / 2);
    EXPECT_LT(trimmed.session.session().find(name)->bytes() + held->history_bytes / 2, bytes);
    EXPECT_EQ(trimmed.session.holdings(0, symbols)[static_cast<std::size_t>(held - candidates.begin())]
                  .history_bytes,
              0U)
        << "once";
    for (int i = 0; i < 30; ++i) {
        trimmed.run(1'000);
        whole.run(1'000);
        ASSERT_EQ(trimmed.results[name]->confluence.score, whole.results[name]->confluence.score);
        ASSERT_TRUE(trimmed.results[name]->concerns.empty());
    }
    trimmed.session.have_again(name);
    trimmed.run(10'000);
    EXPECT_GE(fives(trimmed), before) << "it is read again";
}

}  // namespace
}  // namespace virtuoso
