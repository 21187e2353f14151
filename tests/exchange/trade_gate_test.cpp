// The gate against an exchange whose stream is lost at any moment and whose answers come when they like.
#include "exchange/trade_gate.hpp"

#include "base/seeded_random.hpp"
#include "exchange/raw_record.hpp"
#include "support/fake_rest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <set>

namespace virtuoso {
namespace {

using test::FakeRest;

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t start_ms = 1'000'000;

/// An exchange that trades every few milliseconds: trade n has the number n, and no two the same time. The
/// frames of the stream hold one trade each.
class Exchange final : public TradeGate::Outlet {
  public:
    struct Options {
        std::uint64_t seed = 1;
        std::size_t served = 30;           ///< trades that REST serves
        std::int64_t answer_ms_max = 600;  ///< between a request and its answer
        double failing = 0;                ///< share of requests
        std::uint64_t step_ms_max = 40;    ///< between trades
    };

    explicit Exchange(Options options) : options_(options), random_(options.seed) {
        clock.advance_to({start_ms * ns_per_ms});
        follow({});
    }

    void follow(TradeGate::Memory before) {
        gate =
            std::make_unique<TradeGate>(TradeGate::Needs{clock, rest, *this, totals}, "/trades", 0, before);
    }

    /// Lets a few milliseconds pass: a trade, and whatever REST is due to answer.
    void step() {
        clock.advance_to({clock.now().ns +
                          (1 + static_cast<std::int64_t>(random_.below(options_.step_ms_max))) * ns_per_ms});
        times.push_back(now());
        if (subscribed) {
            send(times.size() - 1);
        }
        while (under_way_.size() < rest.open.size()) {
            const auto wait = random_.below(static_cast<std::uint64_t>(options_.answer_ms_max));
            under_way_.push_back({now().ms + 1 + static_cast<std::int64_t>(wait), times.size()});
        }
        while (!under_way_.empty() && now().ms >= under_way_.front().due_ms) {
            answer();
        }
        if (subscribed) {
            gate->check(clock.now());
        }
    }
    void subscribe() {
        subscribed = true;
        gate->subscribed();
    }
    void lose() {
        subscribed = false;
        gate->lost();
    }

    /// As RestClient does: first the trades, then the gate. An answer may be as old as its question.
    void answer() {
        const std::size_t end = random_.below(2) == 0 ? under_way_.front().known : times.size();
        under_way_.pop_front();
        if (random_.uniform() < options_.failing) {
            rest.answer(0, fail(ErrorCode::network, "no answer"));
            return;
        }
        const std::size_t begin = end - std::min(end, options_.served);
        std::vector<TradePrint> prints;
        for (std::size_t i = begin; i < end; ++i) {
            prints.push_back({.time = times[i], .id = i});
        }
        const MarketEvent event{.symbol = "X", .payload = Trades{.prints = prints}};
        rest.answer(0, MarketReply{{&event, 1}, {}}, [&] {
            for (const auto& print : prints) {
                take(print.id);
            }
        });
    }
    void hand_on(const TradeGate::Frame& frame) override {
        longest_ms = std::max(longest_ms, (clock.now() - frame.received) / ns_per_ms);
        take(std::stoull(frame.bytes));
    }

    /// Trades between the first and the last that were handed on, and were not.
    [[nodiscard]] std::size_t missing() const {
        return seen.empty() ? 0 : *seen.rbegin() - *seen.begin() + 1 - seen.size();
    }
    [[nodiscard]] bool at_rest() const {
        std::vector<std::string> concerns;
        gate->add_concerns(concerns);
        return std::ranges::none_of(concerns,
                                    [](const auto& text) { return text.starts_with("trades: waiting"); });
    }
    [[nodiscard]] ExchangeTime now() const { return {clock.now().ns / ns_per_ms}; }

