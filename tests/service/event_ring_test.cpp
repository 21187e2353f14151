// Events are one type, kept within bounds, and told once in their cooldown.
#include "service/event_ring.hpp"

#include "base/seeded_random.hpp"
#include "base/unicode.hpp"
#include "service/event_cooldown.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

constexpr ExchangeTime start{1'795'567'266'970};

NotableEvent event_of(EventKind kind, std::string symbol, ExchangeTime time,
                      EventPhase phase = EventPhase::moment) {
    NotableEvent event;
    event.kind = kind;
    event.symbol = std::move(symbol);
    event.time = time;
    event.phase = phase;
    return event;
}

EventKind any_kind(SeededRandom& random) {
    return all_event_kinds()[random.below(event_kinds)];
}

TEST(NotableEvent, NamesAreOneToOne) {
    std::set<std::string_view> names;
    for (const EventKind kind : all_event_kinds()) {
        EXPECT_EQ(event_kind_from(name_of(kind)), kind);
        names.insert(name_of(kind));
    }
    EXPECT_EQ(names.size(), event_kinds);
    for (const auto severity : {EventSeverity::info, EventSeverity::warning, EventSeverity::critical}) {
        EXPECT_EQ(event_severity_from(name_of(severity)), severity);
    }
    EXPECT_EQ(event_kind_from("whale"), std::nullopt);
    EXPECT_EQ(event_severity_from(""), std::nullopt);
}

