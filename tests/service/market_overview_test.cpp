// The market as a whole: counts against a plain recount, a regime that does not flicker, lines of the log.
#include "service/market_overview.hpp"

#include "alert/alert_rule.hpp"
#include "base/seeded_random.hpp"
#include "service/breadth_extreme.hpp"
#include "service/event_occurrence.hpp"
#include "service/market_desk.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace virtuoso {
namespace {

constexpr ExchangeTime midnight{1'795'564'800'000};

TickerSample sample(std::string symbol, double change, double price = 100, double turnover = 1'000) {
    return {.symbol = std::move(symbol),
            .time = midnight,
            .change_24h = change,
            .turnover_24h = turnover,
            .last_price = Price{std::llround(price * 1e8)}};
}

/// `rising` of `total` by `change`, the others fall by it.
std::vector<TickerSample> market(std::size_t rising, std::size_t total, double up, double down) {
    std::vector<TickerSample> samples;
    for (std::size_t i = 0; i < total; ++i) {
        samples.push_back(sample(fmt::format("C{}USDT", i), i < rising ? up : -down));
    }
    return samples;
}

TEST(MarketOverview, CountsWhatARecountCounts) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SeededRandom random(seed);
        std::vector<TickerSample> samples;
        double sum = 0;
        double square = 0;
        std::size_t known = 0;
        std::vector<double> changes;
        for (std::size_t i = random.below(80); i > 0; --i) {
            TickerSample one =
                sample(fmt::format("C{}USDT", i), static_cast<double>(random.below(9)) * 0.01 - 0.04);
            if (random.below(8) == 0) {
                one.change_24h.reset();
            } else {
                ++known;
                sum += *one.change_24h;
                square += *one.change_24h * *one.change_24h;
                changes.push_back(*one.change_24h);
            }
            samples.push_back(one);
        }
        samples.push_back(sample("BTCUSDC", 0.5));
        samples.push_back(sample("BTCUSDT-26DEC25", 0.5));
        samples.push_back(sample("USDT", 0.5));
        const auto overview = MarketOverviewMaker().make(samples, std::nullopt, midnight);
        EXPECT_EQ(overview.total, known);
        EXPECT_EQ(overview.gainers + overview.losers + overview.unchanged, known);
        EXPECT_EQ(overview.gainers,
                  static_cast<std::size_t>(std::ranges::count_if(changes, [](double c) { return c > 0; })));
        EXPECT_EQ(overview.losers,
                  static_cast<std::size_t>(std::ranges::count_if(changes, [](double c) { return c < 0; })));
        EXPECT_DOUBLE_EQ(overview.turnover, 1'000.0 * static_cast<double>(samples.size() - 3));
        if (known > 0) {
            const double mean = sum / static_cast<double>(known);
            EXPECT_NEAR(overview.mean_change, mean, 1e-12);
            EXPECT_NEAR(overview.dispersion,
                        std::sqrt(std::max(0.0, square / static_cast<double>(known) - mean * mean)), 1e-8);
        }
        EXPECT_EQ(overview.top_gainers.size(), std::min<std::size_t>(overview.gainers, 10));
        EXPECT_EQ(overview.top_losers.size(), std::min<std::size_t>(overview.losers, 10));
        std::ranges::sort(changes);
        for (std::size_t i = 0; i < overview.top_losers.size(); ++i) {
            EXPECT_EQ(overview.top_losers[i].change_24h, changes[i]);
            EXPECT_TRUE(i == 0 || overview.top_losers[i - 1].change_24h < overview.top_losers[i].change_24h ||
                        overview.top_losers[i - 1].symbol < overview.top_losers[i].symbol);
        }
        std::ranges::reverse(changes);
        for (std::size_t i = 0; i < overview.top_gainers.size(); ++i) {
            EXPECT_EQ(overview.top_gainers[i].change_24h, changes[i]);
        }
        EXPECT_EQ(overview.regime.has_value(), known >= 10);
    }
}

TEST(MarketOverview, OrderOfSamplesChangesNothing) {
    auto samples = market(30, 70, 0.02, 0.01);
    const auto before = MarketOverviewMaker().make(samples, std::nullopt, midnight);
    std::ranges::reverse(samples);
    const auto after = MarketOverviewMaker().make(samples, std::nullopt, midnight);
    EXPECT_EQ(movers_line(before), movers_line(after));
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(before.top_gainers[i].symbol, after.top_gainers[i].symbol) << "ties by name";
    }
}

