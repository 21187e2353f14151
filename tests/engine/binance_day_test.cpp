// A day of Binance: addresses by kind, connections that end after 24 hours, refusals and losses, in virtual
// time. No symbol is ever said to be whole that is not.
#include "support/binance_oracle.hpp"

#include <gtest/gtest.h>

#include <array>

namespace virtuoso {
namespace {

using sim::Fault;
using sim::FaultKind;
using test::BinanceOracle;

constexpr std::int64_t minute = ms_per_minute;
constexpr std::size_t symbols = 2;
// Sanitizers slow this down tenfold; what they look for shows in less.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::int64_t day_minutes = 60;
#else
constexpr std::int64_t day_minutes = 25 * 60;
#endif

Fault random_trouble(SeededRandom& random, std::int64_t now_ms) {
    constexpr std::array kinds{
        FaultKind::disconnect, FaultKind::silence,   FaultKind::drop,     FaultKind::duplicate,
        FaultKind::reorder,    FaultKind::malformed, FaultKind::delay,    FaultKind::stale_snapshot,
        FaultKind::refuse,     FaultKind::http_429,  FaultKind::http_500, FaultKind::broken_body,
        FaultKind::slow_body,  FaultKind::tls};
    constexpr std::array matches{"", "@depth", "@aggTrade", "@kline", "@markPrice", "@ticker"};
    Fault fault{.kind = kinds[random.below(kinds.size())]};
    fault.match = random.uniform() < 0.5 ? "" : matches[random.below(matches.size())];
    fault.until_ms = now_ms + 1'000 + static_cast<std::int64_t>(random.below(60'000));
    constexpr std::array probabilities{0.01, 0.1, 1.0};
    fault.probability = probabilities[random.below(probabilities.size())];
    fault.value = 200 + static_cast<std::int64_t>(random.below(20'000));
    if (fault.kind == FaultKind::disconnect || fault.kind == FaultKind::silence) {
        fault.left = 1;
    }
    return fault;
}

TEST(BinanceDay, NothingIsCalledWholeThatIsNot) {
    BinanceOracle oracle(symbols, 17);
    SeededRandom random(17);
    std::uint64_t looks = 0;
    std::uint64_t whole = 0;
    for (std::int64_t passed = 0; passed < day_minutes * minute;) {
        if (random.uniform() < 0.02) {
            oracle.exchange.faults().add(random_trouble(random, oracle.exchange.now_ms()));
        }
        const auto step = 1'000 + static_cast<std::int64_t>(random.below(9'000));
        oracle.network.run(step);
        passed += step;
        looks += symbols;
        whole += oracle.examine_whole();
    }
    oracle.exchange.faults().clear();
    oracle.network.run(26 * minute);
    EXPECT_EQ(oracle.lies, std::vector<std::string>{});
    EXPECT_EQ(oracle.wrong_books, std::vector<std::string>{});
    EXPECT_EQ(oracle.examine_whole(), symbols);
    EXPECT_GT(whole, looks / 2) << "faults are not the rule";
    EXPECT_EQ(oracle.exchange.rest().refused(), 0U) << "limits are kept, not run into";
    for (const auto& [name, lost] : oracle.lost_trades()) {
        EXPECT_TRUE(lost <= 0 || oracle.feed.trade_gaps(name) > 0)
            << name << " lost " << lost << " trades without a counted gap";
    }
    const FeedStatistics s = oracle.feed.statistics();
    fmt::print(
        "{} of {} looks whole, {} books checked, {} frames, {} disconnects, {} resyncs, {} trade fills, "
        "{} trade gaps, {} notices, {} connections ended for their age, weight at most {:.0f} a minute\n",
        whole, looks, oracle.books_checked, s.frames, s.disconnects, s.resyncs, s.trade_fills, s.trade_gaps,
        oracle.notices.size(), oracle.exchange.rotations(), oracle.exchange.rest().weight_peak());
}

TEST(BinanceDay, ACalmDayIsWholeFromBeginningToEnd) {
    BinanceOracle oracle(1, 5);
    oracle.network.run(2 * minute);
    std::int64_t passed = 2 * minute;
    for (; passed < day_minutes * minute; passed += 5'000) {
        oracle.network.run(5'000);
        for (const auto& name : oracle.feed.symbols()) {
            for (const auto& concern : oracle.feed.concerns(name)) {
                ADD_FAILURE() << name << " at " << iso_text({oracle.exchange.now_ms()}) << ": " << concern;
            }
        }
        if (HasFailure()) {
            break;
        }
    }
    oracle.examine_whole();
    EXPECT_EQ(oracle.lies, std::vector<std::string>{});
    EXPECT_EQ(oracle.wrong_books, std::vector<std::string>{});
    const FeedStatistics s = oracle.feed.statistics();
    EXPECT_EQ(s.trade_gaps, 0U);
    EXPECT_EQ(s.refused, 0U);
    EXPECT_EQ(s.request_failures, 0U);
}

}  // namespace
}  // namespace virtuoso
