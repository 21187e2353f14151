// One book against any order of snapshots, losses, breaks and answers.
#include "exchange/book_sync.hpp"

#include "base/seeded_random.hpp"
#include "support/fake_rest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace virtuoso {
namespace {

using test::FakeRest;

constexpr std::int64_t ns_per_ms = 1'000'000;

struct FakeTopic final : BookSync::Topic {
    void renew() override { ++renewed; }
    void reconnect(const std::string& reason) override {
        ++reconnected;
        last_reason = reason;
    }
    int renewed = 0;
    int reconnected = 0;
    std::string last_reason;
};

/// A book, and what must be true of it as far as a bystander can tell.
class Bench {
  public:
    explicit Bench(bool by_request) : by_request_(by_request) { clock.advance_to({1'000'000'000'000}); }

    void pass_ms(std::int64_t ms) { clock.advance_to({clock.now().ns + ms * ns_per_ms}); }
    void subscribe() {
        subscribed = true;
        book->subscribed();
        note_questions();
    }
    void lose() {
        subscribed = false;
        whole = false;
        ++era;
        book->lost();
    }
    void snapshot() {
        whole = true;
        book->snapshot_came();
    }
    void break_it() {
        whole = false;
        book->broken();
        note_questions();
    }
    void silence() {
        whole = false;
        ++era;
        book->silent(11);
    }
    void check() {
        const int reconnects = topic.reconnected;
        book->check(clock.now());
        note_questions();
        if (topic.reconnected > reconnects) {
            lose();
        }
    }
    /// Any of the open questions is answered: with a snapshot, or not.
    void answer(std::size_t index, bool succeeds) {
        const std::uint64_t asked_in = eras_[index];
        eras_.erase(eras_.begin() + static_cast<std::ptrdiff_t>(index));
        const std::array<MarketEvent, 1> events{MarketEvent{.symbol = "X", .payload = BookSnapshot{}}};
        const Result<RestReply> reply = succeeds ? Result<RestReply>(MarketReply{events, {}})
                                                 : Result<RestReply>(fail(ErrorCode::network, "no answer"));
        const bool wanted = rest.answer(index, reply);
        EXPECT_EQ(wanted, asked_in == era) << "answers of an earlier connection, and only those, are dropped";
        whole = whole || (wanted && succeeds);
    }
    [[nodiscard]] std::size_t in_flight() const {
        std::size_t count = 0;
        for (const std::uint64_t asked_in : eras_) {
            count += asked_in == era ? 1 : 0;
        }
        return count;
    }

    VirtualClock clock;
    FakeRest rest;
    FakeTopic topic;
    BookSync::Totals totals;
    bool subscribed = false;
    bool whole = false;
    std::uint64_t era = 0;

  private:
    void note_questions() { eras_.resize(rest.open.size(), era); }

    bool by_request_;
    std::vector<std::uint64_t> eras_;  ///< in which each open question was asked