    VirtualClock clock;
    FakeRest rest;
    TradeGate::Totals totals;
    std::unique_ptr<TradeGate> gate;
    bool subscribed = false;
    std::vector<ExchangeTime> times;  ///< by number
    std::set<std::size_t> seen;       ///< numbers handed on
    std::size_t late = 0;             ///< handed on after a newer one, for the first time
    std::int64_t longest_ms = 0;      ///< that a frame waited

    void send(std::size_t number) {
        const std::string bytes = std::to_string(number);
        const RawRecord record{clock.now(), 1, "x/ws", {bytes.data(), bytes.size()}};
        if (gate->pass(record, times[number])) {
            take(number);
        }
    }

  private:
    void take(std::size_t number) {
        late += !seen.empty() && number < *seen.rbegin() && !seen.contains(number) ? 1 : 0;
        seen.insert(number);
    }

    Options options_;
    SeededRandom random_;
    struct Answer {
        std::int64_t due_ms = 0;
        std::size_t known = 0;  ///< trades at the time of the question
    };
    std::deque<Answer> under_way_;  ///< one for each open question
};

/// Subscribes and loses the stream at random moments; ends subscribed and at rest.
template <typename Each>
void run_unsteadily(Exchange& exchange, std::uint64_t seed, const Each& each) {
    SeededRandom random(seed * 977);
    for (int step = 0; step < 1'500; ++step) {
        if (random.uniform() < 0.02) {
            exchange.subscribed ? exchange.lose() : exchange.subscribe();
        }
        exchange.step();
        each();
    }
    if (!exchange.subscribed) {
        exchange.subscribe();
    }
    for (int step = 0; step < 3'000 && !exchange.at_rest(); ++step) {
        exchange.step();
        each();
    }
    EXPECT_TRUE(exchange.at_rest()) << seed;
}

TEST(TradeGate, NoTradeIsLostWithoutACountedGap) {
    for (const double failing : {0.0, 0.2}) {
        for (std::uint64_t seed = 1; seed <= 150; ++seed) {
            Exchange exchange({.seed = seed, .failing = failing});
            std::size_t missing = 0;
            std::uint64_t gaps = 0;
            run_unsteadily(exchange, seed, [&] {
                if (!exchange.at_rest()) {
                    return;
                }
                EXPECT_TRUE(exchange.missing() <= missing || exchange.gate->gaps() > gaps)
                    << seed << ": " << exchange.missing() - missing << " more trades are missing and no gap";
                missing = exchange.missing();
                gaps = exchange.gate->gaps();
            });
            EXPECT_EQ(exchange.totals.gaps, exchange.gate->gaps());
        }
    }
}

TEST(TradeGate, NothingIsMissingAndNothingLateWhileRestReachesFarEnough) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Exchange exchange({.seed = seed, .served = 100'000});
        run_unsteadily(exchange, seed, [] {});
        EXPECT_EQ(exchange.missing(), 0U) << seed;
        EXPECT_EQ(exchange.late, 0U) << seed;
        EXPECT_EQ(exchange.gate->gaps(), 0U) << seed;
        EXPECT_GT(exchange.totals.fills, 0U) << seed;
    }
}

TEST(TradeGate, NoFrameWaitsLongerThanHalfAMinute) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Exchange exchange({.seed = seed, .answer_ms_max = 200'000, .step_ms_max = 200});
        exchange.subscribe();
        for (int step = 0; step < 4'000; ++step) {
            exchange.step();
        }
        EXPECT_LE(exchange.longest_ms, TradeGate::held_ms_max + 400) << seed;
        EXPECT_GT(exchange.longest_ms, TradeGate::held_ms_max / 2) << seed;
    }
}

TEST(TradeGate, KeepsNoMoreFramesThanItsLimit) {
    Exchange exchange({.answer_ms_max = 1});
    exchange.subscribe();
    for (std::size_t number = 0; number < TradeGate::held_max - 1; ++number) {
        exchange.times.push_back({start_ms + static_cast<std::int64_t>(number)});
        exchange.send(number);
    }
    EXPECT_TRUE(exchange.seen.empty());
    exchange.times.push_back({start_ms + 5'000});
    exchange.send(TradeGate::held_max - 1);
    EXPECT_EQ(exchange.seen.size(), TradeGate::held_max);
}

// A frame that the exchange never sent shows in a candle later; what REST still serves is filled in.
TEST(TradeGate, LostFramesAreFilledOrCounted) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Exchange exchange({.seed = seed, .served = seed % 2 == 0 ? 30U : 100'000U});
        SeededRandom random(seed);
        exchange.subscribe();
        for (int step = 0; step < 200; ++step) {
            exchange.step();
        }
        exchange.subscribed = false;  // the stream is quiet, and nobody knows
        const ExchangeTime since = exchange.now();
        for (std::uint64_t step = 0; step < 1 + random.below(80); ++step) {
            exchange.step();
        }
        exchange.subscribed = true;
        const std::uint64_t gaps = exchange.gate->gaps();
        exchange.gate->missing(since);
        for (int step = 0; step < 100; ++step) {
            exchange.step();
        }
        EXPECT_TRUE(exchange.missing() == 0 || exchange.gate->gaps() > gaps) << seed;
        EXPECT_TRUE(seed % 2 == 0 || exchange.missing() == 0) << seed;
    }
}

// A contract that is dropped and comes back: its memory is all that the new gate has of the old one.
TEST(TradeGate, AHoleAcrossAReturnIsFilledOrCounted) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Exchange exchange({.seed = seed});
        SeededRandom random(seed);
        for (int life = 0; life < 4; ++life) {
            exchange.subscribe();
            for (std::uint64_t step = 0; step < 20 + random.below(200); ++step) {
                exchange.step();
            }
            const auto memory = exchange.gate->memory({});
            EXPECT_EQ(memory.gaps, exchange.gate->gaps());
            EXPECT_LE(memory.verified, exchange.now());
            EXPECT_GE(memory.verified.ms, exchange.seen.empty() ? 0 : 1)
                << "a life without trades forgets nothing";
            exchange.subscribed = false;
            exchange.follow(memory);
            for (std::uint64_t step = 0; step < random.below(60); ++step) {
                exchange.step();
            }
        }
        exchange.subscribe();
        for (int step = 0; step < 100; ++step) {
            exchange.step();
        }
        EXPECT_TRUE(exchange.missing() == 0 || exchange.gate->gaps() > 0) << seed;
    }
}

// The first answer is handed on though nothing was received yet: from there on holes count.
TEST(TradeGate, AHoleAfterAFirstAnswerThatCameTooLateIsFilledOrCounted) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Exchange exchange({.seed = seed});
        exchange.step();
        exchange.subscribe();
        exchange.lose();
        for (int step = 0; step < 150; ++step) {
            exchange.step();
        }
        EXPECT_FALSE(exchange.seen.empty()) << seed;
        exchange.subscribe();
        for (int step = 0; step < 100; ++step) {
            exchange.step();
        }
        EXPECT_GT(exchange.missing(), 0U) << seed;
        EXPECT_GT(exchange.gate->gaps(), 0U) << seed;
    }
}

