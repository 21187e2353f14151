// The symbols of a shard in virtual time: what comes, goes and comes again.
#include "service/shard_session.hpp"

#include "exchange/bybit/dialect.hpp"
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

}  // namespace
}  // namespace virtuoso
