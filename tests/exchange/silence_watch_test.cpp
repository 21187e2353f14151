// What a symbol no longer hears is noticed, in time and not before.
#include "exchange/silence_watch.hpp"

#include "base/clock.hpp"
#include "base/seeded_random.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/bybit/dialect.hpp"
#include "support/fake_rest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

namespace virtuoso {
namespace {

using test::FakeRest;

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::int64_t check_ms = 100;

class SilenceWatchTest : public ::testing::Test {
  protected:
    SilenceWatchTest() { clock.advance_to({start_ms * ns_per_ms}); }

    [[nodiscard]] std::int64_t now_ms() const { return clock.now().ns / ns_per_ms; }
    void pass_ms(std::int64_t ms) { clock.advance_to({clock.now().ns + ms * ns_per_ms}); }
    /// One check; `due` has to agree with what is asked.
    void check() {
        const ExchangeTime exchange_now{now_ms()};
        const std::size_t before = rest.targets.size();
        const ExchangeTime confirmed = watch.confirmed();
        const bool due = watch.due(clock.now(), exchange_now);
        watch.ask_due(clock.now(), exchange_now);
        EXPECT_EQ(due, rest.targets.size() > before || watch.confirmed() != confirmed);
        EXPECT_FALSE(watch.due(clock.now(), exchange_now)) << "what was asked is not due any more";
    }

    void answer_all(const Result<RestReply>& reply = fail(ErrorCode::network, "no answer")) {
        while (!rest.open.empty()) {
            rest.answer(0, reply);
        }
    }
    /// A history that was answered at `ms`, with candles up to the one that was open then.
    void tell_history(std::int64_t ms) {
        std::vector<Candle> candles;
        for (std::int64_t minute = ms / ms_per_minute - 5; minute <= ms / ms_per_minute; ++minute) {
            candles.push_back({.open_time = {minute * ms_per_minute}});
        }
        watch.note_history({Timeframe::m1, {ms}, candles});
    }

    void expect_asked_once() {
        EXPECT_TRUE(rest.targets.empty()) << "it is not overdue yet";
        pass_ms(SilenceWatch::confirmation_grace_ms);
        check();
        ASSERT_EQ(rest.targets.size(), 1U);
        EXPECT_TRUE(rest.targets.back().ends_with("limit=3")) << rest.targets.back();
    }

    static constexpr std::int64_t to_boundary_ms = 2 * ms_per_minute - start_ms % ms_per_minute;

