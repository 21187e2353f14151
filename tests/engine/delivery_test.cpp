// What no longer comes is said: in the symbol's concerns, and once to the operator.
#include "engine/live_session.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "sim/simulated_binance.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::int64_t minute = ms_per_minute;

std::unique_ptr<const ExchangeDialect> dialect_named(std::string_view name) {
    if (name == "bybit") {
        return std::make_unique<bybit::BybitDialect>();
    }
    return std::make_unique<binance::UsdmDialect>();
}

template <typename Exchange>
class Live {
  public:
    Live(const std::string& name, std::size_t symbols, FeedOptions options, ExchangeTime start = {start_ms})
        : exchange({.symbols = symbols, .seed = 4, .start = start}),
          network(exchange, 3),
          session({.exchange = name,
                   .on_notice = [this](std::string_view text) { notices.emplace_back(text); },
                   .on_applied = [this](std::span<const MarketEvent> events) { count(events); }}),
          feed(network, dialect_named(name), session, std::move(options)) {
        session.set_feed(feed);
        feed.start();
    }
    void fault(const std::string& text) {
        exchange.faults().add(*sim::Fault::parse(text, exchange.now_ms()));
    }
    [[nodiscard]] std::size_t told(std::string_view part) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            notices, [&](const std::string& text) { return text.find(part) != std::string::npos; }));
    }
    [[nodiscard]] bool concerned(const std::string& symbol, std::string_view part) const {
        return std::ranges::any_of(feed.concerns(symbol), [&](const std::string& text) {
            return text.find(part) != std::string::npos;
        });
    }
    /// Without holes in the trades that the exchange no longer fills.
    [[nodiscard]] std::vector<std::string> concerns_now(const std::string& symbol) const {
        std::vector<std::string> concerns = feed.concerns(symbol);
        std::erase_if(concerns,
                      [](const std::string& text) { return text.find("were lost") != std::string::npos; });
        return concerns;
    }
    void count(std::span<const MarketEvent> events) {
        for (const auto& event : events) {
            ticker_events[std::string(event.symbol)] +=
                std::holds_alternative<TickerUpdate>(event.payload) ? 1 : 0;
            other_events[std::string(event.symbol)] +=
                std::holds_alternative<TickerUpdate>(event.payload) ? 0 : 1;
        }
    }

    Exchange exchange;
    test::VirtualNetwork network;
    std::vector<std::string> notices;
    std::map<std::string, int> ticker_events;
    std::map<std::string, int> other_events;
    LiveSession session;
    PerpetualFeed feed;
};

// Each topic of each exchange is dropped on its way, from the beginning or after a while.
template <typename Exchange>
void expect_each_silence_is_said(const std::string& name) {
    const auto dialect = dialect_named(name);
    for (const std::int64_t heard : {std::int64_t{0}, 3 * minute}) {
        const auto topics_of = [&](const std::string& symbol) { return dialect->topics_of(symbol, 50); };
        const auto names =
            Live<Exchange>(name, 3, {.book_depth = 50}).exchange.model().market(0).instrument().symbol;
        const std::string victim(names);
        const SymbolTopics topics = topics_of(victim);
        for (const auto& topic : topics.all()) {
            if (std::ranges::find(topics.rare, topic) != topics.rare.end()) {
                continue;
            }
            Live<Exchange> live(name, 3, {.book_depth = 50});
            live.network.run(heard);
            live.fault("drop:match=" + topic);
            live.network.run(5 * minute);
            EXPECT_TRUE(live.concerned(victim, topic)) << topic << " after " << heard;
            EXPECT_EQ(live.told(topic + " for"), 1U) << topic << ": said once";
            for (const auto& other : live.feed.symbols()) {
                EXPECT_TRUE(other == victim || live.feed.concerns(other).empty()) << other;
            }
            EXPECT_LE(live.feed.statistics().stale_topics, 8U) << "asked for again, after pauses";
            live.exchange.faults().clear();
            live.network.run(4 * minute);
            EXPECT_EQ(live.concerns_now(victim), std::vector<std::string>{}) << topic;
            EXPECT_EQ(live.told("topic delivers again: " + topic), 1U) << topic;
        }
    }
}

TEST(Delivery, EachSilentTopicOfBybitIsSaid) {
    expect_each_silence_is_said<sim::SimulatedExchange>("bybit");
}

TEST(Delivery, EachSilentTopicOfBinanceIsSaid) {
    expect_each_silence_is_said<sim::SimulatedBinance>("binance-usdm");
}

TEST(Delivery, CalmExchangesAreNeverAccused) {
    Live<sim::SimulatedExchange> bybit("bybit", 8, {.book_depth = 50});
    bybit.network.run(20 * minute);
    EXPECT_EQ(bybit.feed.statistics().stale_topics, 0U);
    Live<sim::SimulatedBinance> binance("binance-usdm", 8, {.book_depth = 50});
    binance.network.run(20 * minute);
    EXPECT_EQ(binance.feed.statistics().stale_topics, 0U);
    for (const auto* const notices : {&bybit.notices, &binance.notices}) {
        EXPECT_EQ(*notices, std::vector<std::string>{});
    }
}

