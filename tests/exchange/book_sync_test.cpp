// One book against any order of snapshots, losses, breaks and answers.
#include "exchange/book_sync.hpp"

#include "base/seeded_random.hpp"
#include "market/order_book.hpp"
#include "support/fake_rest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>

namespace virtuoso {
namespace {

using test::FakeRest;

constexpr std::int64_t ns_per_ms = 1'000'000;

struct FakeTopic final : BookSync::Topic {
    void renew() override { ++renewed; }
    int renewed = 0;
};

/// A book, and what must be true of it as far as a bystander can tell.
class Bench {
  public:
    explicit Bench(bool by_request, std::uint64_t seed = 1) : by_request_(by_request), seed_(seed) {
        clock.advance_to({1'000'000'000'000});
    }

    void pass_ms(std::int64_t ms) { clock.advance_to({clock.now().ns + ms * ns_per_ms}); }
    void subscribe() {
        subscribed = true;
        book->subscribed();
        note_questions();
    }
    void lose() {
        subscribed = false;
        whole = heard = false;
        ++era;
        book->lost();
    }
    void snapshot() {
        whole = true;
        book->snapshot_came();
    }
    void update() {
        heard = true;
        book->update_came();
    }
    void break_it() {
        whole = false;
        book->broken("an update is missing");
        note_questions();
    }
    void make_thin() {
        book->thin();
        note_questions();
    }
    void silence() {
        whole = heard = false;
        ++era;
        book->silent(11);
    }
    void check() {
        book->check(clock.now());
        note_questions();
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
    bool whole = false;  ///< it has its snapshot
    bool heard = false;  ///< and an update came on this subscription
    std::uint64_t era = 0;

  private:
    void note_questions() { eras_.resize(rest.open.size(), era); }

    bool by_request_;
    std::uint64_t seed_;
    std::vector<std::uint64_t> eras_;  ///< in which each open question was asked

  public:
    std::unique_ptr<BookSync> book = std::make_unique<BookSync>(
        BookSync::Needs{clock, rest, topic, totals},
        BookSync::Book{.symbol = "X", .snapshot_target = by_request_ ? "/depth" : "", .seed = seed_});
};

void do_anything(Bench& bench, SeededRandom& random, bool by_request) {
    switch (random.below(10)) {
        case 9:
            bench.make_thin();
            return;
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
        case 6:
            if (bench.subscribed) {
                bench.update();
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
                const bool whole = bench.whole && (bench.heard || !by_request);
                ASSERT_EQ(bench.book->has_snapshot(), bench.whole)
                    << by_request << " " << seed << " " << step;
                ASSERT_EQ(bench.book->whole(), whole) << by_request << " " << seed << " " << step;
                ASSERT_LE(bench.in_flight(), 1U) << "one request at a time";
                std::vector<std::string> concerns;
                bench.book->add_concerns(concerns);
                ASSERT_EQ(concerns.empty(), whole);
            }
            EXPECT_TRUE(by_request || bench.rest.targets.empty());
        }
    }
}

// Whatever happened before: once the exchange answers again, the book is whole after the longest pause.
TEST(BookSync, RecoversFromAnyState) {
    for (const bool by_request : {false, true}) {
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            Bench bench(by_request, seed);
            SeededRandom random(seed);
            for (int step = 0; step < 100; ++step) {
                do_anything(bench, random, by_request);
            }
            if (!bench.subscribed) {
                bench.subscribe();
            }
            for (std::int64_t ms = 0; ms < BookSync::pauses.max_ms + 1'000 && !bench.whole; ms += 100) {
                const int renewed = bench.topic.renewed;
                bench.pass_ms(100);
                bench.check();
                while (!bench.rest.open.empty()) {
                    bench.answer(0, true);
                }
                if (!by_request && bench.topic.renewed > renewed) {
                    bench.snapshot();
                }
            }
            bench.update();
            EXPECT_TRUE(bench.book->whole()) << by_request << " " << seed;
        }
    }
}

/// Requests a book may cause in so long, whatever goes wrong.
double requests_max(std::int64_t ms) {
    const auto& pauses = BookSync::pauses;
    const auto in = [ms](std::int64_t part_ms) {
        return static_cast<double>(ms) / static_cast<double>(part_ms);
    };
    return 3 + std::log2(static_cast<double>(pauses.max_ms / pauses.first_ms)) + in(pauses.calm_ms) +
           2 * in(pauses.max_ms);
}

// It breaks at each snapshot, or after a while, or gets none: whatever the pattern, what it asks for is
// bounded, and it is asked for all the same.
TEST(BookSync, RequestsAreBoundedForAnyPatternOfBreakage) {
    for (const bool by_request : {false, true}) {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            Bench bench(by_request, seed);
            SeededRandom random(seed);
            bench.subscribe();
            const std::int64_t whole_ms_max =
                seed % 4 == 0 ? 0 : 1 + 40'000 * static_cast<std::int64_t>(seed % 4);
            const double comes = seed % 3 == 0 ? 0.5 : 1;
            std::int64_t breaks_at = 0;
            const auto made = [&] {
                return bench.rest.targets.size() + static_cast<std::size_t>(bench.topic.renewed);
            };
            constexpr std::int64_t span_ms = ms_per_hour;
            for (std::int64_t ms = 0; ms < span_ms; ms += 20) {
                const std::size_t before = made();
                if (bench.whole && ms >= breaks_at) {
                    bench.break_it();
                }
                bench.check();
                while (!bench.rest.open.empty()) {
                    bench.answer(0, random.uniform() < comes);
                }
                if (!by_request && made() > before && random.uniform() < comes) {
                    bench.snapshot();
                }
                if (made() > before) {
                    breaks_at = ms + static_cast<std::int64_t>(
                                         random.below(static_cast<std::uint64_t>(whole_ms_max + 1)));
                }
                bench.pass_ms(20);
                ASSERT_LE(static_cast<double>(made()), requests_max(ms))
                    << by_request << " " << seed << " " << ms;
            }
            EXPECT_GE(made(), static_cast<std::size_t>(span_ms / BookSync::pauses.max_ms) - 1);
        }
    }
}

