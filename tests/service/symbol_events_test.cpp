// What is notable about a symbol: against plain recounts, at the bounds, and told once.
#include "service/symbol_events.hpp"

#include "base/seeded_random.hpp"
#include "base/unicode.hpp"
#include "support/synthetic_market.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

constexpr ExchangeTime start{1'717'588'800'000};

class Watched {
  public:
    void apply(const MarketEvent& event) {
        const StateChange change = symbol.state.apply(event);
        symbol.analysis.update(symbol.state, change);
        watch.on_change(symbol, change, sink);
    }
    void trade(ExchangeTime time, std::vector<TradePrint> prints) {
        apply({"XUSDT", time, Trades{.ids_ascend = false, .prints = prints}});
    }
    void evaluate(const Confluence& confluence) { watch.on_evaluation(symbol, confluence, sink); }
    /// 200 trades of 100 USDT each, a second between them.
    ExchangeTime usual_trades() {
        ExchangeTime time = start;
        for (int i = 0; i < 200; ++i) {
            time = time + ms_per_second;
            trade(time, {print(time, 1)});
        }
        return time;
    }
    static TradePrint print(ExchangeTime time, double size, Side side = Side::buy) {
        return {.time = time,
                .price = {100 * decimal_scale},
                .size = {static_cast<std::int64_t>(size * decimal_scale)},
                .taker = side};
    }

    EventSettings settings;
    TrackedSymbol symbol{"bybit", "XUSDT", {}, Weights::standard()};
    SymbolEvents watch{settings};
    std::vector<NotableEvent> events;
    EventSink sink = [this](NotableEvent event) { events.push_back(std::move(event)); };
};