// What rests on trades is absent while they do not come, whatever was received before.
TEST(Delivery, CoverageFallsWithoutTrades) {
    Live<sim::SimulatedExchange> live("bybit", 3, {.book_depth = 50});
    live.network.run(10 * minute);
    TrackedSymbol& symbol = *live.session.find(live.feed.symbols()[0]);
    const auto orderflow = static_cast<std::size_t>(ComponentId::orderflow);
    const Confluence before = live.session.evaluate(symbol);
    ASSERT_TRUE(before.components[orderflow].score);
    live.fault("drop:match=publicTrade");
    live.fault("500:match=recent-trade");
    live.network.run(3 * minute);
    const Confluence after = live.session.evaluate(symbol);
    EXPECT_FALSE(after.components[orderflow].score);
    EXPECT_EQ(after.components[orderflow].sub_scores().front().absence, Absence::trades_stale);
    EXPECT_LT(after.coverage, before.coverage - 0.1);
    live.exchange.faults().clear();
    live.network.run(3 * minute);
    EXPECT_TRUE(live.session.evaluate(symbol).components[orderflow].score);
}

TEST(Delivery, AConnectionThatNeverOpensIsSaid) {
    Live<sim::SimulatedExchange> live("bybit", 3, {.book_depth = 50});
    live.fault("tls");
    live.network.run(5 * minute);
    EXPECT_GE(live.told("did not open"), 1U);
    EXPECT_LE(live.told("did not open"), 3U) << "ever more seldom";
    for (const auto& name : live.feed.symbols()) {
        EXPECT_TRUE(live.concerned(name, "TLS handshake failed"));
    }
}

// Every connection is closed as soon as it delivers: they come back ever more seldom.
TEST(Delivery, ConnectionsThatAreClosedAtOnceDoNotUseUpTheLimits) {
    Live<sim::SimulatedExchange> live("bybit", 3, {.book_depth = 50});
    live.network.run(minute);
    live.fault("disconnect:match=orderbook");
    live.network.run(5 * minute);
    EXPECT_LE(live.feed.statistics().disconnects, 30U);
    EXPECT_GE(live.feed.statistics().disconnects, 8U);
    live.exchange.faults().clear();
    live.network.run(minute);
    for (const auto& name : live.feed.symbols()) {
        EXPECT_EQ(live.concerns_now(name), std::vector<std::string>{});
    }
}

TEST(Delivery, TheFirstRefusalOfEachKindIsSaid) {
    Live<sim::SimulatedExchange> live("bybit", 3, {.book_depth = 50});
    live.network.run(minute);
    live.fault("malformed:match=tickers,for=30");
    live.network.run(minute / 2);
    EXPECT_GE(live.told("a frame (other) was refused"), 1U);
    EXPECT_LE(live.told("was refused"), 8U);
    EXPECT_TRUE(live.concerned(live.feed.symbols()[0], "refused: "));
    live.network.run(2 * minute);
    EXPECT_FALSE(live.concerned(live.feed.symbols()[0], "refused: "));
}

// Whatever a score looks back on goes on while the exchange does, however long ago it was loaded.
template <typename Exchange>
void expect_histories_that_go_on(const std::string& name) {
    constexpr std::int64_t settled_every = 8 * ms_per_hour;
    constexpr ExchangeTime settled{(start_ms / settled_every + 1) * settled_every};
    Live<Exchange> live(name, 1, {.book_depth = 50}, {settled.ms - minute});
    live.network.run(ms_per_hour + 10 * minute);
    const SymbolState& state = live.session.find(live.feed.symbols()[0])->state;
    const ExchangeTime now{live.exchange.now_ms()};
    const auto newest = [](const auto& ring) { return ring[ring.size() - 1].time; };
    EXPECT_EQ(newest(state.funding()), settled);
    EXPECT_LE(now - newest(state.open_interest()), 10 * minute);
    EXPECT_LE(now - newest(state.account_ratio()), 15 * minute);
    for (const Timeframe timeframe : all_timeframes) {
        const auto& closed = state.candles().series(timeframe).closed();
        EXPECT_LE(now - ExchangeTime{closed.key(closed.size() - 1)}, 2 * interval_ms(timeframe) + minute);
    }
}

TEST(Delivery, HistoriesGoOnWithBybit) {
    expect_histories_that_go_on<sim::SimulatedExchange>("bybit");
}

TEST(Delivery, HistoriesGoOnWithBinance) {
    expect_histories_that_go_on<sim::SimulatedBinance>("binance-usdm");
}

// Breadth speaks of the whole exchange: its tickers are asked for while only some contracts are followed.
template <typename Exchange>
void expect_market_tickers(const std::string& name) {
    constexpr std::size_t symbols = 30;
    Live<Exchange> some(name, symbols, {.symbols_max = 2, .book_depth = 50});
    some.network.run(minute);
    const auto before = some.ticker_events;
    some.network.run(2 * minute);
    EXPECT_EQ(some.feed.symbols().size(), 2U);
    std::size_t known = 0;
    for (const auto& [symbol, count] : before) {
        if (std::ranges::find(some.feed.symbols(), symbol) == some.feed.symbols().end()) {
            ++known;
            EXPECT_NEAR(some.ticker_events[symbol] - count, 12, 1) << symbol;
            EXPECT_EQ(some.other_events[symbol], 0) << symbol;
            EXPECT_EQ(some.session.find(symbol), nullptr) << "it has no state of its own";
        }
    }
    EXPECT_GE(known, symbols - 2);
    Live<Exchange> all(name, 3, {.book_depth = 1'000});
    all.network.run(minute);
    const std::uint64_t asked = all.feed.statistics().requests;
    all.network.run(minute);
    EXPECT_LE(all.feed.statistics().requests - asked, 8U) << "what is streamed is not asked for";
}

TEST(Delivery, TickersOfWhatIsNotFollowedAreAskedFor) {
    expect_market_tickers<sim::SimulatedExchange>("bybit");
    expect_market_tickers<sim::SimulatedBinance>("binance-usdm");
}

}  // namespace
}  // namespace virtuoso
