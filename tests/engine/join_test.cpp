// Whoever joins the simulated exchange at any moment, its answers late and out of order, has the candles of
// one who was there before.
#include "engine/live_session.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "sim/simulated_binance.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

namespace virtuoso {
namespace {

constexpr std::int64_t day = 1'795'564'800'000 - 1'795'564'800'000 % ms_per_day;

/// Answers come up to `late_ms` late, each by another time.
class LateAnswers final : public Transport {
  public:
    LateAnswers(Transport& inner, std::uint64_t seed, std::uint64_t late_ms)
        : inner_(inner), random_(seed), late_ms_(late_ms) {}

    [[nodiscard]] LocalTime now() const override { return inner_.now(); }
    void get(HttpRequest request, OnAnswer on_answer) override {
        const auto late = static_cast<std::int64_t>(random_.below(late_ms_ + 1));
        inner_.get(std::move(request), [this, late, done = std::move(on_answer)](Result<HttpAnswer> answer) {
            const auto kept = std::make_shared<Result<HttpAnswer>>(std::move(answer));
            inner_.after(late, [done, kept] { done(std::move(*kept)); });
        });
    }
    [[nodiscard]] std::unique_ptr<StreamConnection> connect(std::string_view path,
                                                            StreamListener& listener) override {
        return inner_.connect(path, listener);
    }
    void after(std::int64_t ms, std::function<void()> call) override { inner_.after(ms, std::move(call)); }

  private:
    Transport& inner_;
    SeededRandom random_;
    std::uint64_t late_ms_;
};

struct Client {
    Client(sim::ServedExchange& exchange, std::unique_ptr<ExchangeDialect> dialect, std::uint64_t seed,
           std::uint64_t late_ms)
        : network(exchange, 3),
          late(network, seed, late_ms),
          session({}),
          feed(late, std::move(dialect), session, {.book_depth = 50, .seed = seed}) {
        session.set_feed(feed);
        feed.start();
    }

