// The symbols of a shard in virtual time: what comes, goes and comes again.
#include "service/shard_session.hpp"

#include "exchange/bybit/dialect.hpp"
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

}  // namespace
}  // namespace virtuoso