TEST(BookSync, ASnapshotThatNeverComesOverTheStreamCastsDoubtOnTheConnection) {
    Bench bench(false);
    bench.subscribe();
    EXPECT_FALSE(bench.book->failing());
    for (int tenth = 0; !bench.book->failing() && tenth < 1'000; ++tenth) {
        bench.pass_ms(100);
        bench.check();
    }
    EXPECT_EQ(bench.topic.renewed, BookSync::attempts_max);
    EXPECT_EQ(bench.totals.resyncs, static_cast<std::uint64_t>(BookSync::attempts_max));
    std::vector<std::string> concerns;
    bench.book->add_concerns(concerns);
    EXPECT_EQ(concerns, (std::vector<std::string>{"book: the snapshot did not come, asked 4 times"}));
    bench.lose();
    EXPECT_FALSE(bench.book->failing()) << "a new connection has its own attempts";
}

TEST(BookSync, ASnapshotThatRestRefusesIsNotTheConnectionsFault) {
    Bench bench(true);
    bench.subscribe();
    for (int second = 0; second < 600; ++second) {
        while (!bench.rest.open.empty()) {
            bench.answer(0, false);
        }
        bench.pass_ms(1'000);
        bench.check();
        ASSERT_FALSE(bench.book->failing());
    }
}

TEST(BookSync, ASnapshotOverRestWithoutAStreamIsNotWhole) {
    Bench bench(true);
    bench.subscribe();
    bench.answer(0, true);
    EXPECT_TRUE(bench.book->has_snapshot());
    EXPECT_FALSE(bench.book->whole());
    bench.update();
    EXPECT_TRUE(bench.book->whole());
}

TEST(BookSync, SaysWhyItBroke) {
    Bench bench(false);
    bench.subscribe();
    bench.snapshot();
    bench.book->broken(std::string(words_of(BookFault::crossed)));
    std::vector<std::string> reasons;
    bench.book->add_concerns(reasons);
    ASSERT_EQ(reasons.size(), 1U);
    EXPECT_NE(reasons.front().find("its best bid reached its best ask"), std::string::npos)
        << reasons.front();
}

TEST(BookSync, AThinBookIsRenewedWhileItStaysWhole) {
    Bench bench(true);
    bench.subscribe();
    bench.answer(0, true);
    bench.update();
    bench.make_thin();
    EXPECT_TRUE(bench.rest.open.empty()) << "not at once after a snapshot";
    bench.pass_ms(BookSync::renewal_ms);
    bench.check();
    ASSERT_EQ(bench.rest.open.size(), 1U);
    EXPECT_TRUE(bench.book->whole());
    bench.make_thin();
    bench.check();
    EXPECT_EQ(bench.rest.open.size(), 1U) << "one request at a time";
    bench.answer(0, false);
    EXPECT_TRUE(bench.book->whole());
    bench.pass_ms(2 * BookSync::answer_ms);
    bench.check();
    ASSERT_EQ(bench.rest.open.size(), 1U) << "asked for until it comes";
    bench.answer(0, true);
    EXPECT_TRUE(bench.book->whole());
    bench.pass_ms(ms_per_hour);
    bench.check();
    EXPECT_TRUE(bench.rest.open.empty());
    EXPECT_EQ(bench.totals.renewals, 2U);
    EXPECT_EQ(bench.totals.resyncs, 0U);
}

TEST(BookSync, ABookThatBeginsInItsStreamIsNotRenewed) {
    Bench bench(false);
    bench.subscribe();
    bench.snapshot();
    bench.make_thin();
    bench.pass_ms(ms_per_hour);
    bench.check();
    EXPECT_EQ(bench.topic.renewed, 0);
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