TEST(TradeGate, MemoryReachesAsFarAsEverythingIsKnownToBeWhole) {
    Exchange exchange({});
    exchange.subscribe();
    for (int step = 0; step < 100; ++step) {
        exchange.step();
    }
    const ExchangeTime last = exchange.gate->last_trade();
    EXPECT_EQ(exchange.gate->memory({}).verified, last);
    EXPECT_EQ(exchange.gate->memory(last + -500).verified, last + -500);
    EXPECT_EQ(exchange.gate->memory(last + 500).verified, last);
    exchange.gate->missing(last + -900);
    EXPECT_EQ(exchange.gate->memory(last + -500).verified, last + -900);
}

// An exchange that knows of no trades, where there were some, has forgotten those of the hole as well.
TEST(TradeGate, AnEmptyAnswerDoesNotCloseAHole) {
    Exchange exchange({.served = 0});
    exchange.subscribe();
    for (int step = 0; step < 100; ++step) {
        exchange.step();
    }
    EXPECT_EQ(exchange.gate->gaps(), 0U) << "nothing was promised of what came before the first trade";
    exchange.lose();
    exchange.step();
    exchange.subscribe();
    for (int step = 0; step < 100; ++step) {
        exchange.step();
    }
    EXPECT_EQ(exchange.missing(), 1U);
    EXPECT_EQ(exchange.gate->gaps(), 1U);
}