TEST(WhaleTrades, AreLargeForTheSymbolAndInMoney) {
    Watched watched;
    watched.settings.whale_trade.notional_min = 5'000;
    ExchangeTime time = watched.usual_trades();
    ASSERT_TRUE(watched.events.empty());
    watched.trade(time + 10, {Watched::print(time + 10, 49)});
    EXPECT_TRUE(watched.events.empty()) << "49 times its usual large trade, but below the money";
    watched.trade(time + 20, {Watched::print(time + 20, 51, Side::sell)});
    ASSERT_EQ(watched.events.size(), 1U);
    const NotableEvent& event = watched.events.front();
    EXPECT_EQ(event.kind, EventKind::whale_trade);
    EXPECT_EQ(event.symbol, "XUSDT");
    EXPECT_EQ(event.time, time + 20);
    EXPECT_EQ(event.severity, EventSeverity::info);
    EXPECT_EQ(event.number("side"), -1.0);
    EXPECT_DOUBLE_EQ(event.number("notional_quote").value(), 5'100);
    EXPECT_NEAR(event.number("multiple").value(), 51, 1);
    EXPECT_TRUE(event.sentence.starts_with("XUSDT: a taker sold for 5.1 K USDT at 100, 5")) << event.sentence;
    watched.settings.whale_trade.notional_min = 100;
    watched.trade(time + 30, {Watched::print(time + 30, 9)});
    EXPECT_EQ(watched.events.size(), 1U) << "the money, but nine times its usual large trade";
    watched.trade(time + 40, {Watched::print(time + 40, 60)});
    ASSERT_EQ(watched.events.size(), 2U);
    EXPECT_EQ(watched.events.back().severity, EventSeverity::warning);
    watched.settings.whale_trade.enabled = false;
    watched.trade(time + 50, {Watched::print(time + 50, 60)});
    EXPECT_EQ(watched.events.size(), 2U);
}

TEST(WhaleTrades, OldOnesThatAreLoadedAreNoNews) {
    Watched watched;
    watched.settings.whale_trade.notional_min = 1'000;
    const ExchangeTime time = watched.usual_trades();
    watched.trade(time + 61'010, {Watched::print(time + 1'000, 500), Watched::print(time + 61'010, 1)});
    EXPECT_TRUE(watched.events.empty());
    watched.trade(time + 121'000, {Watched::print(time + 62'000, 500), Watched::print(time + 121'000, 1)});
    EXPECT_EQ(watched.events.size(), 1U);
}

/// The sums of neighbouring prints that share side and millisecond.
std::vector<double> orders_of(const std::vector<TradePrint>& prints) {
    std::vector<double> sums;
    for (std::size_t i = 0; i < prints.size(); ++i) {
        const bool same =
            i > 0 && prints[i].taker == prints[i - 1].taker && prints[i].time == prints[i - 1].time;
        if (!same) {
            sums.push_back(0);
        }
        sums.back() += prints[i].price.value() * prints[i].size.value();
    }
    return sums;
}

// Prints of one side and millisecond are one order, told once, whatever else is in the frame.
TEST(WhaleTrades, AreOrdersNotPrints) {
    std::size_t told = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        SeededRandom random(seed);
        Watched watched;
        watched.settings.whale_trade.notional_min = 3'000;
        ExchangeTime time = watched.usual_trades();
        std::vector<double> expected;
        for (int frame = 0; frame < 40; ++frame) {
            time = time + 100;
            std::vector<TradePrint> prints;
            for (std::uint64_t i = 1 + random.below(12); i > 0; --i) {
                time = time + (random.below(4) == 0 ? 1 : 0);
                prints.push_back(Watched::print(time, 1 + static_cast<double>(random.below(12)),
                                                random.below(4) == 0 ? Side::sell : Side::buy));
            }
            watched.trade(time, prints);
            const double large = watched.symbol.analysis.flow().large_threshold().value();
            for (const double sum : orders_of(prints)) {
                if (sum >= std::max(3'000.0, 10 * large)) {
                    expected.push_back(sum);
                }
            }
        }
        std::vector<double> found;
        for (const auto& event : watched.events) {
            found.push_back(event.number("notional_quote").value());
        }
        ASSERT_EQ(found, expected) << seed;
        told += found.size();
    }
    EXPECT_GT(told, 5U);
}

Liquidation liquidation(ExchangeTime time, PositionSide side, double size) {
    return {time, side, {100 * decimal_scale}, {static_cast<std::int64_t>(size * decimal_scale)}};
}

// Against a plain recount of the rule, over calm and wild stretches.
TEST(Cascades, BeginAndEndAsTheRuleSays) {
    int begun = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SeededRandom random(seed);
        Watched watched;
        std::vector<Liquidation> all;
        ExchangeTime time = start;
        const ExchangeTime heard_from = start + 1;
        bool running = false;
        double wanted = 0;
        ExchangeTime begin;
        for (int step = 0; step < 1'500; ++step) {
            const bool wild = (step / 100) % 4 == 3;
            time = time + 1 + static_cast<std::int64_t>(random.below(wild ? 8'000 : 240'000));
            if (step == 0) {
                time = heard_from;
            }
            std::vector<Liquidation> batch;
            const bool silent = random.below(3) == 0;
            for (std::uint64_t i = silent ? 0 : 1 + random.below(3); i > 0; --i) {
                batch.push_back(liquidation(
                    time, random.below(3) == 0 ? PositionSide::short_position : PositionSide::long_position,
                    1 + static_cast<double>(random.below(50))));
            }
            const std::size_t before = watched.events.size();
            all.insert(all.end(), batch.begin(), batch.end());
            if (silent) {
                Confluence confluence;
                confluence.as_of = time;
                watched.evaluate(confluence);
            } else {
                watched.apply({"XUSDT", time, Liquidations{batch}});
            }
            double count = 0;
            double day = 0;
            const ExchangeTime kept_from = (all.empty() ? time : all.back().time) + -ms_per_day;
            for (const auto& one : all) {
                count += time - one.time < LiquidationCascade::window_ms ? 1 : 0;
                day += one.time >= kept_from ? 1 : 0;
            }
            const double heard = std::clamp(static_cast<double>(time - heard_from), 300e3, 86'400e3);
            const double usual = std::max(day * 300e3 / heard, heard < 3'600e3 ? 10.0 : 0.0);
            if (!running && count >= 10 && count >= 3 * usual) {
                running = true;
                begin = time;
                wanted = std::max(10.0, 3 * usual);
                ++begun;
                ASSERT_EQ(watched.events.size(), before + 1) << seed << " at " << step;
                const NotableEvent& event = watched.events.back();
                EXPECT_EQ(event.phase, EventPhase::begin);
                EXPECT_EQ(event.number("liquidations"), count);
                EXPECT_NEAR(event.number("normal_5m").value(), usual, 1e-9);
                EXPECT_EQ(event.severity,
                          count >= 3 * wanted ? EventSeverity::critical : EventSeverity::warning);
            } else if (running && count < wanted / 2) {
                running = false;
                double quote = 0;
                double total = 0;
                for (const auto& one : all) {
                    const bool in = one.time > begin + -LiquidationCascade::window_ms;
                    quote += in ? 100 * one.size.value() : 0;
                    total += in ? 1 : 0;
                }
                ASSERT_EQ(watched.events.size(), before + 1) << seed << " at " << step;
                const NotableEvent& event = watched.events.back();
                EXPECT_EQ(event.phase, EventPhase::end);
                EXPECT_EQ(event.number("liquidations"), total);
                EXPECT_NEAR(event.number("long_quote").value() + event.number("short_quote").value(), quote,
                            1e-3);
                EXPECT_EQ(event.number("duration_s"), static_cast<double>(time - begin) / 1e3);
            } else {
                ASSERT_EQ(watched.events.size(), before) << seed << " at " << step;
            }
        }
    }
    EXPECT_GT(begun, 60);
}

TEST(Cascades, SayWhoWasClosedAndHowMuchIsUsual) {
    Watched watched;
    watched.apply({"XUSDT", start, Liquidations{}});
    for (int hour = 1; hour <= 24; ++hour) {
        const std::vector<Liquidation> one{
            liquidation(start + hour * ms_per_hour, PositionSide::short_position, 1)};
        watched.apply({"XUSDT", one.front().time, Liquidations{one}});
    }
    const ExchangeTime time = start + 24 * ms_per_hour + 600'000;
    const std::vector<Liquidation> many(12, liquidation(time, PositionSide::long_position, 100));
    watched.apply({"XUSDT", time, Liquidations{many}});
    ASSERT_EQ(watched.events.size(), 1U);
    EXPECT_EQ(watched.events[0].sentence,
              "XUSDT: a cascade of long liquidations: 12 positions of 120.0 K USDT in five minutes, where "
              "0.1 are usual");
    Confluence confluence;
    confluence.as_of = time + 300'000;
    watched.evaluate(confluence);
    ASSERT_EQ(watched.events.size(), 2U);
    EXPECT_EQ(watched.events[1].sentence,
              "XUSDT: the cascade of long liquidations is over after 5 min: 12 positions of 120.0 K USDT");
}

SubScore& sub_of(Confluence& confluence, ComponentId component, std::string_view name) {
    return confluence.components[static_cast<std::size_t>(component)].sub(name);
}

void funding(Watched& watched, double rate) {
    Confluence confluence;
    confluence.as_of = start;
    sub_of(confluence, ComponentId::sentiment, "funding_rate").add_raw("rate_8h", rate);
    watched.evaluate(confluence);
}

TEST(FundingExtremes, AreToldWhenTheyRiseAndAgainAfterTheyWereOver) {
    Watched watched;
    for (const double rate : {0.0001, 0.00099, 0.0010, 0.0012, 0.00085, 0.0011}) {
        funding(watched, rate);
    }
    ASSERT_EQ(watched.events.size(), 1U);
    EXPECT_EQ(watched.events[0].severity, EventSeverity::warning);
    EXPECT_EQ(watched.events[0].sentence,
              "XUSDT: funding of +0.1000 % in 8 h: longs pay (0.10 % counts as extreme)");
    funding(watched, 0.0016);
    ASSERT_EQ(watched.events.size(), 2U);
    EXPECT_EQ(watched.events[1].severity, EventSeverity::critical);
    funding(watched, 0.0012);
    funding(watched, 0.0016);
    EXPECT_EQ(watched.events.size(), 2U) << "it was not over";
    funding(watched, 0.0007);
    funding(watched, -0.002);
    ASSERT_EQ(watched.events.size(), 3U);
    EXPECT_EQ(watched.events[2].sentence,
              "XUSDT: funding of -0.2000 % in 8 h: shorts pay (0.15 % counts as critical)");
    watched.evaluate({});
    funding(watched, -0.002);
    EXPECT_EQ(watched.events.size(), 3U) << "a rate that is not known for a while changes nothing";
}

TEST(LeverageExtremes, AreCrowdsNotTheirAbsence) {
    Watched watched;
    const auto leverage = [&](double z) {
        Confluence confluence;
        SubScore& risk = sub_of(confluence, ComponentId::sentiment, "risk");
        risk.add_raw("interest_to_turnover", 0.8);
        risk.add_raw("leverage_z", z);
        watched.evaluate(confluence);
    };
    for (const double z : {-6.0, 0.0, 2.9, 3.0, 4.0, 2.1, 3.5}) {
        leverage(z);
    }
    ASSERT_EQ(watched.events.size(), 1U);
    EXPECT_EQ(
        watched.events[0].sentence,
        "XUSDT: open interest is 0.8 times a day's turnover, 3.0 deviations above its norm (3.0 counts as "
        "extreme)");
    leverage(1.9);
    leverage(5.5);
    ASSERT_EQ(watched.events.size(), 2U);
    EXPECT_EQ(watched.events[1].severity, EventSeverity::critical);
}

class Spreads {
  public:
    void show(double bps, int seconds) {
        for (int i = 0; i < 4 * seconds; ++i) {
            time = time + 250;
            Confluence confluence;
            confluence.as_of = time;
            sub_of(confluence, ComponentId::orderbook, "liquidity").add_raw("spread_bps", bps);
            watched.evaluate(confluence);
        }
    }
    void show_none() {
        time = time + 250;
        Confluence confluence;
        confluence.as_of = time;
        watched.evaluate(confluence);
    }
    Watched watched;
    ExchangeTime time = start;
};

TEST(SpreadWidening, IsAgainstTheSymbolsOwnUsualSpread) {
    Spreads spreads;
    spreads.show(20, 200);
    EXPECT_TRUE(spreads.watched.events.empty()) << "it is not known yet what is usual";
    spreads.show(2, 3'600);
    const auto& events = spreads.watched.events;
    spreads.show(9, 10);
    EXPECT_TRUE(events.empty()) << "less than five times";
    spreads.show(40, 2);
    spreads.show(2, 2);
    EXPECT_TRUE(events.empty()) << "not for three seconds";
    spreads.show(40, 2);
    spreads.show_none();
    spreads.show(40, 2);
    EXPECT_TRUE(events.empty()) << "with a break between";
    spreads.show(2, 2);
    spreads.show(40, 30);
    ASSERT_EQ(events.size(), 1U) << "once";
    EXPECT_EQ(events[0].number("spread_bps"), 40.0);
    EXPECT_NEAR(events[0].number("usual_bps").value(), 2, 1.2);
    EXPECT_TRUE(events[0].sentence.starts_with("XUSDT: the spread is 40.00 bps, 1")) << events[0].sentence;
    spreads.show(2, 30);
    spreads.show(40, 30);
    EXPECT_EQ(events.size(), 2U);
    Spreads tight;
    tight.show(0.1, 3'600);
    tight.show(4, 30);
    EXPECT_TRUE(tight.watched.events.empty()) << "forty times as wide, and still nothing to speak of";
}

TEST(DepthCollapse, IsOfEitherSideAndLasts) {
    Watched watched;
    ExchangeTime time = start;
    const auto depth = [&](double bid, double ask, int seconds, bool wide = true) {
        for (int i = 0; i < seconds; ++i) {
            time = time + ms_per_second;
            Confluence confluence;
            confluence.as_of = time;
            SubScore& sub = sub_of(confluence, ComponentId::orderbook, "depth");
            sub.add_raw("bid_10bps_of_median", wide ? 1 : bid);
            sub.add_raw("ask_10bps_of_median", wide ? 1 : ask);
            if (wide) {
                sub.add_raw("bid_25bps_of_median", bid);
                sub.add_raw("ask_25bps_of_median", ask);
            }
            watched.evaluate(confluence);
        }
    };
    depth(1, 1, 60);
    depth(0.25, 1, 30);
    depth(0.1, 1, 3);
    depth(1, 1, 3);
    EXPECT_TRUE(watched.events.empty());
    depth(1, 0.1, 60);
    ASSERT_EQ(watched.events.size(), 1U);
    EXPECT_EQ(watched.events[0].sentence,
              "XUSDT: the book's asks within 25 bps are 10 % of what they were in the last five minutes");
    depth(1, 0.4, 10);
    depth(1, 0.1, 10);
    EXPECT_EQ(watched.events.size(), 1U) << "it was not over";
    depth(1, 0.6, 10);
    depth(0.05, 0.1, 10, false);
    ASSERT_EQ(watched.events.size(), 2U);
    EXPECT_EQ(watched.events[1].sentence,
              "XUSDT: the book's sides within 10 bps are 5.0 % and 10 % of what they were in the last five "
              "minutes");
}

TEST(VolumeBursts, AreOfACandleThatClosedAndToldOnce) {
    Watched watched;
    const auto candle = [&](int minute, double volume) {
        KlineUpdate update{.time = start + (minute + 1) * ms_per_minute, .confirmed = true};
        update.candle = {.open_time = start + minute * ms_per_minute,
                         .open = {100 * decimal_scale},
                         .high = {101 * decimal_scale},
                         .low = {99 * decimal_scale},
                         .close = {101 * decimal_scale},
                         .volume = volume};
        watched.apply({"XUSDT", update.time, update});
    };
    const auto evaluate = [&](int minute, double relative) {
        for (int i = 0; i < 5; ++i) {
            Confluence confluence;
            confluence.as_of = start + (minute + 1) * ms_per_minute + i * 250;
            sub_of(confluence, ComponentId::volume, "relative_volume").add_raw("1m", relative);
            watched.evaluate(confluence);
        }
    };
    candle(0, 2'000);
    evaluate(0, 9.9);
    candle(1, 900);
    evaluate(1, 20);
    EXPECT_TRUE(watched.events.empty()) << "too few times the usual, too little money";
    candle(2, 2'000);
    evaluate(2, 12.5);
    ASSERT_EQ(watched.events.size(), 1U);
    EXPECT_EQ(watched.events[0].sentence, "XUSDT: 202.0 K USDT in a 1m candle, 12.5 times its usual volume");
    EXPECT_EQ(watched.events[0].number("direction"), 1.0);
    candle(3, 2'000);
    evaluate(10, 12.5);
    EXPECT_EQ(watched.events.size(), 1U) << "of minutes ago";
}

TEST(SignalChanges, AreOfTheSideThatIsHeld) {
    Watched watched;
    ExchangeTime time = start;
    const auto score = [&](std::optional<double> value) {
        time = time + ms_per_second;
        Confluence confluence;
        confluence.as_of = time;
        confluence.score = value;
        confluence.raw_verdict =
            value ? std::optional(ConfluenceThresholds{}.verdict_of(*value)) : std::nullopt;
        confluence.reliability = 0.9;
        watched.symbol.side.update(confluence);
        watched.evaluate(confluence);
    };
    for (const double value : {72.0, 68.0, 71.0}) {
        score(value);
    }
    EXPECT_TRUE(watched.events.empty()) << "what it is at first is no change";
    score(50);
    score(72.5);
    score(std::nullopt);
    ASSERT_EQ(watched.events.size(), 3U);
    EXPECT_EQ(watched.events[0].sentence, "XUSDT is NEUTRAL now, was LONG: score 50.00, reliability 0.90");
    EXPECT_EQ(watched.events[1].sentence, "XUSDT is LONG now, was NEUTRAL: score 72.50, reliability 0.90");
    EXPECT_EQ(watched.events[2].sentence,
              "XUSDT is NEUTRAL now, was LONG: its data no longer suffice for a score");
}

std::vector<std::string> events_of(std::uint64_t seed, const EventSettings& settings) {
    Watched watched;
    watched.settings = settings;
    std::vector<std::string> told;
    watched.sink = [&](const NotableEvent& event) {
        EXPECT_EQ(printable(event.sentence), event.sentence);
        EXPECT_NE(event.sentence.find(event.symbol), std::string::npos);
        EXPECT_LE(event.time, watched.symbol.state.as_of());
        told.push_back(fmt::format("{} {}", event.time.ms, event.sentence));
    };
    std::int64_t second = 0;
    test::SyntheticMarket market({.seed = seed}, {}, [&](const MarketEvent& event) {
        watched.apply(event);
        if (event.time.ms / 1'000 > second) {
            second = event.time.ms / 1'000;
            const Confluence confluence =
                watched.symbol.analysis.evaluate(watched.symbol.state, watched.symbol.state.as_of());
            watched.symbol.side.update(confluence);
            watched.evaluate(confluence);
        }
    });
    market.play();
    return told;
}

TEST(SymbolEventsReplay, TheSameTrafficGivesTheSameEvents) {
    EventSettings keen;
    keen.whale_trade = {.multiple = 1.5, .notional_min = 0};
    keen.spread_widening = {.multiple = 1.2, .spread_bps_min = 0, .hold_s = 0};
    keen.depth_collapse = {.share_max = 0.8, .hold_s = 0};
    keen.volume_burst = {.multiple_1m = 1.2, .multiple_5m = 1.2, .turnover_min = 0};
    std::size_t keen_events = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto once = events_of(seed, keen);
        EXPECT_EQ(events_of(seed, keen), once);
        keen_events += once.size();
        EXPECT_LE(events_of(seed, {}).size(), 3U) << "a calm market has nothing to tell";
    }
    EXPECT_GT(keen_events, 20U);
}

}  // namespace
}  // namespace virtuoso
