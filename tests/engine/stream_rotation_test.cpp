// Connections that are replaced before their time is over: whatever the two connections' latencies are, the
// state is that of a run without a replacement, and no symbol loses wholeness.
#include "exchange/stream_rotation.hpp"

#include "engine/live_session.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "sim/back_history.hpp"
#include "sim/simulated_binance.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::size_t symbols = 4;
constexpr std::int64_t settled_ms = 2 * ms_per_minute;
constexpr std::uint64_t past_trade_last = start_ms / ms_per_minute * sim::past_trades_per_minute;
constexpr std::int64_t never = 7 * ms_per_day;

struct Followed {
    Followed(std::int64_t planned_ms, std::int64_t hang_up_ms, std::uint64_t seed, std::int64_t latencies_ms)
        : exchange(
              {.symbols = symbols, .seed = 6, .start = {start_ms}, .connection_lifetime_ms = hang_up_ms}),
          network(exchange, 3),
          session(listening()),
          feed(network, std::make_unique<binance::UsdmDialect>(), session,
               {.book_depth = 100, .seed = 3, .connection_lifetime_ms = planned_ms}) {
        network.spread_latencies(latencies_ms, seed);
        session.set_feed(feed);
        feed.start();
    }
    [[nodiscard]] LiveOptions listening() {
        LiveOptions options;
        options.exchange = "binance-usdm";
        options.on_notice = [this](std::string_view text) { notices.emplace_back(text); };
        options.on_applied = [this](std::span<const MarketEvent> events) { note(events); };
        return options;
    }
    void note(std::span<const MarketEvent> events) {
        for (const auto& event : events) {
            if (const auto* const trades = std::get_if<Trades>(&event.payload)) {
                for (const auto& print : trades->prints) {
                    ids[std::string(event.symbol)].push_back(print.id);
                }
            }
        }
    }
    /// Runs on; the number of times at which a symbol was not whole.
    std::size_t run(std::int64_t ms) {
        std::size_t broken = 0;
        for (std::int64_t passed = 0; passed < ms; passed += 100) {
            network.run(100);
            for (const auto& name : feed.symbols()) {
                const auto concerns = feed.concerns(name);
                const bool whole = concerns.empty() && session.find(name)->state.book().view();
                if (!whole && broken++ < 3) {
                    ADD_FAILURE() << name << " after " << passed
                                  << " ms: " << (concerns.empty() ? "no book" : concerns.front());
                }
            }
        }
        return broken;
    }
    /// In the order in which they came, without repetitions by REST.
    [[nodiscard]] std::map<std::string, std::vector<std::uint64_t>> live_ids() const {
        std::map<std::string, std::vector<std::uint64_t>> live;
        for (const auto& [name, all] : ids) {
            std::uint64_t newest = 0;
            for (const auto id : all) {
                if (id > newest) {
                    newest = id;
                    live[name].push_back(id);
                }
            }
        }
        return live;
    }
    /// Everything that is known of the symbols, without what only says how it came.
    [[nodiscard]] std::string state() const {
        std::string text;
        for (const auto& name : feed.symbols()) {
            const SymbolState& state = session.find(name)->state;
            const auto book = state.book().view();
            text +=
                fmt::format("{} book {} trades {} in {} liquidations {}", name, book ? book->update_id() : 0,
                            state.tape().trades().size(), state.totals().trades, state.liquidations().size());
            if (book) {
                const auto visit = [&](Price price, Size size) {
                    text += fmt::format(" {}:{}", price.units, size.units);
                    return true;
                };
                book->walk_bids(visit);
                book->walk_asks(visit);
            }
            for (const Timeframe timeframe : all_timeframes) {
                const CandleSeries& series = state.candles().series(timeframe);
                const auto add = [&](const Candle& c) {
                    text += fmt::format("\n{} {} {} {} {} {} {} {}", name_of(timeframe), c.open_time.ms,
                                        c.open.units, c.high.units, c.low.units, c.close.units, c.volume,
                                        c.taker_buy);
                };
                for (std::size_t i = 0; i < series.closed().size(); ++i) {
                    add(series.closed()[i]);
                }
                if (const auto open = state.candles().open(timeframe)) {
                    add(*open);
                }
            }
            text += '\n';
        }
        return text;
    }

    sim::SimulatedBinance exchange;
    test::VirtualNetwork network;
    LiveSession session;
    PerpetualFeed feed;
    std::vector<std::string> notices;
    std::map<std::string, std::vector<std::uint64_t>> ids;
};

/// Ids of trades follow each other. The market's first is the second of the start's minute.
void expect_each_once(const Followed& run) {
    for (const auto& [name, ids] : run.ids) {
        std::set<std::uint64_t> once(ids.begin(), ids.end());
        once.erase(once.begin(), once.upper_bound(past_trade_last));
        ASSERT_FALSE(once.empty());
        const auto hole = std::ranges::adjacent_find(once, [](auto a, auto b) { return b != a + 1; });
        EXPECT_EQ(hole, once.end()) << name << ": a trade is missing after "
                                    << (hole == once.end() ? 0 : *hole) << ", "
                                    << std::distance(once.begin(), hole) << " of " << once.size();
    }
}

TEST(StreamRotation, LeavesTheStateOfARunWithoutIt) {
    Followed calm(never, never, 1, 0);
    calm.network.run(settled_ms);
    EXPECT_EQ(calm.run(20 * ms_per_minute), 0U);
    EXPECT_EQ(calm.feed.statistics().rotations, 0U);
    // Without differing latencies both runs hear everything at the same moment.
    Followed rotated(4 * ms_per_minute, 6 * ms_per_minute, 1, 0);
    rotated.network.run(settled_ms);
    EXPECT_EQ(rotated.run(20 * ms_per_minute), 0U);
    EXPECT_GE(rotated.feed.statistics().rotations, 8U);
    EXPECT_EQ(rotated.feed.statistics().disconnects, 0U);
    EXPECT_EQ(rotated.exchange.rotations(), 0U) << "none was left to be ended by the exchange";
    EXPECT_EQ(rotated.feed.statistics().resyncs, 0U);
    EXPECT_EQ(rotated.state(), calm.state());
    EXPECT_EQ(rotated.live_ids(), calm.live_ids());
}

