// The feed against a simulated exchange that misbehaves in every way it can, in virtual time.
#include "support/exchange_oracle.hpp"
#include "support/random_fault.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using test::ExchangeOracle;
using test::random_fault;

constexpr std::int64_t minute = ms_per_minute;
// Sanitizers slow this down tenfold; what they look for shows in less.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::int64_t chaos_minutes = 4;
constexpr std::size_t chaos_symbols = 10;
#else
constexpr std::int64_t chaos_minutes = 30;
constexpr std::size_t chaos_symbols = 50;
#endif

void trade_listing(ExchangeOracle& oracle, SeededRandom& random) {
    auto& market = oracle.exchange.model().market(random.below(oracle.exchange.model().size()));
    if (market.instrument().trading) {
        oracle.exchange.delist(market.instrument().symbol);
    }
    for (std::size_t i = 0; i < oracle.exchange.model().size(); ++i) {
        const auto& other = oracle.exchange.model().market(i).instrument();
        if (!other.trading && random.uniform() < 0.5) {
            oracle.exchange.model().list(std::string(other.symbol));
        }
    }
}

void misbehave(ExchangeOracle& oracle, std::int64_t minutes, std::uint64_t seed) {
    SeededRandom random(seed);
    for (std::int64_t passed = 0; passed < minutes * minute;) {
        oracle.exchange.faults().add(random_fault(random, oracle.exchange.now_ms()));
        if (random.uniform() < 0.05) {
            trade_listing(oracle, random);
        }
        const auto step = 500 + static_cast<std::int64_t>(random.below(7'500));
        oracle.network.run(step);
        passed += step;
    }
}

/// Everything is traded again, nothing is faulty, what had to wait ten minutes has waited, and holes in the
/// trades have left the tape.
void calm_down(ExchangeOracle& oracle) {
    oracle.exchange.faults().clear();
    for (std::size_t i = 0; i < oracle.exchange.model().size(); ++i) {
        oracle.exchange.model().list(std::string(oracle.exchange.model().market(i).instrument().symbol));
    }
    oracle.network.run(26 * minute);
}

void expect_everything_recovered(ExchangeOracle& oracle, std::size_t symbols) {
    EXPECT_EQ(oracle.wrong_books, std::vector<std::string>{});
    EXPECT_GT(oracle.books_checked, 1'000U);
    EXPECT_EQ(oracle.feed.symbols().size(), symbols);
    for (const auto& [name, lost] : oracle.lost_trades()) {
        EXPECT_TRUE(lost <= 0 || oracle.feed.trade_gaps(name) > 0)
            << name << " lost " << lost << " trades without a counted gap";
    }
    EXPECT_EQ(oracle.differing_books(), std::vector<std::string>{});
}

TEST(Chaos, ACalmExchangeIsFollowedWhole) {
    ExchangeOracle oracle(20, 5);
    oracle.network.run(5 * minute);
    expect_everything_recovered(oracle, 20);
    for (const auto& name : oracle.feed.symbols()) {
        EXPECT_EQ(oracle.feed.concerns(name), std::vector<std::string>{}) << name;
    }
    const FeedStatistics statistics = oracle.feed.statistics();
    EXPECT_EQ(statistics.disconnects, 0U);
    EXPECT_EQ(statistics.resyncs, 0U);
    EXPECT_EQ(statistics.refused, 0U);
    EXPECT_EQ(statistics.trade_gaps, 0U);
    EXPECT_EQ(statistics.request_failures, 0U);
}

TEST(Chaos, HalfAnHourOfEveryFault) {
    ExchangeOracle oracle(chaos_symbols, 11);
    oracle.network.run(minute);
    misbehave(oracle, chaos_minutes, 11);
    calm_down(oracle);
    expect_everything_recovered(oracle, chaos_symbols);
    for (const auto& name : oracle.feed.symbols()) {
        for (const auto& concern : oracle.feed.concerns(name)) {
            ADD_FAILURE() << name << ": " << concern;
        }
    }
    const FeedStatistics s = oracle.feed.statistics();
    fmt::print(
        "{} frames, {} refused, {} disconnects ({} dead peers), {} resyncs, {} stale topics, {} trade fills, "
        "{} "
        "trade gaps, {} subscriptions refused, {} requests, {} retries, {} failed; {} faults struck, {} "
        "books "
        "checked\n",
        s.frames, s.refused, s.disconnects, s.dead_peers, s.resyncs, s.stale_topics, s.trade_fills,
        s.trade_gaps, s.subscriptions_refused, s.requests, s.request_retries, s.request_failures,
        oracle.exchange.faults().struck(), oracle.books_checked);
}

TEST(Chaos, TheSameSeedGivesTheSameRun) {
    const auto digest = [] {
        ExchangeOracle oracle(6, 3);
        misbehave(oracle, 3, 77);
        const FeedStatistics s = oracle.feed.statistics();
        std::string text =
            fmt::format("{} {} {} {} {}", s.frames, s.refused, s.disconnects, s.resyncs, s.requests);
        for (const auto& symbol : oracle.session.pipeline().symbols()) {
            const Confluence confluence = oracle.session.pipeline().evaluate(*symbol);
            text +=
                fmt::format(" {} {}", symbol->state.totals().trades, confluence.partial_score.value_or(-1));
        }
        return text;
    };
    EXPECT_EQ(digest(), digest());
}

}  // namespace
}  // namespace virtuoso