// The subscriptions of a connection are accepted one after the other: what waited too long may be released
// before the one for trades is, and an answer from before the loss says nothing of the hole.
TEST(TradeGate, AnAnswerBetweenLossAndSubscriptionClosesNothing) {
    Exchange exchange({.served = 30});
    exchange.subscribe();
    for (int step = 0; step < 100; ++step) {
        exchange.step();
    }
    ASSERT_TRUE(exchange.at_rest());
    exchange.gate->missing({});  // asks; the answer is under way while the stream is lost
    ASSERT_EQ(exchange.rest.open.size(), 1U);
    exchange.gate->lost();
    exchange.gate->subscribed();
    exchange.send(exchange.times.size() - 1);
    exchange.lose();
    exchange.clock.advance_to({exchange.clock.now().ns + (TradeGate::held_ms_max + 1) * ns_per_ms});
    exchange.gate->check(exchange.clock.now());
    for (int step = 0; step < 100; ++step) {
        exchange.step();
    }
    exchange.subscribe();
    exchange.times.push_back(exchange.now());
    exchange.send(exchange.times.size() - 1);
    EXPECT_FALSE(exchange.seen.contains(exchange.times.size() - 1)) << "it waits again";
    for (int step = 0; step < 100; ++step) {
        exchange.step();
    }
    EXPECT_GT(exchange.missing(), 0U);
    EXPECT_GT(exchange.gate->gaps(), 0U);
}

// While REST refuses for minutes the stream goes on: what it brought meanwhile is not called lost.
TEST(TradeGate, AHoleEndsWhereTheStreamResumed) {
    Exchange exchange({.served = 5});
    const auto run = [&](int steps) {
        for (int step = 0; step < steps; ++step) {
            exchange.step();
        }
    };
    exchange.subscribe();
    run(100);
    exchange.lose();
    exchange.times.push_back(exchange.now());
    run(20);
    const std::size_t first_after = exchange.times.size();
    exchange.subscribed = true;
    exchange.gate->subscribed();
    const RestQuestion kept = exchange.rest.open.front();
    exchange.rest.open.clear();  // nothing answers
    run(3'000);
    ASSERT_TRUE(exchange.seen.contains(first_after)) << "it went on after half a minute";
    std::vector<TradePrint> prints{{.time = exchange.now(), .id = exchange.times.size() - 1}};
    const MarketEvent event{.symbol = "X", .payload = Trades{.prints = prints}};
    exchange.gate->check(exchange.clock.now());
    kept.done(MarketReply{{&event, 1}, {}});
    std::vector<std::string> concerns;
    exchange.gate->add_concerns(concerns);
    ASSERT_EQ(concerns.size(), 1U);
    EXPECT_NE(concerns.front().find("to " + iso_text(exchange.times[first_after]) + " were lost"),
              std::string::npos)
        << concerns.front();
}

TEST(TradeGate, AnAnswerAfterItsEndIsNotHeard) {
    Exchange exchange({});
    exchange.subscribe();
    exchange.gate.reset();
    exchange.rest.answer(0, MarketReply{});
    EXPECT_EQ(exchange.totals.fills, 0U);
    EXPECT_TRUE(exchange.rest.open.empty());
}

}  // namespace
}  // namespace virtuoso
