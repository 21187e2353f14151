// Trouble of the feed, of a shard and of a symbol: told once when it begins and once when it is over.
#include "service/trouble_watch.hpp"

#include "service/event_cooldown.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t second = 1'000'000'000;

class Trouble : public testing::Test {
  protected:
    /// A second passes, and every shard tells of itself.
    void tell(std::size_t whole, std::uint64_t disconnects = 0, std::uint32_t life = 0) {
        now_.ns += second;
        ShardStatus status;
        status.life = life;
        status.at = now_;
        status.started = true;
        status.symbols = 100;
        status.whole = whole;
        status.feed.disconnects = disconnects;
        watch_.on_status(status, "the peer is gone", sink_);
    }
    /// Five seconds pass, and the newest results are looked at.
    void look(const std::vector<std::pair<std::string, std::vector<std::string>>>& concerns,
              bool given_up = false) {
        now_.ns += 5 * second;
        std::vector<ResultPointer> results;
        for (const auto& [symbol, why] : concerns) {
            SymbolResult result;
            result.symbol = symbol;
            result.concerns = why;
            result.history_given_up = given_up;
            results.push_back(std::make_shared<const SymbolResult>(std::move(result)));
        }
        watch_.look(results, now_, ExchangeTime{now_.ns / 1'000'000}, sink_);
    }
    /// Since the last call: "feed_trouble begin", of a symbol with its name.
    std::vector<std::string> told() {
        std::vector<std::string> texts;
        for (const auto& event : events_) {
            texts.push_back(fmt::format("{} {}{}{}", name_of(event.kind), name_of(event.phase),
                                        event.symbol.empty() ? "" : " ", event.symbol));
        }
        events_.clear();
        return texts;
    }
    using Texts = std::vector<std::string>;

