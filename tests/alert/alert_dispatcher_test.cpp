// What is told at once, what together, what not yet and what not at all: nothing is lost uncounted.
#include "alert/alert_dispatcher.hpp"

#include "alert/alert_setup.hpp"
#include "support/alert_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace virtuoso {
namespace {

using test::at;
using test::at_s;
using test::long_signal;

AlertDispatcher dispatcher(const std::vector<std::string>& rules,
                           const std::vector<std::string>& sinks = {"team: console per_minute=3"}) {
    auto setup = AlertSetup::parse(sinks, rules);
    EXPECT_TRUE(setup.has_value()) << (setup ? "" : setup.error().text());
    return {setup->rules, setup->sinks};
}

std::uint64_t told_in(const std::vector<AlertMessage>& messages) {
    std::uint64_t total = 0;
    for (const auto& message : messages) {
        total += message.total;
    }
    return total;
}

TEST(AlertDispatcher, TellsAtOnceWhatMatches) {
    auto desk = dispatcher({"r: kind=signal side=long"});
    const auto messages = desk.take(long_signal(), at_s(100));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].sink, "team");
    EXPECT_EQ(messages[0].rule, "r");
    EXPECT_EQ(title_of(messages[0]), "info: signal BTCUSDT");
    Occurrence other = long_signal();
    other.kind = "listed";
    EXPECT_TRUE(desk.take(other, at_s(100)).empty());
    EXPECT_EQ(desk.counts().unmatched, 1U);
    EXPECT_EQ(desk.counts().at_once, 1U);
}

TEST(AlertDispatcher, KeysAreTheSameForTheSameAndOnlyForIt) {
    auto first = dispatcher({"r: kind=signal"});
    auto second = dispatcher({"r: kind=signal"});
    const std::string key = first.take(long_signal(), at_s(100))[0].key;
    EXPECT_EQ(key, second.take(long_signal(), at_s(500))[0].key);
    EXPECT_NE(key, second.take(long_signal("ETHUSDT"), at_s(500))[0].key);
    EXPECT_NE(key, second.take(long_signal("BTCUSDT", 1), at_s(500))[0].key);
    auto third = dispatcher({"other: kind=signal"});
    EXPECT_NE(key, third.take(long_signal(), at_s(100))[0].key);
}

// So that a report that is made again after a restart is the same message, and one of a week passes one of a
// day.
TEST(AlertDispatcher, ReportsAreToldAloneAndAtOnceWhateverTheRuleGathers) {
    for (const std::string gathers :
         {"cooldown=1h", "digest=1h", "quiet=00:00-23:59", "cooldown=1h digest=10m quiet=00:00-23:59"}) {
        auto desk = dispatcher({"r: " + gathers}, {"team: console per_minute=1"});
        static_cast<void>(desk.take(long_signal(), at_s(0)));
        Occurrence report = long_signal("");
        report.kind = "report";
        std::set<std::string> keys;
        for (const int days : {1, 7}) {
            report.sentence = fmt::format("Of {} days", days);
            const auto messages = desk.take(report, at_s(1));
            ASSERT_EQ(messages.size(), 1U) << gathers;
            EXPECT_EQ(messages[0].total, 1U);
            EXPECT_EQ(messages[0].held_back, 0U);
            keys.insert(messages[0].key);
        }
        EXPECT_EQ(keys.size(), 2U);
    }
}

TEST(AlertDispatcher, CooldownHoldsBackAndCounts) {
    auto desk = dispatcher({"r: cooldown=5m"});
    EXPECT_EQ(desk.take(long_signal(), at_s(0)).size(), 1U);
    EXPECT_EQ(desk.take(long_signal(), at_s(299)).size(), 0U);
    EXPECT_EQ(desk.take(long_signal("ETHUSDT"), at_s(299)).size(), 1U);
    Occurrence other = long_signal();
    other.words.front().value = "short";
    EXPECT_EQ(desk.take(other, at_s(299)).size(), 1U) << "another side has a cooldown of its own";
    const auto again = desk.take(long_signal("BTCUSDT", 5), at_s(300));
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].held_back, 1U);
    EXPECT_NE(text_of(again[0]).find("1 other before was held back"), std::string::npos);
    EXPECT_EQ(desk.counts().by_cooldown, 1U);
}

TEST(AlertDispatcher, WhatGetsMoreSeverePassesTheCooldown) {
    auto desk = dispatcher({"r: cooldown=5m"});
    const auto told = [&](AlertSeverity severity, std::int64_t second) {
        Occurrence occurrence = long_signal();
        occurrence.severity = severity;
        return desk.take(occurrence, at_s(second));
    };
    EXPECT_EQ(told(AlertSeverity::info, 0).size(), 1U);
    EXPECT_EQ(told(AlertSeverity::info, 10).size(), 0U);
    const auto worse = told(AlertSeverity::critical, 20);
    ASSERT_EQ(worse.size(), 1U);
    EXPECT_EQ(worse[0].held_back, 1U);
    EXPECT_EQ(told(AlertSeverity::critical, 30).size(), 0U) << "as severe as what was told";
    EXPECT_EQ(told(AlertSeverity::warning, 319).size(), 0U) << "the cooldown began anew";
    EXPECT_EQ(told(AlertSeverity::warning, 320).size(), 1U);
    EXPECT_EQ(told(AlertSeverity::critical, 321).size(), 1U) << "than what was told last";
}

