// A topic that delivers nothing is found, a quiet one is not accused.
#include "exchange/delivery_watch.hpp"

#include "base/clock.hpp"
#include "exchange/exchange_clock.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/symbol_delivery.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::int64_t step_ms = 100;

LocalTime at(std::int64_t ms) {
    return {(start_ms + ms) * ns_per_ms};
}

ExchangeTime time_at(std::int64_t ms) {
    return {start_ms + ms};
}

TEST(DeliveryWatch, ASteadyTopicIsFoundSilentInTimeAndOnce) {
    for (const std::int64_t gap_ms : {20, 500, 2'000, 5'000, 30'000}) {
        DeliveryWatch watch({.steady = true}, 1);
        std::int64_t now = 0;
        watch.subscribed(at(now));
        for (int i = 0; i < 200; ++i) {
            now += gap_ms;
            watch.note(time_at(now), at(now), {});
            ASSERT_FALSE(watch.check(at(now))) << gap_ms;
        }
        const std::int64_t last = now;
        while (now - last < 700'000 && !watch.check(at(now))) {
            now += step_ms;
            watch.note(time_at(last), at(now), {});  // the last one, again and again
        }
        const std::int64_t limit = std::clamp<std::int64_t>(20 * gap_ms, 10'000, 1'800'000);
        EXPECT_GT(now - last, limit - step_ms) << gap_ms;
        EXPECT_LE(now - last, limit + 2 * step_ms) << gap_ms;
        EXPECT_FALSE(watch.check(at(now))) << "it is told once";
        EXPECT_FALSE(watch.take_end());
        watch.lost();
        watch.subscribed(at(now));
        EXPECT_TRUE(watch.silent()) << "a subscription that is accepted delivers nothing yet";
        watch.note(time_at(now), at(now), {});
        EXPECT_FALSE(watch.silent());
        EXPECT_TRUE(watch.take_end());
        EXPECT_FALSE(watch.take_end());
    }
}

TEST(DeliveryWatch, ATopicThatIsNotSubscribedYetIsNotSilent) {
    DeliveryWatch watch({.steady = true, .first_ms = 20'000}, 1);
    EXPECT_FALSE(watch.check(at(ms_per_hour)));
    watch.subscribed(at(ms_per_hour));
    EXPECT_FALSE(watch.check(at(ms_per_hour + 20'000)));
    EXPECT_TRUE(watch.check(at(ms_per_hour + 20'001)));
}

TEST(DeliveryWatch, WhatIsSilentIsAskedForAfterGrowingPauses) {
    DeliveryWatch watch({.steady = true, .first_ms = 20'000}, 1);
    watch.subscribed(at(0));
    int renewals = 0;
    for (std::int64_t now = 0; now < ms_per_hour; now += step_ms) {
        static_cast<void>(watch.check(at(now)));
        renewals += watch.take_renewal(at(now)) ? 1 : 0;
    }
    EXPECT_GE(renewals, 8);
    EXPECT_LE(renewals, 20);
}

TEST(DeliveryWatch, SkewIsFoundAndForgotten) {
    DeliveryWatch watch({.steady = true}, 1);
    watch.subscribed(at(0));
    const auto skew_after = [&](std::int64_t time, std::int64_t now) {
        watch.note(time_at(time), at(now), time_at(now));
        return watch.skewed_ms().value_or(0);
    };
    EXPECT_EQ(skew_after(0, 0), 0);
    EXPECT_EQ(skew_after(-2'000, 100), 0) << "messages overtake each other";
    EXPECT_EQ(skew_after(4'000, 4'000), 0);
    EXPECT_EQ(skew_after(900, 4'100), -3'100) << "it steps back";
    EXPECT_EQ(skew_after(4'200, 4'200), 0);
    EXPECT_EQ(skew_after(-ms_per_day, 4'300), -ms_per_day - 4'300);
    EXPECT_EQ(skew_after(ms_per_day, 4'400), ms_per_day - 4'400);
    EXPECT_EQ(skew_after(4'500, 4'500), 0) << "what was of a time to come is not remembered";
    EXPECT_EQ(skew_after(-6'000, 5'000), -11'000) << "old news";
}

TEST(DeliveryWatch, ATimeToComeBeforeTheClockIsKnownIsForgotten) {
    DeliveryWatch watch({.steady = true}, 1);
    watch.subscribed(at(0));
    watch.note(time_at(ms_per_day), at(0), {});
    watch.note(time_at(100), at(100), time_at(100));
    EXPECT_EQ(watch.skewed_ms(), std::nullopt);
    EXPECT_EQ(watch.heard(), at(100));
}

/// A transport that only has a clock.
class ClockOnly final : public Transport {
  public:
    [[nodiscard]] LocalTime now() const override { return clock.now(); }
    void get(HttpRequest, OnAnswer) override {}
    std::unique_ptr<StreamConnection> connect(std::string_view, StreamListener&) override { return nullptr; }
    void after(std::int64_t, std::function<void()>) override {}
    VirtualClock clock;
};

/// A contract with Binance's topics; a test says which of them deliver.
class Contract {
  public:
    Contract() {
        transport.clock.advance_to(at(0));
        clock.measure(transport.now(), transport.now());
        for (const auto& topic : topics.all()) {
            if (const auto role = delivery.role_of(topic)) {
                delivery.watch(*role).subscribed(at(0));
            }
        }
    }
    /// One second: with a trade or without, told by all topics but `muted`.
    void second(bool traded, const std::vector<TopicRole>& muted) {
        now_ms += ms_per_second;
        transport.clock.advance_to(at(now_ms));
        const auto tell = [&](TopicRole role, const MarketPayload& payload) {
            if (std::ranges::find(muted, role) == muted.end()) {
                delivery.note({.symbol = "X", .time = time_at(now_ms), .payload = payload}, at(now_ms));
            }
        };
        tell(TopicRole::ticker, TickerUpdate{.mark_price = Price{100}});
        if (now_ms % 5'000 == 0) {
            tell(TopicRole::book, BookDelta{});  // orders come and go without trades
        }
        if (traded) {
            volume += 1;
            tell(TopicRole::trades, Trades{});
            tell(TopicRole::book, BookDelta{});
            tell(TopicRole::day_ticker, TickerUpdate{.last_price = Price{100}, .volume_24h = volume});
            KlineUpdate kline;
            kline.candle.open_time = {time_at(now_ms).ms / ms_per_minute * ms_per_minute};
            kline.candle.volume = volume;
            tell(TopicRole::klines, kline);
        }
        for (const TopicRole role : topic_roles) {
            static_cast<void>(delivery.watch(role).check(at(now_ms)));
        }
    }
    [[nodiscard]] std::vector<TopicRole> silent() const {
        std::vector<TopicRole> found;
        for (const TopicRole role : topic_roles) {
            if (delivery.watch(role).silent()) {
                found.push_back(role);
            }
        }
        return found;
    }

    ClockOnly transport;
    ExchangeClock clock{transport};
    SymbolTopics topics{.book = "x@depth",
                        .trades = "x@aggTrade",
                        .ticker = "x@markPrice",
                        .klines = "x@kline_1m",
                        .day_ticker = "x@ticker"};
    SymbolDelivery delivery{topics, clock, 1};
    std::int64_t now_ms = 0;
    double volume = 1'000;
};

// Whichever topic goes silent and whenever: it is named within minutes, and no other.
TEST(SymbolDelivery, EachTopicThatIsSilentIsNamedAndNoOther) {
    for (const TopicRole role : topic_roles) {
        for (const int heard_s : {0, 30, 300}) {
            Contract contract;
            for (int second = 0; second < heard_s; ++second) {
                contract.second(true, {});
            }
            EXPECT_TRUE(contract.silent().empty());
            int waited = 0;
            while (contract.silent().empty() && waited < 300) {
                contract.second(true, {role});
                ++waited;
            }
            EXPECT_EQ(contract.silent(), std::vector{role}) << heard_s;
            EXPECT_LE(waited, role == TopicRole::klines ? 85 : 30) << name_of(role) << heard_s;
            std::vector<std::string> concerns;
            contract.delivery.add_concerns(concerns, at(contract.now_ms));
            ASSERT_EQ(concerns.size(), 1U);
            EXPECT_NE(concerns[0].find(contract.delivery.topic_of(role)), std::string::npos) << concerns[0];
            for (int second = 0; second < 3; ++second) {
                contract.second(true, {});
            }
            EXPECT_TRUE(contract.silent().empty());
        }
    }
}

// Nothing is traded for hours, or something every few minutes: all is well.
TEST(SymbolDelivery, AQuietContractIsNotAccused) {
    for (const int every_s : {1'000'000, 1'800, 300, 61, 20, 7}) {
        Contract contract;
        for (int second = 1; second < 4 * 3'600; ++second) {
            contract.second(second % every_s == 0, {});
            ASSERT_TRUE(contract.silent().empty()) << every_s << " " << second;
        }
    }
}

// All that tells of trading is silent together: candles that are asked for show it.
TEST(SymbolDelivery, CandlesThatWereAskedForShowWhatNoTopicTold) {
    Contract contract;
    const std::vector<TopicRole> market{TopicRole::trades, TopicRole::ticker, TopicRole::klines,
                                        TopicRole::day_ticker};
    for (int minute = 1; minute < 6; ++minute) {
        for (int second = 0; second < 60; ++second) {
            contract.second(true, market);
        }
        const Candle candle{.open_time = {(time_at(contract.now_ms).ms / ms_per_minute - 1) * ms_per_minute},
                            .volume = 5};
        contract.delivery.note_candles(
            {.timeframe = Timeframe::m1, .time = time_at(contract.now_ms), .candles = {&candle, 1}});
    }
    contract.second(true, market);
    EXPECT_EQ(contract.silent(),
              (std::vector{TopicRole::trades, TopicRole::ticker, TopicRole::klines, TopicRole::day_ticker}));
}

}  // namespace
}  // namespace virtuoso
