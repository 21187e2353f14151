// What one symbol's trouble costs: the symbol, not the others, and not the exchange's limits.
#include "support/exchange_oracle.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace virtuoso {
namespace {

using test::ExchangeOracle;

constexpr std::int64_t minute = ms_per_minute;

class TroubleTest : public ::testing::Test {
  protected:
    void SetUp() override { oracle.network.run(minute); }
    void fault(std::string_view text) {
        oracle.exchange.faults().add(*sim::Fault::parse(text, oracle.exchange.now_ms()));
    }
    [[nodiscard]] std::size_t whole() const {
        std::size_t count = 0;
        for (const auto& name : oracle.feed.symbols()) {
            count += oracle.feed.concerns(name).empty() ? 1U : 0U;
        }
        return count;
    }

    static constexpr std::size_t symbols = 12;
    ExchangeOracle oracle{symbols, 5};
};

TEST_F(TroubleTest, ABookWithoutSnapshotsDoesNotCostTheOthersTheirConnection) {
    fault("drop:match=orderbook.200." + oracle.feed.symbols()[3]);
    oracle.network.run(20 * minute);
    const FeedStatistics statistics = oracle.feed.statistics();
    EXPECT_EQ(statistics.disconnects, 0U);
    EXPECT_LE(statistics.resyncs, 30U);
    EXPECT_EQ(whole(), symbols - 1);
    oracle.exchange.faults().clear();
    oracle.network.run(3 * minute);
    EXPECT_EQ(whole(), symbols);
}

TEST_F(TroubleTest, SeveralBooksWithoutSnapshotsCastDoubtOnTheirConnection) {
    fault("drop:match=orderbook");
    oracle.network.run(20 * minute);
    EXPECT_GE(oracle.feed.statistics().disconnects, 1U);
    EXPECT_LE(oracle.feed.statistics().disconnects, 8U);
    oracle.exchange.faults().clear();
    oracle.network.run(3 * minute);
    EXPECT_EQ(whole(), symbols);
}

TEST_F(TroubleTest, ABookThatBreaksAtEachUpdateIsSetAside) {
    fault("truncated:match=orderbook.200." + oracle.feed.symbols()[0]);
    oracle.network.run(10 * minute);
    const FeedStatistics statistics = oracle.feed.statistics();
    EXPECT_LE(statistics.resyncs, 25U);
    EXPECT_GE(statistics.resyncs, 5U) << "yet it is asked for";
    EXPECT_EQ(statistics.disconnects, 0U);
    EXPECT_EQ(whole(), symbols - 1);
    EXPECT_EQ(oracle.wrong_books, std::vector<std::string>{});
}

TEST_F(TroubleTest, RefusedTickersAskForNoTrades) {
    const std::uint64_t before = oracle.feed.statistics().requests;
    fault("malformed:match=tickers");
    oracle.network.run(minute / 2);
    EXPECT_GT(oracle.feed.statistics().refused, 100U);
    EXPECT_LE(oracle.feed.statistics().requests - before, 5U);
}

TEST_F(TroubleTest, RefusedTradesAreAskedForAfterGrowingPauses) {
    const std::uint64_t before = oracle.feed.statistics().requests;
    fault("malformed:match=publicTrade." + oracle.feed.symbols()[0]);
    oracle.network.run(5 * minute);
    EXPECT_GE(oracle.feed.statistics().requests - before, 3U);
    EXPECT_LE(oracle.feed.statistics().requests - before, 60U);
}

}  // namespace
}  // namespace virtuoso