TEST(AlertDispatcher, WindowsMakeDigests) {
    auto desk = dispatcher({"r: digest=1m"});
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(desk.take(long_signal(fmt::format("S{}", i)), at_s(i * 10)).empty());
    }
    EXPECT_TRUE(desk.due(at_s(59)).empty());
    EXPECT_EQ(desk.counts().waiting, 5U);
    const auto messages = desk.due(at_s(60));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].total, 5U);
    EXPECT_EQ(messages[0].cause, DigestCause::window);
    EXPECT_EQ(lines_of(messages[0]).size(), 5U);
    EXPECT_EQ(desk.counts().waiting, 0U);
}

TEST(AlertDispatcher, FloodsBecomeADigest) {
    auto desk = dispatcher({"r:"});
    std::vector<AlertMessage> messages;
    const auto keep = [&](std::vector<AlertMessage> more) {
        for (auto& message : more) {
            messages.push_back(std::move(message));
        }
    };
    for (int i = 0; i < 200; ++i) {
        keep(desk.take(long_signal(fmt::format("S{}", i)), at_s(100 + i / 10)));
    }
    EXPECT_EQ(messages.size(), 3U);
    keep(desk.due(at_s(159)));
    EXPECT_EQ(messages.size(), 3U);
    keep(desk.due(at_s(160)));
    ASSERT_EQ(messages.size(), 4U);
    EXPECT_EQ(messages[3].cause, DigestCause::flood);
    EXPECT_EQ(messages[3].total, 197U);
    EXPECT_EQ(messages[3].occurrences.size(), AlertDispatcher::shown_max);
    EXPECT_NE(text_of(messages[3]).find("And 147 more."), std::string::npos);
    EXPECT_EQ(told_in(messages), 200U) << "all are told or counted";
    EXPECT_EQ(desk.counts().floods, 197U);
}

TEST(AlertDispatcher, QuietHoursHoldBackUntilTheyEnd) {
    auto desk = dispatcher({"r: quiet=22:00-07:00@Europe/Berlin wake=critical"});
    EXPECT_TRUE(desk.take(long_signal("A"), at("2024-03-30T21:30:00Z")).empty());
    EXPECT_TRUE(desk.take(long_signal("B"), at("2024-03-31T00:30:00Z")).empty());
    Occurrence grave = long_signal("C");
    grave.severity = AlertSeverity::critical;
    EXPECT_EQ(desk.take(grave, at("2024-03-31T00:31:00Z")).size(), 1U);
    EXPECT_TRUE(desk.due(at("2024-03-31T04:59:59Z")).empty());
    const auto morning = desk.due(at("2024-03-31T05:00:00Z"));
    ASSERT_EQ(morning.size(), 1U);
    EXPECT_EQ(morning[0].cause, DigestCause::quiet_hours);
    EXPECT_EQ(morning[0].total, 2U);
    EXPECT_EQ(desk.counts().quiet_hours, 2U);
}

TEST(AlertDispatcher, ADigestThatIsDueInQuietHoursWaitsForTheirEnd) {
    auto desk = dispatcher({"r: digest=1h quiet=22:00-07:00"});
    EXPECT_TRUE(desk.take(long_signal(), at("2024-06-02T21:30:00Z")).empty());
    EXPECT_TRUE(desk.due(at("2024-06-02T22:30:00Z")).empty());
    EXPECT_EQ(desk.due(at("2024-06-03T07:00:00Z")).size(), 1U);
}

TEST(AlertDispatcher, SinksTakeWhatTheyAreFor) {
    auto desk =
        dispatcher({"r: to=a,b"}, {"a: console severity=warning", "b: console kind=signal", "c: console"});
    const auto messages = desk.take(long_signal(), at_s(1));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].sink, "b");
    EXPECT_EQ(desk.counts().by_sink, 1U);
}

TEST(AlertDispatcher, FlushTellsWhatWaits) {
    auto desk = dispatcher({"r: digest=1h"});
    EXPECT_TRUE(desk.take(long_signal(), at_s(1)).empty());
    EXPECT_EQ(desk.flush(at_s(2)).size(), 1U);
    EXPECT_TRUE(desk.flush(at_s(3)).empty());
}

TEST(AlertDispatcher, CooldownsAreBounded) {
    auto desk = dispatcher({"r: cooldown=24h"}, {"team: console per_minute=600"});
    for (std::size_t i = 0; i < AlertDispatcher::cooldowns_max + 10; ++i) {
        static_cast<void>(desk.take(long_signal(fmt::format("S{}", i)), at_s(static_cast<std::int64_t>(i))));
    }
    EXPECT_EQ(desk.counts().by_cooldown, 0U);
    EXPECT_TRUE(desk.take(long_signal(fmt::format("S{}", AlertDispatcher::cooldowns_max)),
                          at_s(static_cast<std::int64_t>(AlertDispatcher::cooldowns_max) + 20))
                    .empty())
        << "a young cooldown is remembered";
    EXPECT_EQ(desk.counts().by_cooldown, 1U);
}

}  // namespace
}  // namespace virtuoso
