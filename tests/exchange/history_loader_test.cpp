// Histories in any order of answers, with failures at any page.
#include "exchange/history_loader.hpp"

#include "base/seeded_random.hpp"
#include "exchange/exchange_dialect.hpp"
#include "support/fake_rest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

namespace virtuoso {
namespace {

using test::FakeRest;

/// What a history must have asked for, told by its own record of answers.
struct Expected {
    int pages_left = 1;
    int page = 0;
    bool over = false;
};

class Histories {
  public:
    explicit Histories(std::uint64_t seed) : random_(seed) {
        std::vector<HistoryRequest> requests;
        const auto count = 1 + random_.below(12);
        for (std::uint64_t i = 0; i < count; ++i) {
            const HistoryRequest request{fmt::format("/history?kind={}", i),
                                         1 + static_cast<int>(random_.below(4))};
            expected_[request.target] = {.pages_left = request.pages};
            requests.push_back(request);
        }
        loader->load(requests);
    }

    /// One answer to any of the open questions.
    void answer_one() {
        const std::size_t index = random_.below(rest.open.size());
        const std::string target = rest.open[index].target;
        const auto cut = target.find("&cursor=");
        Expected& history = expected_.at(target.substr(0, cut));
        EXPECT_FALSE(history.over) << target << " is over and was asked again";
        EXPECT_EQ(cut == std::string::npos ? "" : target.substr(cut + 8),
                  history.page == 0 ? "" : fmt::format("p{}", history.page));
        ++history.page;
        --history.pages_left;
        if (random_.uniform() < 0.2) {
            history.over = true;
            ++failed;
            rest.answer(index, fail(ErrorCode::network, "gone"));
            return;
        }
        const std::string cursor = random_.uniform() < 0.3 ? "" : fmt::format("p{}", history.page);
        history.over = history.pages_left == 0 || cursor.empty();
        rest.answer(index, MarketReply{{}, cursor});
    }
    [[nodiscard]] int waiting() const {
        int count = 0;
        for (const auto& [target, history] : expected_) {
            count += history.over ? 0 : 1;
        }
        return count;
    }

    FakeRest rest;
    std::unique_ptr<HistoryLoader> loader = std::make_unique<HistoryLoader>(rest, 7);
    std::size_t failed = 0;

  private:
    SeededRandom random_;
    std::map<std::string, Expected> expected_;
};

TEST(HistoryLoader, EveryHistoryIsReadToItsEndOnceInAnyOrder) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Histories histories(seed);
        while (!histories.rest.open.empty()) {
            ASSERT_EQ(histories.loader->waiting(), histories.waiting()) << seed;
            ASSERT_EQ(static_cast<int>(histories.rest.open.size()), histories.waiting()) << seed;
            EXPECT_EQ(histories.rest.open.front().rank, 7U);
            histories.answer_one();
        }
        EXPECT_EQ(histories.waiting(), 0) << seed;
        EXPECT_EQ(histories.loader->waiting(), 0) << seed;
        EXPECT_EQ(histories.loader->failed(), histories.failed) << seed;
        std::vector<std::string> concerns;
        histories.loader->add_concerns(concerns);
        EXPECT_EQ(concerns.size(), histories.failed > 0 ? 1U : 0U) << seed;
    }
}

TEST(HistoryLoader, AnswersAfterItsEndAskNothingMore) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Histories histories(seed);
        for (std::uint64_t i = 0; i < seed % 5 && !histories.rest.open.empty(); ++i) {
            histories.answer_one();
        }
        histories.loader.reset();
        const std::size_t asked = histories.rest.targets.size();
        while (!histories.rest.open.empty()) {
            histories.rest.answer(0, MarketReply{{}, "more"});
        }
        EXPECT_EQ(histories.rest.targets.size(), asked) << seed;
    }
}

// A contract that is dropped and comes back has a loader of its own: what its predecessor asked for is not
// counted there.
TEST(HistoryLoader, ASuccessorCountsItsOwnAnswersOnly) {
    FakeRest rest;
    auto before = std::make_unique<HistoryLoader>(rest, 0);
    before->load({{"/a"}, {"/b"}});
    before.reset();
    HistoryLoader after(rest, 0);
    after.load({{"/a"}, {"/b"}});
    rest.answer(0, MarketReply{});
    rest.answer(0, fail(ErrorCode::network, "gone"));
    EXPECT_EQ(after.waiting(), 2);
    EXPECT_EQ(after.failed(), 0U);
    rest.answer(0, MarketReply{});
    rest.answer(0, MarketReply{});
    EXPECT_EQ(after.waiting(), 0);
}

// What could not be had is asked for again, ever more seldom, until it comes; nothing else is.
TEST(HistoryLoader, WhatFailedIsAskedForAgain) {
    FakeRest rest;
    HistoryLoader loader(rest, 0);
    loader.load({{"/a"}, {"/b"}});
    rest.answer(1, MarketReply{});
    for (std::int64_t second = 0; second < 24 * 3'600; ++second) {
        while (!rest.open.empty()) {
            rest.answer(0, fail(ErrorCode::network, "gone"));
        }
        loader.check({(1'000'000 + second) * 1'000'000'000});
    }
    EXPECT_GE(rest.targets.size(), 2U + 140U);
    EXPECT_LE(rest.targets.size(), 2U + 300U);
    EXPECT_EQ(std::ranges::count(rest.targets, "/b"), 1);
    if (rest.open.empty()) {
        loader.check({2'000'000'000'000'000'000});
    }
    rest.answer(0, MarketReply{});
    EXPECT_EQ(loader.failed(), 0U);
    std::vector<std::string> concerns;
    loader.add_concerns(concerns);
    EXPECT_TRUE(concerns.empty());
}

// What no longer holds is read again once nothing of it is on its way, however often it is said.
TEST(HistoryLoader, WhatHoldsNoMoreIsReadAgainAndNotForEver) {
    FakeRest rest;
    HistoryLoader loader(rest, 0);
    const std::vector<HistoryRequest> requests{{"/a", 1}, {"/b", 1}};
    const auto answer_all = [&] {
        while (!rest.open.empty()) {
            rest.answer(0, MarketReply{{}, ""});
        }
    };
    LocalTime now{1};
    loader.load(requests);
    loader.reload(requests);
    loader.check(now);
    EXPECT_EQ(rest.open.size(), 2U) << "not while the first are on their way";
    std::vector<std::string> reasons;
    loader.add_concerns(reasons);
    EXPECT_EQ(reasons.size(), 2U);
    answer_all();
    loader.check(now);
    EXPECT_EQ(rest.open.size(), 2U);
    answer_all();
    std::size_t asked = 0;
    for (int second = 0; second < 3'600; ++second) {
        now.ns += 1'000'000'000;
        loader.reload(requests);
        loader.check(now);
        asked += rest.open.size();
        answer_all();
    }
    EXPECT_GE(asked, 4U);
    EXPECT_LE(asked, 24U) << "pauses that grow";
}

}  // namespace
}  // namespace virtuoso