  public:
    std::unique_ptr<BookSync> book = std::make_unique<BookSync>(
        BookSync::Needs{clock, rest, topic, totals},
        BookSync::Book{.symbol = "X", .snapshot_target = by_request_ ? "/depth" : ""});
};

void do_anything(Bench& bench, SeededRandom& random, bool by_request) {
    switch (random.below(8)) {
        case 0:
            bench.subscribed ? bench.lose() : bench.subscribe();
            return;
        case 1:
            if (!by_request && bench.subscribed) {
                bench.snapshot();
            }
            return;
        case 2:
            bench.break_it();
            return;
        case 3:
            if (bench.whole) {
                bench.silence();
            }
            return;
        case 4:
            bench.pass_ms(static_cast<std::int64_t>(random.below(4'000)));
            return;
        case 5:
            if (bench.subscribed) {
                bench.check();
            }
            return;
        default:
            if (!bench.rest.open.empty()) {
                bench.answer(random.below(bench.rest.open.size()), random.uniform() < 0.7);
            }
            return;
    }
}

TEST(BookSync, IsWholeExactlyFromASnapshotToWhatSpoilsIt) {
    for (const bool by_request : {false, true}) {
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            Bench bench(by_request);
            SeededRandom random(seed);
            for (int step = 0; step < 300; ++step) {
                do_anything(bench, random, by_request);
                ASSERT_EQ(bench.book->whole(), bench.whole) << by_request << " " << seed << " " << step;
                ASSERT_LE(bench.in_flight(), 1U) << "one request at a time";
                std::vector<std::string> concerns;
                bench.book->add_concerns(concerns);
                ASSERT_EQ(concerns.empty(), bench.whole);
            }
            EXPECT_TRUE(by_request || bench.rest.targets.empty());
        }
    }
}

// Whatever happened before: once the exchange answers again, the book is whole within seconds.
TEST(BookSync, RecoversFromAnyState) {
    for (const bool by_request : {false, true}) {
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            Bench bench(by_request);
            SeededRandom random(seed);
            for (int step = 0; step < 100; ++step) {
                do_anything(bench, random, by_request);
            }
            if (!bench.subscribed) {
                bench.subscribe();
            }
            for (int tenth = 0; tenth < 60 && !bench.whole; ++tenth) {
                const int renewed = bench.topic.renewed;
                bench.pass_ms(100);
                bench.check();
                if (!bench.subscribed) {
                    bench.subscribe();
                }
                while (!bench.rest.open.empty()) {
                    bench.answer(0, true);
                }
                if (!by_request && bench.topic.renewed > renewed) {
                    bench.snapshot();
                }
            }
            EXPECT_TRUE(bench.book->whole()) << by_request << " " << seed;
        }
    }
}

TEST(BookSync, ASnapshotThatNeverComesEndsTheConnection) {
    Bench bench(false);
    bench.subscribe();
    for (int tenth = 0; bench.topic.reconnected == 0 && tenth < 1'000; ++tenth) {
        bench.pass_ms(100);
        bench.check();
    }
    EXPECT_EQ(bench.topic.renewed, BookSync::attempts_max);
    EXPECT_EQ(bench.totals.resyncs, static_cast<std::uint64_t>(BookSync::attempts_max));
    EXPECT_EQ(bench.topic.last_reason, "no snapshot of X after 4 requests");
    bench.subscribe();
    bench.pass_ms(BookSync::answer_ms + 1);
    bench.check();
    EXPECT_EQ(bench.topic.reconnected, 1) << "a new connection has its own attempts";
}

TEST(BookSync, ABookThatBreaksAtOnceDoesNotUseUpTheLimits) {
    Bench bench(true);
    bench.subscribe();
    constexpr int seconds = 60;
    for (int tenth = 0; tenth < seconds * 10; ++tenth) {
        for (int answers = 0; answers < 5 && !bench.rest.open.empty(); ++answers) {
            bench.answer(0, true);
            bench.break_it();
        }
        bench.pass_ms(100);
        if (bench.subscribed) {
            bench.check();
        } else {
            bench.subscribe();
        }
    }
    EXPECT_LE(bench.rest.targets.size(), static_cast<std::size_t>(seconds));
    EXPECT_GE(bench.rest.targets.size(), static_cast<std::size_t>(seconds / 4)) << "yet it is asked for";
}

TEST(BookSync, ASubscriptionThatIsAcceptedTwiceAsksOnce) {
    Bench bench(true);
    bench.subscribe();
    bench.subscribe();
    EXPECT_EQ(bench.rest.targets.size(), 1U);
}

TEST(BookSync, AnAnswerWithoutASnapshotIsNone) {
    Bench bench(true);
    bench.subscribe();
    EXPECT_TRUE(bench.rest.answer(0, MarketReply{}));
    EXPECT_FALSE(bench.book->whole());
    bench.pass_ms(BookSync::answer_ms + 1);
    bench.book->check(bench.clock.now());
    EXPECT_EQ(bench.rest.open.size(), 1U) << "it is asked for again";
}

TEST(BookSync, AnAnswerAfterItsEndIsDropped) {
    Bench bench(true);
    bench.subscribe();
    bench.book.reset();
    ASSERT_EQ(bench.rest.open.size(), 1U);
    EXPECT_FALSE(bench.rest.answer(0, MarketReply{}));
}

}  // namespace
}  // namespace virtuoso