    test::VirtualNetwork network;
    LateAnswers late;
    LiveSession session;
    PerpetualFeed feed;
};

bool near(double a, double b) {
    return std::fabs(a - b) <= 1e-9 * std::max(1.0, std::max(std::fabs(a), std::fabs(b)));
}

std::string text(const Candle& candle) {
    return fmt::format("{} o{} h{} l{} c{} v{} buy{} sell{}{}", candle.open_time.ms, candle.open.value(),
                       candle.high.value(), candle.low.value(), candle.close.value(), candle.volume,
                       candle.taker_buy, candle.taker_sell, candle.partial ? " partial" : "");
}

bool same(const Candle& joined, const Candle& whole, bool sides) {
    return joined.open == whole.open && joined.high == whole.high && joined.low == whole.low &&
           joined.close == whole.close && near(joined.volume, whole.volume) &&
           joined.partial == whole.partial &&
           (!sides || (near(joined.taker_buy, whole.taker_buy) && near(joined.taker_sell, whole.taker_sell)));
}

/// A candle and what it is made of.
std::string text(const SymbolState& state, const Candle& candle, Timeframe timeframe) {
    std::string lines = text(candle);
    const auto& minutes = state.candles().series(Timeframe::m1);
    const std::size_t first = minutes.place_of(candle.open_time);
    const std::size_t last = minutes.place_of(candle.open_time + interval_ms(timeframe));
    for (std::size_t i = std::max(first, last > 6 ? last - 6 : 0); timeframe != Timeframe::m1 && i < last;
         ++i) {
        lines += "\n      " + text(minutes.closed()[i]);
    }
    return lines;
}

/// `sides_from`: from then on both know every trade.
void expect_same(const SymbolState& joined, const SymbolState& whole, std::int64_t since,
                 std::int64_t sides_from, const std::string& what) {
    for (const Timeframe timeframe : all_timeframes) {
        const std::string where = fmt::format("{} {}", what, name_of(timeframe));
        const auto& closed = whole.candles().series(timeframe).closed();
        for (std::size_t i = 0; i < closed.size(); ++i) {
            if (closed[i].open_time.ms + interval_ms(timeframe) > since) {
                const auto found = joined.candles().series(timeframe).find(closed[i].open_time);
                ASSERT_TRUE(found) << where << " lacks " << text(closed[i]);
                EXPECT_TRUE(same(*found, closed[i], closed[i].open_time.ms >= sides_from))
                    << where << "\n  joined " << text(joined, *found, timeframe) << "\n  whole  "
                    << text(whole, closed[i], timeframe);
            }
        }
        const auto a = joined.candles().open(timeframe);
        const auto b = whole.candles().open(timeframe);
        ASSERT_EQ(a.has_value(), b.has_value()) << where;
        if (a) {
            EXPECT_TRUE(same(*a, *b, b->open_time.ms >= sides_from))
                << where << " open\n  joined " << text(joined, *a, timeframe) << "\n  whole  "
                << text(whole, *b, timeframe);
        }
    }
}

/// The exchange's own candles, that were over ten seconds ago.
void expect_true(const SymbolState& state, sim::SymbolMarket& market, std::int64_t now_ms,
                 std::int64_t sides_from, const std::string& what) {
    const sim::SimInstrument& instrument = market.instrument();
    for (const Timeframe timeframe : all_timeframes) {
        const auto interval = static_cast<std::size_t>(
            std::ranges::find(sim::sim_intervals, interval_ms(timeframe), &sim::SimInterval::ms) -
            sim::sim_intervals.begin());
        const CandleSeries& series = state.candles().series(timeframe);
        ASSERT_FALSE(series.closed().empty()) << what << ' ' << name_of(timeframe);
        for (const sim::SimCandle& row : market.candles().candles(interval)) {
            if (row.start_ms < series.closed().front().open_time.ms ||
                row.start_ms + interval_ms(timeframe) + 11'000 > now_ms) {
                continue;
            }
            const auto price = [&](std::int64_t ticks) { return Price{ticks * instrument.tick_units}; };
            const double bought = instrument.quantity_of(row.buy_steps);
            const Candle truth{.open_time = {row.start_ms},
                               .open = price(row.open),
                               .high = price(row.high),
                               .low = price(row.low),
                               .close = price(row.close),
                               .volume = instrument.quantity_of(row.steps),
                               .taker_buy = bought,
                               .taker_sell = instrument.quantity_of(row.steps - row.buy_steps)};
            const auto found = series.find(truth.open_time);
            ASSERT_TRUE(found) << what << ' ' << name_of(timeframe) << " lacks " << text(truth);
            EXPECT_TRUE(same(*found, truth, row.start_ms >= sides_from))
                << what << ' ' << name_of(timeframe) << "\n  held  " << text(state, *found, timeframe)
                << "\n  truth " << text(truth);
        }
    }
}

/// What one of them was sent within the last milliseconds may be on its way to the other still.
void let_arrive(Client& whole, Client& joined, std::int64_t sides_from) {
    constexpr int on_its_way_ms = 60;
    const auto agree = [&](const std::string& name) {
        const TrackedSymbol* const a = joined.session.find(name);
        const TrackedSymbol* const b = whole.session.find(name);
        return a != nullptr && b != nullptr && std::ranges::all_of(all_timeframes, [&](Timeframe timeframe) {
                   const auto left = a->state.candles().open(timeframe);
                   const auto right = b->state.candles().open(timeframe);
                   return left.has_value() == right.has_value() &&
                          (!left || same(*left, *right, right->open_time.ms >= sides_from));
               });
    };
    for (int ms = 0; ms < on_its_way_ms && !std::ranges::all_of(whole.feed.symbols(), agree); ++ms) {
        whole.network.run(1);
        joined.network.run(1);
    }
}

struct Stay {
    std::int64_t start_ms;  ///< of the exchange, and of who is there before
    std::int64_t joined_ms;
    std::int64_t end_ms;
    std::uint64_t seed;
};

template <typename Exchange, typename Dialect>
void join(const Stay& stay) {
    Exchange exchange({.symbols = 6, .seed = stay.seed, .start = {stay.start_ms}});
    Client whole(exchange, std::make_unique<Dialect>(), stay.seed, 0);
    whole.network.run(stay.joined_ms - stay.start_ms);
    Client joined(exchange, std::make_unique<Dialect>(), stay.seed + 1, 6'000);
    while (exchange.now_ms() < stay.end_ms) {
        whole.network.run(sim::ServedExchange::slot_ms);
        joined.network.run(sim::ServedExchange::slot_ms);
    }
    const std::int64_t both_from = stay.joined_ms + 8'000;  // the answers are there, and the streams
    let_arrive(whole, joined, both_from);
    for (const auto& name : whole.feed.symbols()) {
        const TrackedSymbol* const a = joined.session.find(name);
        const TrackedSymbol* const b = whole.session.find(name);
        ASSERT_TRUE(a != nullptr && b != nullptr) << name;
        const std::string what = fmt::format("seed {} joined {} {}", stay.seed, stay.joined_ms, name);
        expect_same(a->state, b->state, stay.joined_ms, both_from, what);
        expect_true(a->state, *exchange.model().find(name), exchange.now_ms(), both_from, what);
    }
}

template <typename Exchange, typename Dialect>
void join_around(std::int64_t boundary_ms, std::uint64_t seed) {
    SeededRandom random(seed);
    const std::int64_t joined_ms = boundary_ms - 5'000 + static_cast<std::int64_t>(random.below(7'000));
    join<Exchange, Dialect>(
        {boundary_ms - 150'000, joined_ms, boundary_ms + 6 * ms_per_minute + 7'770, seed});
}

template <typename Exchange, typename Dialect>
void join_anywhere(std::uint64_t seed) {
    SeededRandom random(seed);
    const auto pick = [&](std::uint64_t most) { return static_cast<std::int64_t>(random.below(most)); };
    const std::int64_t joined_ms = day + pick(ms_per_day);
    join<Exchange, Dialect>(
        {joined_ms - 1'000 - pick(200'000), joined_ms, joined_ms + 30'000 + pick(600'000), seed});
}

TEST(Join, BybitSecondsAroundABoundary) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        join_around<sim::SimulatedExchange, bybit::BybitDialect>(day + 16 * ms_per_hour, seed);
        join_around<sim::SimulatedExchange, bybit::BybitDialect>(day + 35 * ms_per_minute, seed + 10);
    }
}

TEST(Join, BinanceSecondsAroundABoundary) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        join_around<sim::SimulatedBinance, binance::UsdmDialect>(day + 16 * ms_per_hour, seed);
        join_around<sim::SimulatedBinance, binance::UsdmDialect>(day + ms_per_day, seed + 10);
    }
}

TEST(Join, BybitAtAnyMoment) {
    for (std::uint64_t seed = 21; seed <= 24; ++seed) {
        join_anywhere<sim::SimulatedExchange, bybit::BybitDialect>(seed);
    }
}

TEST(Join, BinanceAtAnyMoment) {
    for (std::uint64_t seed = 21; seed <= 24; ++seed) {
        join_anywhere<sim::SimulatedBinance, binance::UsdmDialect>(seed);
    }
}

}  // namespace
}  // namespace virtuoso