TEST(MarketOverview, LinesHaveTheFormThatOperatorsKnow) {
    auto samples = market(40, 557, 0.001, 0.002);
    samples[0] = sample("XUSDT", 0.1234);
    samples[556] = sample("YUSDT", -0.081);
    const auto overview = MarketOverviewMaker().make(samples, std::nullopt, midnight);
    EXPECT_EQ(breadth_line(overview), "40 gainers, 517 losers (557 total)");
    EXPECT_EQ(movers_line(overview),
              "Updated movers: 10 gainers, 10 losers from 557 symbols; top gainer XUSDT +12.34 %, top loser "
              "YUSDT -8.10 %");
    EXPECT_EQ(movers_line(MarketOverviewMaker().make({}, std::nullopt, midnight)),
              "Updated movers: 0 gainers, 0 losers from 0 symbols");
    EXPECT_EQ(movers_line(MarketOverviewMaker().make(market(0, 3, 0, 0.01), std::nullopt, midnight)),
              "Updated movers: 0 gainers, 3 losers from 3 symbols; top loser C0USDT -1.00 %");
}

std::optional<MarketRegime> regime_of(const std::vector<TickerSample>& samples,
                                      std::optional<RealisedVolatility> bitcoin = {}) {
    return MarketOverviewMaker().make(samples, bitcoin, midnight).regime;
}

TEST(MarketRegime, EachRuleFiresAndSaysItsNumbers) {
    EXPECT_EQ(regime_of(market(45, 60, 0.03, 0.01)), MarketRegime::bullish);
    EXPECT_EQ(regime_of(market(15, 60, 0.01, 0.03)), MarketRegime::bearish);
    EXPECT_EQ(regime_of(market(45, 60, 0.01, 0.01)), MarketRegime::ranging) << "most rose, but by little";
    EXPECT_EQ(regime_of(market(30, 60, 0.03, 0.03)), MarketRegime::ranging);
    EXPECT_EQ(regime_of(market(30, 60, 0.15, 0.15)), MarketRegime::volatile_market);
    const RealisedVolatility wild{.annualised = 0.9, .percentile = 0.97, .returns = 24};
    EXPECT_EQ(regime_of(market(30, 60, 0.03, 0.03), wild), MarketRegime::volatile_market);
    EXPECT_EQ(regime_of(market(15, 60, 0.01, 0.03), wild), MarketRegime::bearish) << "a crash is bearish";
    EXPECT_EQ(regime_of(market(9, 9, 0.03, 0.01)), std::nullopt);
    const auto bullish = MarketOverviewMaker().make(market(45, 60, 0.03, 0.01), std::nullopt, midnight);
    EXPECT_EQ(bullish.regime_rule,
              "bullish: 45 of 60 rose (75.0 %, 60 % wanted) and the mean change is +2.00 % (+1.00 % wanted)");
    const auto bearish = MarketOverviewMaker().make(market(15, 60, 0.01, 0.03), std::nullopt, midnight);
    EXPECT_EQ(bearish.regime_rule,
              "bearish: 45 of 60 fell (75.0 %, 60 % wanted) and the mean change is -2.00 % (-1.00 % wanted)");
    const auto volatile_market = MarketOverviewMaker().make(market(30, 60, 0.03, 0.03), wild, midnight);
    EXPECT_EQ(
        volatile_market.regime_rule,
        "volatile: bitcoin's realised volatility of 90.0 % is above 97 % of its last 30 days (95 % wanted)");
}