TEST(NotableEvent, TextFromOutsideIsOneShortLineThatCanBeShown) {
    std::vector<std::string> hostile{"a\nb\x1b[31m", "\xff\xfe", "abc\u202Edef"};
    for (const std::size_t length : {398U, 399U, 400U, 401U, 5'000U}) {
        hostile.emplace_back(length, 'x');
        std::string& wide = hostile.emplace_back(length % 2, 'x');
        while (wide.size() < length) {
            wide.append("ü");
        }
    }
    for (const auto& text : hostile) {
        for (const auto& event :
             {feed_trouble_event("BTCUSDT", start, text), keeper_trouble_event(start, text),
              shard_trouble_event(1, start, text, 3)}) {
            EXPECT_LE(event.sentence.size(), NotableEvent::sentence_max);
            EXPECT_TRUE(is_valid_utf8(event.sentence));
            EXPECT_EQ(printable(event.sentence), event.sentence);
        }
    }
    EXPECT_EQ(feed_trouble_event("", start, "no answer").sentence, "The feed is not whole: no answer");
    EXPECT_EQ(feed_recovered_event("XUSDT", start, 75).sentence, "XUSDT is whole again after 75 s");
    EXPECT_EQ(listed_event("XUSDT", start).sentence, "XUSDT is listed");
    EXPECT_EQ(delisted_event("XUSDT", start).sentence, "XUSDT is no longer trading");
    EXPECT_EQ(shard_trouble_event(2, start, "no progress for 12 s", 1).sentence,
              "Shard 2, with 1 symbol: no progress for 12 s");
    EXPECT_EQ(shard_trouble_event(2, start, "x", 1).number("shard"), 2.0);
}

TEST(NotableEvent, NumbersAreBoundedAndFinite) {
    NotableEvent event;
    event.add("a", std::numeric_limits<double>::quiet_NaN());
    event.add("b", std::numeric_limits<double>::infinity());
    EXPECT_EQ(event.number_count, 0U);
    for (std::size_t i = 0; i < 2 * NotableEvent::numbers_max; ++i) {
        event.add("c", static_cast<double>(i));
    }
    EXPECT_EQ(event.number_count, NotableEvent::numbers_max);
    EXPECT_EQ(event.number("c"), 0.0);
    EXPECT_EQ(event.number("d"), std::nullopt);
}

TEST(EventRing, ReadingOnMissesNothingThatIsNotSaidToBeMissed) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        SeededRandom random(seed);
        EventRing ring(1 + random.below(40));
        std::uint64_t after = 0;
        std::uint64_t seen = 0;
        for (int step = 0; step < 200; ++step) {
            for (std::uint64_t i = random.below(30); i > 0; --i) {
                ring.push(event_of(any_kind(random), "XUSDT", start + step));
            }
            const auto answer = ring.read({.after = after, .limit = 1'000});
            ASSERT_FALSE(answer.more);
            ASSERT_EQ(answer.newest, ring.pushed());
            ASSERT_EQ(after + answer.missed + answer.events.size(), answer.newest);
            for (std::size_t i = 0; i < answer.events.size(); ++i) {
                ASSERT_EQ(answer.events[i].number, after + answer.missed + i + 1)
                    << "in order, without a hole";
            }
            seen += answer.missed + answer.events.size();
            after = answer.newest;
        }
        EXPECT_EQ(seen, ring.pushed());
        EXPECT_EQ(ring.dropped() + ring.size(), ring.pushed());
        EXPECT_LE(ring.bytes(), 64U * 1'024);
    }
}

TEST(EventRing, FiltersByAnyMix) {
    SeededRandom random(7);
    EventRing ring(500);
    std::vector<NotableEvent> kept;
    for (int i = 0; i < 500; ++i) {
        NotableEvent event = event_of(any_kind(random), fmt::format("S{}", random.below(3)), start + i * 10);
        event.severity = static_cast<EventSeverity>(random.below(3));
        kept.push_back(event);
        ring.push(event);
    }
    for (int trial = 0; trial < 300; ++trial) {
        EventRing::Filter filter;
        filter.limit = 1 + random.below(60);
        if (random.below(2) == 0) {
            filter.kinds = {any_kind(random), any_kind(random)};
        }
        filter.symbol = random.below(2) == 0 ? "S1" : "";
        filter.severity_min = static_cast<EventSeverity>(random.below(3));
        filter.after = random.below(600);
        if (random.below(2) == 0) {
            filter.since = start + static_cast<std::int64_t>(random.below(5'000));
        }
        std::vector<std::uint64_t> expected;
        for (std::size_t i = 0; i < kept.size(); ++i) {
            const auto& event = kept[i];
            if (i + 1 > filter.after && (filter.symbol.empty() || event.symbol == filter.symbol) &&
                event.severity >= filter.severity_min && (!filter.since || event.time >= *filter.since) &&
                (filter.kinds.empty() || event.kind == filter.kinds[0] || event.kind == filter.kinds[1])) {
                expected.push_back(i + 1);
            }
        }
        const bool more = expected.size() > filter.limit;
        if (more) {
            expected.erase(expected.begin(), expected.end() - static_cast<std::ptrdiff_t>(filter.limit));
        }
        const auto answer = ring.read(filter);
        std::vector<std::uint64_t> found;
        for (const auto& event : answer.events) {
            found.push_back(event.number);
        }
        ASSERT_EQ(found, expected);
        ASSERT_EQ(answer.more, more);
    }
}

TEST(EventRing, WhatWasReadStaysAsItIs) {
    EventRing ring(2);
    ring.push(listed_event("AUSDT", start));
    const auto answer = ring.read({});
    for (int i = 0; i < 10; ++i) {
        ring.push(listed_event("BUSDT", start));
    }
    EXPECT_EQ(answer.events.front().event->symbol, "AUSDT");
    EXPECT_EQ(ring.dropped(), 9U);
}

TEST(EventCooldown, TellsOneOfASymbolAndKindAtMost) {
    const EventSettings settings;
    const std::map<EventKind, double> cooldowns{{EventKind::whale_trade, settings.whale_trade.cooldown_s},
                                                {EventKind::volume_burst, settings.volume_burst.cooldown_s},
                                                {EventKind::feed_trouble, settings.feed_trouble.cooldown_s}};
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SeededRandom random(seed);
        EventCooldown cooldown(settings);
        std::map<std::pair<EventKind, std::string>, ExchangeTime> last;
        std::uint64_t held = 0;
        ExchangeTime now = start;
        for (int i = 0; i < 5'000; ++i) {
            now = now + static_cast<std::int64_t>(random.below(20'000));
            const auto& [kind, seconds] = *std::next(cooldowns.begin(), static_cast<int>(random.below(3)));
            const auto event = event_of(kind, random.below(2) == 0 ? "AUSDT" : "BUSDT", now);
            const auto before = last.find({kind, event.symbol});
            const bool expected =
                before == last.end() || now - before->second >= static_cast<std::int64_t>(seconds * 1'000);
            ASSERT_EQ(cooldown.admits(event), expected);
            held += expected ? 0U : 1U;
            if (expected) {
                last[{kind, event.symbol}] = now;
            }
        }
        EXPECT_GT(held, 0U);
        EXPECT_EQ(cooldown.held_back(), held);
    }
}

// Of every kind: whatever is held back is no more severe than what was told within its cooldown before it.
TEST(EventCooldown, WhatGetsMoreSevereIsNeverHeldBack) {
    const EventSettings settings;
    for (const EventKind kind : all_event_kinds()) {
        SeededRandom random(11 + static_cast<std::uint64_t>(kind));
        EventCooldown cooldown(settings);
        std::vector<NotableEvent> told;
        std::size_t passed_within = 0;
        ExchangeTime now = start;
        for (int i = 0; i < 3'000; ++i) {
            now = now + static_cast<std::int64_t>(random.below(30'000));
            const bool lasts = random.below(2) == 0;
            auto event = event_of(kind, "AUSDT", now, lasts ? EventPhase::begin : EventPhase::moment);
            event.severity = static_cast<EventSeverity>(random.below(event_severities));
            const bool rises = told.empty() || event.severity > told.back().severity;
            if (cooldown.admits(event)) {
                passed_within += !told.empty() && rises && now - told.back().time < 60'000 ? 1U : 0U;
                told.push_back(event);
            } else {
                ASSERT_FALSE(rises) << name_of(kind) << " " << name_of(event.severity);
            }
        }
        EXPECT_GT(passed_within, 0U) << name_of(kind);
    }
}

TEST(EventCooldown, AfterARiseItsCooldownBeginsAnewAndItsEndIsTold) {
    EventCooldown cooldown{EventSettings{}};
    const auto told = [&](EventSeverity severity, EventPhase phase, std::int64_t at_s) {
        auto event = event_of(EventKind::breadth_extreme, "", start + at_s * 1'000, phase);
        event.severity = severity;
        return cooldown.admits(event);
    };
    EXPECT_TRUE(told(EventSeverity::warning, EventPhase::begin, 0));
    EXPECT_TRUE(told(EventSeverity::critical, EventPhase::begin, 5));
    EXPECT_FALSE(told(EventSeverity::critical, EventPhase::begin, 10));
    EXPECT_TRUE(told(EventSeverity::info, EventPhase::end, 20));
    EXPECT_FALSE(told(EventSeverity::info, EventPhase::end, 21)) << "one end";
    EXPECT_FALSE(told(EventSeverity::warning, EventPhase::begin, 3'604)) << "it counts from the rise";
    EXPECT_TRUE(told(EventSeverity::warning, EventPhase::begin, 3'605));
    EXPECT_TRUE(told(EventSeverity::critical, EventPhase::begin, 3'606)) << "than what was told last";
    EXPECT_EQ(cooldown.held_back(EventKind::breadth_extreme), 3U);
}

TEST(EventCooldown, AnEndFollowsItsBeginning) {
    EventCooldown cooldown{EventSettings{}};
    const auto of = [](EventPhase phase, std::int64_t at_ms) {
        return event_of(EventKind::liquidation_cascade, "XUSDT", start + at_ms, phase);
    };
    EXPECT_FALSE(cooldown.admits(of(EventPhase::end, 0))) << "of nothing";
    EXPECT_TRUE(cooldown.admits(of(EventPhase::begin, 0)));
    EXPECT_TRUE(cooldown.admits(of(EventPhase::end, 60'000)));
    EXPECT_FALSE(cooldown.admits(of(EventPhase::end, 61'000))) << "once";
    EXPECT_FALSE(cooldown.admits(of(EventPhase::begin, 120'000)));
    EXPECT_FALSE(cooldown.admits(of(EventPhase::end, 180'000))) << "its beginning was held back";
    EXPECT_TRUE(cooldown.admits(of(EventPhase::begin, 900'000)));
    EXPECT_EQ(cooldown.held_back(EventKind::liquidation_cascade), 4U);
}

TEST(EventCooldown, AClockThatIsSetBackSilencesNothingForLong) {
    EventCooldown cooldown{EventSettings{}};
    EXPECT_TRUE(cooldown.admits(event_of(EventKind::whale_trade, "XUSDT", start)));
    EXPECT_FALSE(cooldown.admits(event_of(EventKind::whale_trade, "XUSDT", start + -30'000)));
    EXPECT_TRUE(cooldown.admits(event_of(EventKind::whale_trade, "XUSDT", start + -ms_per_hour)));
}

TEST(EventCooldown, RulesMayChangeAndKindsMayBeLeftOut) {
    EventSettings settings;
    settings.whale_trade.cooldown_s = 0;
    settings.listed.enabled = false;
    EventCooldown cooldown(settings);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(cooldown.admits(event_of(EventKind::whale_trade, "XUSDT", start)));
        EXPECT_FALSE(cooldown.admits(listed_event("XUSDT", start)));
    }
    EXPECT_EQ(cooldown.held_back(), 0U) << "what is not wanted is not held back";
    settings.whale_trade.cooldown_s = 10;
    settings.listed.enabled = true;
    cooldown.set(settings);
    EXPECT_FALSE(cooldown.admits(event_of(EventKind::whale_trade, "XUSDT", start + 9'999)));
    EXPECT_TRUE(cooldown.admits(event_of(EventKind::whale_trade, "XUSDT", start + 10'000)));
    EXPECT_TRUE(cooldown.admits(listed_event("XUSDT", start)));
}

TEST(EventCooldown, AnyNumberOfNamesIsBounded) {
    EventCooldown cooldown{EventSettings{}};
    for (int i = 0; i < 100'000; ++i) {
        EXPECT_TRUE(cooldown.admits(event_of(EventKind::whale_trade, fmt::format("N{}", i), start + i)));
        ASSERT_LE(cooldown.entries(), EventCooldown::entries_max);
    }
    EXPECT_FALSE(cooldown.admits(event_of(EventKind::whale_trade, "N99999", start + 100'000)))
        << "the newest are known";
}

}  // namespace
}  // namespace virtuoso