    std::vector<NotableEvent> events_;
    EventSink sink_ = [this](NotableEvent event) { events_.push_back(std::move(event)); };
    TroubleWatch watch_{{.symbol_s = 60}};
    LocalTime now_{1'000 * second};
};

TEST_F(Trouble, ALostConnectionIsToldAtOnceAndSoIsItsEnd) {
    tell(0);
    tell(97);
    EXPECT_EQ(told(), Texts{}) << "a beginning is no trouble";
    tell(97, 1);
    ASSERT_EQ(events_.size(), 1U);
    EXPECT_EQ(events_.front().severity, EventSeverity::critical);
    EXPECT_NE(events_.front().sentence.find("the peer is gone"), std::string::npos);
    EXPECT_EQ(told(), Texts{"feed_trouble begin"});
    tell(80, 1);
    tell(90, 2);
    tell(96, 2);
    EXPECT_EQ(told(), Texts{}) << "not as many as before are whole yet";
    tell(97, 2);
    EXPECT_EQ(told(), Texts{"feed_trouble end"});
    tell(97, 2);
    EXPECT_EQ(told(), Texts{});
}

TEST_F(Trouble, ConnectionsThatAreLostAgainAndAgainAreOneTrouble) {
    tell(100);
    for (std::uint64_t lost = 1; lost <= 50; ++lost) {
        tell(lost % 7, lost);
    }
    EXPECT_EQ(told(), Texts{"feed_trouble begin"});
    for (int i = 0; i < 70; ++i) {
        tell(95, 50);
    }
    EXPECT_EQ(told(), Texts{"feed_trouble end"}) << "a few that stay broken do not keep it open for ever";
}

TEST_F(Trouble, AFeedThatFallsSilentWithoutLosingAConnectionIsTrouble) {
    tell(20);
    tell(45);
    EXPECT_EQ(told(), Texts{}) << "histories are being read for the first time";
    tell(92);
    tell(60);
    EXPECT_EQ(told(), Texts{});
    tell(49);
    EXPECT_EQ(told(), Texts{"feed_trouble begin"});
    tell(100);
    tell(100);
    tell(100);
    EXPECT_EQ(told(), Texts{"feed_trouble end"});
}

TEST_F(Trouble, AShardThatWasMadeAnewIsToldWhenItIsWhole) {
    tell(100, 3);
    watch_.on_shard_trouble(0, now_);
    tell(0, 0, 1);
    tell(89, 0, 1);
    EXPECT_EQ(told(), Texts{}) << "neither its own end nor trouble of the feed";
    tell(90, 0, 1);
    EXPECT_EQ(told(), Texts{"shard_trouble end"});
    tell(100, 0, 1);
    EXPECT_EQ(told(), Texts{});
}

TEST_F(Trouble, ASymbolIsToldOnceItIsNotWholeForLong) {
    for (int i = 0; i < 12; ++i) {
        look({{"AUSDT", {"no book"}}, {"BUSDT", {}}});
    }
    EXPECT_EQ(told(), Texts{});
    look({{"AUSDT", {"no book"}}, {"BUSDT", {}}});
    ASSERT_EQ(events_.size(), 1U);
    EXPECT_EQ(events_.front().severity, EventSeverity::warning);
    EXPECT_NE(events_.front().sentence.find("no book"), std::string::npos);
    EXPECT_EQ(told(), Texts{"feed_trouble begin AUSDT"});
    look({{"AUSDT", {"no book"}}, {"BUSDT", {}}});
    EXPECT_EQ(told(), Texts{});
    look({{"AUSDT", {}}, {"BUSDT", {}}});
    EXPECT_EQ(told(), Texts{"feed_trouble end AUSDT"});
    for (int i = 0; i < 40; ++i) {
        look({{"AUSDT", i % 2 == 0 ? Texts{"no book"} : Texts{}}});
    }
    EXPECT_EQ(told(), Texts{}) << "short breaks are none";
}

TEST_F(Trouble, WhatTheWholeFeedHasOrMemoryCostIsNoTroubleOfASymbol) {
    tell(100);
    tell(0, 1);
    static_cast<void>(told());
    for (int i = 0; i < 40; ++i) {
        look({{"AUSDT", {"no book"}}});
    }
    EXPECT_EQ(told(), Texts{}) << "the feed as a whole was told";
    tell(100, 1);
    static_cast<void>(told());
    look({{"AUSDT", {"no book"}}});
    EXPECT_EQ(told(), Texts{"feed_trouble begin AUSDT"}) << "it has outlasted it";
    look({});
    EXPECT_EQ(told(), Texts{}) << "nobody follows it any more";
    for (int i = 0; i < 40; ++i) {
        look({{"BUSDT", {"history given up"}}}, true);
    }
    EXPECT_EQ(told(), Texts{});
    for (int i = 0; i < 13; ++i) {
        look({{"BUSDT", {"no book", "history given up"}}}, true);
    }
    EXPECT_EQ(told(), Texts{"feed_trouble begin BUSDT"});
}

TEST_F(Trouble, ManyBrokenSymbolsAreNotAFlood) {
    std::vector<std::pair<std::string, Texts>> all;
    for (int i = 0; i < 500; ++i) {
        all.emplace_back(fmt::format("S{}USDT", i), Texts{"no book"});
    }
    for (int i = 0; i < 30; ++i) {
        events_.clear();
        look(all);
        EXPECT_LE(events_.size(), 5U);
    }
    EXPECT_EQ(events_.size(), 5U);
}

// An end passes the cooldown where its beginning did.
TEST_F(Trouble, BeginningAndEndAreOneToTheCooldown) {
    EventCooldown cooldown{EventSettings{}};
    std::size_t admitted = 0;
    for (std::uint64_t round = 1; round <= 20; ++round) {
        tell(100, round - 1);
        tell(10, round);
        for (int i = 0; i < 4; ++i) {
            tell(100, round);
        }
    }
    EXPECT_EQ(events_.size(), 40U);
    for (const auto& event : events_) {
        admitted += cooldown.admits(event) ? 1U : 0U;
    }
    EXPECT_EQ(admitted, 2U) << "two minutes of it are within one cooldown";
}

}  // namespace
}  // namespace virtuoso