// Whatever the market is at, what moves by less than the hysteresis changes the regime once at most.
TEST(MarketRegime, DoesNotFlicker) {
    const RegimeLimits limits;
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        SeededRandom random(seed);
        RegimeTracker tracker(limits);
        const auto at = [&](double centre, double room) { return centre + room * (random.uniform() - 0.5); };
        const double share = random.uniform();
        const double mean = 0.03 * (random.uniform() - 0.5);
        const double dispersion = 0.06 + 0.1 * random.uniform();
        const double place = 0.8 + 0.2 * random.uniform();
        int changes = 0;
        std::optional<MarketRegime> last;
        for (int i = 0; i < 200; ++i) {
            const double rose = std::clamp(at(share, 0.049), 0.0, 1.0);
            RegimeInputs inputs{.gainers = static_cast<std::size_t>(std::lround(rose * 100'000)),
                                .losers = 0,
                                .total = 100'000,
                                .mean_change = at(mean, 0.0049),
                                .dispersion = at(dispersion, 0.019),
                                .bitcoin = RealisedVolatility{0.5, at(place, 0.049), 24}};
            inputs.losers = inputs.total - inputs.gainers;
            const auto now = tracker.update(inputs);
            changes += last && now != last ? 1 : 0;
            last = now;
        }
        EXPECT_LE(changes, 2) << "seed " << seed;  // one into volatile, one into a direction
    }
}

TEST(AdvanceDecline, AddsMinuteByMinuteHoweverOftenItIsAsked) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SeededRandom random(seed);
        AdvanceDeclineLine often;
        AdvanceDeclineLine seldom;
        std::vector<TickerSample> samples = market(10, 20, 0.01, 0.01);
        std::int64_t expected = 0;
        const std::vector<TickerSample> first = samples;
        often.update(first, midnight);
        seldom.update(first, midnight);
        for (int minute = 1; minute < 30; ++minute) {
            const auto before = samples;
            for (auto& one : samples) {
                one.last_price->units += static_cast<std::int64_t>(random.below(3)) - 1;
            }
            for (std::size_t i = 0; i < samples.size(); ++i) {
                expected += samples[i].last_price->units > before[i].last_price->units   ? 1
                            : samples[i].last_price->units < before[i].last_price->units ? -1
                                                                                         : 0;
            }
            for (int ask = 0; ask < 12; ++ask) {
                often.update(samples, midnight + (minute * ms_per_minute + ask * 5'000));
                for (auto& one : samples) {
                    one.last_price->units += 5;  // within the minute: not looked at
                }
            }
            for (auto& one : samples) {
                one.last_price->units -= 60;
            }
            seldom.update(samples, midnight + minute * ms_per_minute);
            ASSERT_EQ(often.value(), expected);
            ASSERT_EQ(seldom.value(), expected);
        }
    }
}

TEST(AdvanceDecline, BeginsAnewAtMidnightAndIsNotMovedByAClockThatGoesBack) {
    AdvanceDeclineLine line;
    auto samples = market(10, 20, 0.01, 0.01);
    const auto step = [&](std::int64_t at_ms) {
        for (auto& one : samples) {
            ++one.last_price->units;
        }
        line.update(samples, midnight + at_ms);
    };
    step(-2 * ms_per_minute);
    step(-ms_per_minute);
    EXPECT_EQ(line.value(), 20);
    step(-ms_per_hour);
    EXPECT_EQ(line.value(), 20);
    step(0);
    EXPECT_EQ(line.value(), 0);
    step(ms_per_minute);
    EXPECT_EQ(line.value(), 20);
}

CandleSeries hours_of(const std::vector<double>& closes) {
    CandleSeries series(Timeframe::h1);
    for (std::size_t i = 0; i < closes.size(); ++i) {
        const Price price{std::llround(closes[i] * 1e8)};
        series.put(Candle{.open_time = midnight + static_cast<std::int64_t>(i) * ms_per_hour,
                          .open = price,
                          .high = price,
                          .low = price,
                          .close = price});
    }
    return series;
}

TEST(RealisedVolatility, IsTheRootOfTheMeanSquareOfADay) {
    std::vector<double> closes{100};
    for (int i = 0; i < 40; ++i) {
        closes.push_back(closes.back() * (i % 2 == 0 ? std::exp(0.01) : std::exp(-0.01)));
    }
    const auto found = RealisedVolatility::of(hours_of(closes));
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->annualised, 0.01 * std::sqrt(24.0) * std::sqrt(365.0), 1e-6);
    EXPECT_EQ(found->returns, 24U);
    EXPECT_EQ(found->percentile, std::nullopt) << "too few to say";
    closes.resize(20);
    EXPECT_EQ(RealisedVolatility::of(hours_of(closes)), std::nullopt);
}

TEST(RealisedVolatility, HasAPlaceAmongThoseOfAMonth) {
    SeededRandom random(3);
    std::vector<double> closes{100};
    for (int i = 0; i < 700; ++i) {
        closes.push_back(closes.back() * std::exp((i < 676 ? 0.002 : 0.02) * (random.uniform() - 0.5)));
    }
    EXPECT_GT(RealisedVolatility::of(hours_of(closes))->percentile.value_or(0), 0.99);
    std::ranges::reverse(closes);
    EXPECT_LT(RealisedVolatility::of(hours_of(closes))->percentile.value_or(1), 0.99);
}