class Latencies : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, Latencies, testing::Range<std::uint64_t>(1, 9));

TEST_P(Latencies, WhicheverConnectionIsFasterNothingIsLostOrDoubled) {
    Followed run(3 * ms_per_minute, 5 * ms_per_minute, GetParam(), 700);
    run.network.run(settled_ms);
    run.ids.clear();
    EXPECT_EQ(run.run(12 * ms_per_minute), 0U);
    EXPECT_GE(run.feed.statistics().rotations, 5U);
    EXPECT_EQ(run.feed.statistics().disconnects, 0U);
    EXPECT_EQ(run.feed.statistics().resyncs, 0U);
    EXPECT_EQ(run.feed.statistics().trade_gaps, 0U);
    expect_each_once(run);
    for (const auto& [name, ids] : run.ids) {
        const auto twice = std::ranges::adjacent_find(ids, std::greater_equal<>{});
        EXPECT_EQ(twice, ids.end()) << name << ": twice or out of order";
    }
    for (const auto& name : run.feed.symbols()) {
        EXPECT_EQ(run.session.find(name)->state.totals().gaps, 0U) << name;
    }
}

TEST(StreamRotation, ConnectionsOpenedTogetherEndApart) {
    const binance::UsdmDialect dialect;
    sim::SimulatedBinance exchange({.symbols = 1, .seed = 1, .start = {start_ms}});
    test::VirtualNetwork network(exchange, 3);
    struct Nobody final : StreamOwner {
        void on_market(TopicStream&, const RawRecord&, const DecodedFrame&) override {}
        void on_control(const RawRecord&) override {}
        void on_refused(TopicStream&, const RawRecord&, const Error&) override {}
        void on_live(const std::string&) override {}
        void on_topic_refused(const std::string&, std::string_view) override {}
        void on_lost(TopicStream&, const Error&, bool) override {}
    } owner;
    constexpr std::size_t count = 12;
    std::vector<std::unique_ptr<TopicStream>> streams;
    for (std::size_t i = 0; i < count; ++i) {
        streams.push_back(std::make_unique<TopicStream>(
            network, dialect, owner, TopicStream::Identity{.seed = i, .lifetime_ms = 60 * ms_per_minute}));
        streams.back()->open();
    }
    std::vector<std::size_t> old_at_minute;
    for (std::size_t minute = 0; minute < 61; ++minute) {
        network.run(ms_per_minute);
        old_at_minute.push_back(static_cast<std::size_t>(
            std::ranges::count_if(streams, [](const auto& stream) { return stream->is_old(); })));
    }
    EXPECT_EQ(old_at_minute[48], 0U) << "the last sixth of what is allowed";
    EXPECT_EQ(old_at_minute.back(), count);
    for (std::size_t minute = 1; minute < old_at_minute.size(); ++minute) {
        EXPECT_LT(old_at_minute[minute] - old_at_minute[minute - 1], count / 2) << "they end apart";
    }
}

// Two that are old at once are replaced one after the other.
TEST(StreamRotation, OneConnectionIsReplacedAtATime) {
    Followed run(3 * ms_per_minute, never, 1, 0);
    std::uint64_t seen = 0;
    for (std::int64_t passed = 0; passed < 20 * ms_per_minute; passed += 1'000) {
        run.network.run(1'000);
        EXPECT_LE(run.exchange.clients(), 3U) << "both routes and one successor";
        seen = run.feed.statistics().rotations;
    }
    EXPECT_GE(seen, 8U);
}

// The exchange hangs up before any replacement was planned: one reconnect, and everything is whole again.
TEST(StreamRotation, TheExchangeMayBeFaster) {
    Followed run(never, 5 * ms_per_minute, 1, 0);
    run.network.run(settled_ms + 4 * ms_per_minute);
    EXPECT_GE(run.feed.statistics().disconnects, 2U);
    run.network.run(30'000);
    for (const auto& name : run.feed.symbols()) {
        EXPECT_EQ(run.feed.concerns(name), std::vector<std::string>{}) << name;
    }
    expect_each_once(run);
}

// The old connection dies at any moment of its replacement.
class Deaths : public testing::TestWithParam<std::int64_t> {};
INSTANTIATE_TEST_SUITE_P(Moments, Deaths, testing::Values(0, 50, 100, 200, 400, 1'000, 3'000, 8'000, 12'000));

TEST_P(Deaths, TheOldConnectionEndsMeanwhile) {
    Followed run(4 * ms_per_minute, never, 5, 300);
    const std::uint64_t before = run.feed.statistics().connections;
    run.network.run(settled_ms);
    const std::uint64_t opened = run.feed.statistics().connections;
    ASSERT_GT(opened, before);
    while (run.feed.statistics().connections == opened) {
        run.network.run(10);
    }
    run.network.run(GetParam());
    run.exchange.faults().add(*sim::Fault::parse("disconnect:match=@,count=2", run.exchange.now_ms()));
    run.network.run(2 * ms_per_minute);
    for (const auto& name : run.feed.symbols()) {
        EXPECT_EQ(run.feed.concerns(name), std::vector<std::string>{}) << name;
        EXPECT_TRUE(run.session.find(name)->state.book().view()) << name;
    }
    expect_each_once(run);
}

}  // namespace
}  // namespace virtuoso
