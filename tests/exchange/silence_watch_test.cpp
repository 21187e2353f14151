// What a symbol no longer hears is noticed, in time and not before.
#include "exchange/silence_watch.hpp"

#include "base/clock.hpp"
#include "base/seeded_random.hpp"
#include "exchange/bybit/dialect.hpp"
#include "support/fake_rest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

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

    void answer_all() {
        while (!rest.open.empty()) {
            rest.answer(0, fail(ErrorCode::network, "no answer"));
        }
    }

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
            answer_all();
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

TEST_F(SilenceWatchTest, ASilentBookIsNoticedInTimeAndOnce) {
    for (const std::int64_t gap_ms : {20, 500, 2'000, 5'000, 30'000}) {
        SilenceWatch book(dialect, rest, {"BTCUSDT", 0});
        book.book_subscribed(clock.now());
        for (int i = 0; i < 200; ++i) {
            pass_ms(gap_ms);
            book.note_book({now_ms()}, clock.now());
            EXPECT_EQ(book.take_book_silence(clock.now()), std::nullopt) << gap_ms;
        }
        const std::int64_t limit = std::clamp<std::int64_t>(20 * gap_ms, 10'000, 120'000);
        std::int64_t silent_ms = 0;
        for (; silent_ms <= 200'000 && !book.book_stale(clock.now()); silent_ms += check_ms) {
            pass_ms(check_ms);
            book.note_book({now_ms() - silent_ms - check_ms}, clock.now());  // the last one, again and again
        }
        EXPECT_GT(silent_ms, limit - check_ms) << gap_ms;
        EXPECT_LE(silent_ms, limit + 2 * check_ms) << gap_ms;
        EXPECT_EQ(book.take_book_silence(clock.now()), silent_ms / 1'000);
        EXPECT_EQ(book.take_book_silence(clock.now()), std::nullopt) << "the measure begins anew";
    }
}

TEST_F(SilenceWatchTest, BookAndTickerAreWatchedApart) {
    watch.book_subscribed(clock.now());
    watch.ticker_subscribed(clock.now());
    for (int i = 0; i < 2'000; ++i) {
        pass_ms(check_ms);
        watch.note_ticker({now_ms()}, clock.now());
    }
    EXPECT_TRUE(watch.book_stale(clock.now()));
    EXPECT_FALSE(watch.take_ticker_silence(clock.now()));
    pass_ms(10'001);
    EXPECT_TRUE(watch.take_ticker_silence(clock.now()));
    EXPECT_FALSE(watch.ticker_stale(clock.now()));
}

TEST_F(SilenceWatchTest, ATopicThatIsNotSubscribedYetIsNotSilent) {
    pass_ms(ms_per_hour);
    EXPECT_FALSE(watch.book_stale(clock.now()));
    EXPECT_FALSE(watch.ticker_stale(clock.now()));
}

}  // namespace
}  // namespace virtuoso