    VirtualClock clock;
    FakeRest rest;
    bybit::BybitDialect dialect;
    SilenceWatch watch{dialect, rest, {"BTCUSDT", 3}};
};

// Whatever confirmations are lost, and however seldom it is checked: no minute stays open for long, and what
// is asked for reaches back to the last that was known.
TEST_F(SilenceWatchTest, EveryMinuteIsConfirmedOrAskedFor) {
    for (const double comes : {0.0, 0.5, 0.9}) {
        SeededRandom random(5);
        std::int64_t paused_until_ms = 0;
        std::size_t asked = 0;
        check();
        for (std::int64_t passed = 0; passed < 6 * ms_per_hour; passed += check_ms) {
            pass_ms(check_ms);
            const std::int64_t minute = now_ms() / ms_per_minute;
            if (now_ms() % ms_per_minute < check_ms && random.uniform() < comes) {
                watch.note_confirmed({(minute - 1) * ms_per_minute});
            }
            if (random.uniform() < 0.0002) {  // the book is not live, and then nothing is checked
                paused_until_ms = now_ms() + static_cast<std::int64_t>(random.below(10 * ms_per_minute));
            }
            if (now_ms() < paused_until_ms) {
                continue;
            }
            const std::int64_t known = watch.confirmed().ms / ms_per_minute;
            check();
            for (const auto& question : rest.open) {
                const auto limit = std::stoll(question.target.substr(question.target.find("limit=") + 6));
                EXPECT_LE(minute - limit + 1, known + 1) << "it reaches back to what is known";
                EXPECT_EQ(question.rank, 3U);
                EXPECT_EQ(question.urgency, RestUrgency::recovery);
                ++asked;
            }
            answer_all(MarketReply{});
            const std::int64_t over = (now_ms() - SilenceWatch::confirmation_grace_ms) / ms_per_minute - 1;
            ASSERT_GE(watch.confirmed().ms / ms_per_minute, over - 1) << comes;
        }
        EXPECT_GT(asked, 20U) << comes;
    }
}

TEST_F(SilenceWatchTest, NothingIsAskedWhileConfirmationsCome) {
    check();
    for (std::int64_t checked = 0; checked < ms_per_hour; checked += check_ms) {
        pass_ms(check_ms);
        if (now_ms() % ms_per_minute / check_ms == 20) {
            watch.note_confirmed({(now_ms() / ms_per_minute - 1) * ms_per_minute});
        }
        check();
    }
    EXPECT_TRUE(rest.targets.empty()) << rest.targets.front();
}

// A minute ends between the answer that has it open and the subscription: nothing would confirm it.
TEST_F(SilenceWatchTest, AMinuteThatEndedBeforeTheSubscriptionIsAskedFor) {
    pass_ms(to_boundary_ms + 500);
    tell_history(start_ms + to_boundary_ms - 500);
    check();
    expect_asked_once();
}

TEST_F(SilenceWatchTest, AMinuteThatALateHistoryHasOpenIsAskedFor) {
    pass_ms(to_boundary_ms + 500);
    check();
    tell_history(start_ms + to_boundary_ms - 500);
    expect_asked_once();
}

TEST_F(SilenceWatchTest, NothingIsAskedWhereTheHistoryHasIt) {
    pass_ms(30'000);
    check();
    tell_history(now_ms() + 200);
    for (std::int64_t passed = 0; passed < 5 * ms_per_minute; passed += check_ms) {
        pass_ms(check_ms);
        if (now_ms() % ms_per_minute / check_ms == 20) {
            watch.note_confirmed({(now_ms() / ms_per_minute - 1) * ms_per_minute});
        }
        check();
    }
    EXPECT_TRUE(rest.targets.empty()) << rest.targets.front();
}

TEST_F(SilenceWatchTest, AHoleBetweenConfirmationsIsAskedForOnce) {
    check();
    for (std::int64_t passed = 0; passed < 10 * ms_per_minute; passed += check_ms) {
        pass_ms(check_ms);
        const std::int64_t minute = now_ms() / ms_per_minute - 1;
        if (now_ms() % ms_per_minute / check_ms == 5 && minute % 10 != 3) {
            watch.note_confirmed({minute * ms_per_minute});
        }
        if (now_ms() % ms_per_minute < 8'000) {
            continue;  // it cannot be checked before the next confirmation
        }
        check();
        answer_all(MarketReply{});
    }
    EXPECT_EQ(rest.targets.size(), 1U);
}

TEST_F(SilenceWatchTest, WhatCouldNotBeHadIsAskedForAgainWithPauses) {
    check();
    const ExchangeTime known = watch.confirmed();
    for (std::int64_t passed = 0; passed < ms_per_hour; passed += check_ms) {
        pass_ms(check_ms);
        check();
        answer_all();
        EXPECT_EQ(watch.confirmed(), known);
    }
    EXPECT_GT(rest.targets.size(), 5U);
    EXPECT_LT(rest.targets.size(), 20U);
    pass_ms(ms_per_hour);
    check();
    ASSERT_EQ(rest.open.size(), 1U);
    answer_all(MarketReply{});
    EXPECT_GE(watch.confirmed() - known, 2 * ms_per_hour - 2 * ms_per_minute);
}

TEST_F(SilenceWatchTest, PollsKeepTheirIntervalAndAreSpread) {
    SeededRandom random(9);
    constexpr std::int64_t every_ms = ms_per_minute;
    constexpr int polls = 50;
    for (int i = 0; i < polls; ++i) {
        watch.add_poll({fmt::format("/poll{}", i), every_ms}, clock.now(), random);
    }
    std::map<std::string, std::vector<std::int64_t>> asked;
    std::map<std::int64_t, int> at;
    for (std::int64_t passed = 0; passed < 10 * every_ms; passed += check_ms) {
        watch.note_confirmed({now_ms() - now_ms() % ms_per_minute});
        check();
        for (const auto& question : rest.open) {
            EXPECT_EQ(question.urgency, RestUrgency::background);
            asked[question.target].push_back(now_ms());
            ++at[now_ms()];
        }
        answer_all();
        pass_ms(check_ms);
    }
    EXPECT_EQ(asked.size(), static_cast<std::size_t>(polls));
    for (const auto& [target, times] : asked) {
        EXPECT_EQ(times.size(), 10U) << target;
        EXPECT_LT(times.front() - start_ms, every_ms + check_ms);
        for (std::size_t i = 1; i < times.size(); ++i) {
            EXPECT_EQ(times[i] - times[i - 1], every_ms);
        }
    }
    for (const auto& [time, count] : at) {
        EXPECT_LE(count, 5) << "not all at once";
    }
}

TEST_F(SilenceWatchTest, WhatIsNotAnsweredIsNotAskedAgain) {
    SeededRandom random(9);
    watch.add_poll({"/poll", 1'000}, clock.now(), random);
    check();
    for (std::int64_t passed = 0; passed < ms_per_hour; passed += check_ms) {
        pass_ms(check_ms);
        watch.ask_due(clock.now(), {now_ms()});
        ASSERT_LE(rest.open.size(), 2U) << "the poll, and the candles that nobody confirms";
    }
    EXPECT_EQ(rest.targets.size(), 2U);
    answer_all();
    watch.ask_due(clock.now(), {now_ms()});
    EXPECT_EQ(rest.targets.size(), 4U) << "both are asked on";
    EXPECT_NE(rest.targets.back().find("/poll"), std::string::npos);
}

/// Passes questions to a queue and answers them some time later, as an exchange without market data would.
class QueuedRest final : public RestAsker, private Transport {
  public:
    QueuedRest(const ExchangeDialect& dialect, VirtualClock& clock)
        : dialect_(dialect), clock_(clock), queue(*this, dialect.rest_rules(), dialect.rest_limits(), 1) {}

    void ask(RestQuestion question) override {
        asked_at[question.target].push_back(clock_.now().ns / ns_per_ms);
        const double weight = dialect_.weight_of(question.target);
        queue.submit({.target = question.target,
                      .urgency = question.urgency,
                      .rank = question.rank,
                      .weight = weight,
                      .done = [kept = question.done](const Result<HttpAnswer>&) {
                          if (kept) {
                              kept(MarketReply{});
                          }
                      }});
    }
    void run_until(LocalTime time) {
        while (!calls_.empty() && calls_.begin()->first.first <= time.ns) {
            const auto call = std::move(calls_.begin()->second);
            clock_.advance_to({calls_.begin()->first.first});
            calls_.erase(calls_.begin());
            call();
        }
        clock_.advance_to(time);
    }

    std::map<std::string, std::vector<std::int64_t>> asked_at;

  private:
    [[nodiscard]] LocalTime now() const override { return clock_.now(); }
    void get(HttpRequest, OnAnswer done) override {
        after(40, [kept = std::move(done)] { kept(HttpAnswer{.status = 200, .headers = {}, .body = "{}"}); });
    }
    std::unique_ptr<StreamConnection> connect(std::string_view, StreamListener&) override { return nullptr; }
    void after(std::int64_t ms, std::function<void()> call) override {
        calls_.emplace(std::pair(clock_.now().ns + ms * ns_per_ms, ++sequence_), std::move(call));
    }

    const ExchangeDialect& dialect_;
    VirtualClock& clock_;
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> calls_;
    std::uint64_t sequence_ = 0;

  public:
    RestQueue queue;
};

// However many contracts there are and whatever their polls weigh: what waits is bounded, no poll is left
// out, and the more there are the slower they grow.
TEST(SilenceWatchPolls, NeverOutrunTheLimits) {
    const binance::UsdmDialect dialect;
    for (const std::size_t symbols : {100U, 1'000U}) {
        VirtualClock clock;
        clock.advance_to({start_ms * ns_per_ms});
        QueuedRest rest(dialect, clock);
        SeededRandom random(4);
        std::vector<std::unique_ptr<SilenceWatch>> watches;
        std::map<std::string, std::int64_t> polls;
        for (std::size_t i = 0; i < symbols; ++i) {
            const std::string name = fmt::format("C{:04}USDT", i);
            watches.push_back(std::make_unique<SilenceWatch>(
                dialect, rest, SilenceWatch::Symbol{name, static_cast<std::uint32_t>(i)}));
            for (auto& poll : dialect.polls_of(name)) {
                polls[poll.target] = poll.every_ms;
                watches.back()->add_poll(std::move(poll), clock.now(), random);
            }
        }
        constexpr std::int64_t step_ms = 1'000;
        constexpr std::int64_t span_ms = 130 * ms_per_minute;
        for (std::int64_t passed = 0; passed < span_ms; passed += step_ms) {
            rest.run_until({(start_ms + passed) * ns_per_ms});
            const std::int64_t now = start_ms + passed;
            for (const auto& watch : watches) {
                watch->note_confirmed({now - now % ms_per_minute - ms_per_minute});
                watch->ask_due(clock.now(), {now});
            }
            ASSERT_LE(rest.queue.waiting(), polls.size()) << passed;
        }
        EXPECT_EQ(rest.asked_at.size(), polls.size());
        for (const auto& [target, times] : rest.asked_at) {
            const std::size_t least = polls[target] < ms_per_hour ? 3 : 1;
            EXPECT_GE(times.size(), least) << target << " of " << symbols << " symbols";
        }
    }
}

}  // namespace
}  // namespace virtuoso