MarketOverview breadth_of(std::size_t gainers, std::size_t losers, std::size_t total) {
    MarketOverview overview;
    overview.as_of = {1'000};
    overview.gainers = gainers;
    overview.losers = losers;
    overview.total = total;
    return overview;
}

TEST(BreadthExtreme, BeginsBecomesCriticalAndIsOver) {
    BreadthExtreme watch;
    EXPECT_FALSE(watch.look(breadth_of(84, 16, 100)));
    const auto begun = watch.look(breadth_of(10, 85, 100));
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->kind, EventKind::breadth_extreme);
    EXPECT_EQ(begun->phase, EventPhase::begin);
    EXPECT_EQ(begun->severity, EventSeverity::warning);
    EXPECT_EQ(begun->number("breadth"), -0.75);
    EXPECT_EQ(begun->sentence, "85 % of 100 contracts are below their price 24 h ago: 10 gainers, 85 losers");
    EXPECT_FALSE(watch.look(breadth_of(10, 86, 100))) << "it lasts";
    EXPECT_FALSE(watch.look(breadth_of(15, 81, 100))) << "still";
    const auto worse = watch.look(breadth_of(1, 96, 100));
    ASSERT_TRUE(worse);
    EXPECT_EQ(worse->severity, EventSeverity::critical);
    EXPECT_FALSE(watch.look(breadth_of(1, 97, 100)));
    const auto over = watch.look(breadth_of(20, 79, 100));
    ASSERT_TRUE(over);
    EXPECT_EQ(over->phase, EventPhase::end);
    EXPECT_FALSE(watch.look(breadth_of(20, 79, 100)));
    EXPECT_EQ(watch.look(breadth_of(100, 0, 100))->severity, EventSeverity::critical) << "at once";
    EXPECT_EQ(watch.look(breadth_of(0, 100, 100))->phase, EventPhase::end) << "before the other side begins";
    EXPECT_EQ(watch.look(breadth_of(0, 100, 100))->number("breadth"), -1);
}

TEST(BreadthExtreme, FollowsItsSettingsAndSaysNothingOfFew) {
    BreadthExtreme watch;
    EXPECT_FALSE(watch.look(breadth_of(19, 0, 19)));
    EXPECT_FALSE(watch.look(breadth_of(0, 0, 0)));
    watch.set({.share = 0.6, .critical = 0.5});
    EXPECT_FALSE(watch.look(breadth_of(59, 41, 100)));
    EXPECT_EQ(watch.look(breadth_of(60, 40, 100))->severity, EventSeverity::critical)
        << "what is critical is an extreme first";
}

TEST(BreadthExtreme, ThatTurnsCriticalIsToldByTheDeskWithinItsCooldown) {
    const test::TemporaryDirectory folder;
    const auto log = *ServiceLog::open({.file = folder.file("log")});
    MarketDesk desk(*log, {});
    std::vector<NotableEvent> heard;
    desk.listen([&](const NotableEvent& event) { heard.push_back(event); });
    for (const int gainers : {27, 30}) {  // of 30: 90 %, then all
        MarketSample whole{.shard = 0, .as_of = midnight, .tickers = {}, .bitcoin = {}};
        for (int i = 0; i < 30; ++i) {
            whole.tickers.push_back(sample(fmt::format("A{}USDT", i), i < gainers ? 0.01 : -0.01));
        }
        desk.note(std::make_shared<const MarketSample>(whole));
        desk.make_overview(1);
    }
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0].severity, EventSeverity::warning);
    EXPECT_EQ(heard[1].severity, EventSeverity::critical);
}

TEST(BreadthExtreme, IsToldByTheDeskAndARuleCanAskForIt) {
    const test::TemporaryDirectory folder;
    const auto log = *ServiceLog::open({.file = folder.file("log")});
    MarketDesk desk(*log, {});
    std::vector<NotableEvent> heard;
    desk.listen([&](const NotableEvent& event) { heard.push_back(event); });
    MarketSample whole{.shard = 0, .as_of = midnight, .tickers = {}, .bitcoin = {}};
    for (int i = 0; i < 30; ++i) {
        whole.tickers.push_back(sample(fmt::format("A{}USDT", i), 0.01));
    }
    desk.note(std::make_shared<const MarketSample>(whole));
    desk.make_overview(1);
    desk.make_overview(1);
    ASSERT_EQ(heard.size(), 1U);
    const Occurrence occurrence = occurrence_of(heard[0]);
    EXPECT_TRUE(
        AlertRule::parse("r: kind=breadth_extreme breadth>=0.9 severity=critical")->matches(occurrence));
    EXPECT_FALSE(AlertRule::parse("r: kind=breadth_extreme breadth<=-0.9")->matches(occurrence));
}

}  // namespace
}  // namespace virtuoso
