// Whoever joins at any moment, with answers that come late and in any order, has the candles of one who was
// there all the time.
#include "market/symbol_state.hpp"
#include "support/candle_exchange.hpp"
#include "support/owned_event.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace virtuoso {
namespace {

using test::CandleExchange;
using test::OwnedEvent;

constexpr std::int64_t first_day = 1'717'200'000'000;  // 2024-06-01 00:00:00 UTC

/// How one session begins.
struct Join {
    std::int64_t at_ms = 0;
    std::int64_t minute_rows = 1'440;  ///< of the history; 0: it is never answered
    std::size_t page = 200;            ///< recent trades that REST tells of
    bool tells_time = true;            ///< answers say when they were given
    bool page_overdue = false;         ///< trades went on without waiting for the page
    bool ids_rise = true;
    std::uint64_t delays = 1;  ///< seed of the answers' delays
};

struct Delivery {
    std::int64_t at_ms;
    OwnedEvent event;
};

class Session {
  public:
    Session(const CandleExchange& exchange, std::uint64_t seed, bool ids_rise)
        : exchange_(exchange), random_(seed), ids_rise_(ids_rise) {}

    /// Trades and confirmed minutes of [from, to), received a little later; not before `held_until`.
    void stream(std::int64_t from, std::int64_t to, std::int64_t held_until) {
        std::int64_t received = held_until;
        for (std::size_t i = exchange_.place_of(from); i < exchange_.place_of(to); ++i) {
            received = std::max(received, exchange_.trades()[i].time.ms + pick(20, 300));
            trades(received, i, i + 1);
        }
        received = 0;
        const std::int64_t minute = ms_per_minute;
        for (std::int64_t end = (from / minute + 1) * minute; end <= to; end += minute) {
            received = std::max(received, end + pick(20, 1'500));
            kline(received, end - minute, end, true);
        }
    }
    /// Unconfirmed klines of [from, to).
    void unfinished(std::int64_t from, std::int64_t to) {
        std::int64_t received = 0;
        for (std::int64_t now = from + pick(0, 900); now < to; now += pick(300, 3'000)) {
            received = std::max(received, now + pick(0, 800));
            kline(received, now - now % ms_per_minute, now, false);
        }
    }
    void join(const Join& join, std::int64_t to) {
        stream(join.at_ms, to, 0);
        const auto live = std::exchange(deliveries_, {});
        const std::int64_t asked = join.at_ms + pick(200, 800);
        SeededRandom delays(join.delays);
        const auto delayed = [&](std::int64_t at, std::uint64_t most) {
            return at + static_cast<std::int64_t>(delays.below(most));
        };
        const std::int64_t page_at = delayed(asked, 5'000) + (join.page_overdue ? 34'000 : 0);
        const std::int64_t held = join.page_overdue ? join.at_ms + 30'000 : page_at;
        const std::size_t end = exchange_.place_of(asked);
        trades(page_at, end > join.page ? end - join.page : 0, end);
        for (const Delivery& delivery : live) {
            const bool trade = std::holds_alternative<Trades>(delivery.event.payload());
            deliveries_.push_back({trade ? std::max(held, delivery.at_ms) : delivery.at_ms, delivery.event});
        }
        unfinished(join.at_ms, std::min(to, join.at_ms + 150'000));
        unfinished(std::max(join.at_ms + 150'000, to - 30'000), to);
        for (const Timeframe timeframe : all_timeframes) {
            const std::int64_t rows = timeframe == Timeframe::m1 ? join.minute_rows : 100;
            const std::int64_t answered = join.at_ms + pick(100, 1'500);
            const auto candles = exchange_.rows(timeframe, answered, rows);
            const std::int64_t received = delayed(answered, 20'000);
            if (!candles.empty()) {
                const ExchangeTime time = join.tells_time ? ExchangeTime{answered} : candles.back().open_time;
                push(received, KlineHistory{timeframe, time, candles}, time.ms);
            }
        }
    }
    [[nodiscard]] SymbolState play(std::int64_t to) {
        std::stable_sort(deliveries_.begin(), deliveries_.end(),
                         [](const Delivery& a, const Delivery& b) { return a.at_ms < b.at_ms; });
        SymbolState state("X");
        std::uint64_t changes = changes_of(state.candles());
        for (const Delivery& delivery : deliveries_) {
            const std::uint64_t version = state.candles().version();
            state.apply(delivery.event.event());
            if (std::exchange(changes, changes_of(state.candles())) != changes) {
                EXPECT_NE(state.candles().version(), version)
                    << "whoever looks at it alone would miss a candle";
            }
        }
        state.advance({to});
        return state;
    }

  private:
    [[nodiscard]] std::int64_t pick(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    static std::uint64_t changes_of(const CandleBook& candles) {
        std::uint64_t changes = 0;
        for (const Timeframe timeframe : all_timeframes) {
            changes += candles.series(timeframe).closed().pushed() + candles.series(timeframe).revision();
        }
        return changes;
    }
    void push(std::int64_t received, const MarketPayload& payload, std::int64_t time) {
        deliveries_.push_back({received, OwnedEvent({"X", {time}, payload})});
    }
    void trades(std::int64_t received, std::size_t first, std::size_t last) {
        std::vector<TradePrint> prints(exchange_.trades().begin() + static_cast<std::ptrdiff_t>(first),
                                       exchange_.trades().begin() + static_cast<std::ptrdiff_t>(last));
        for (TradePrint& print : prints) {
            print.id = ids_rise_ ? print.id : print.id * 0x9e3779b97f4a7c15;
        }
        if (!prints.empty()) {
            push(received, Trades{.ids_ascend = ids_rise_, .prints = prints}, prints.back().time.ms);
        }
    }
    void kline(std::int64_t received, std::int64_t start, std::int64_t now, bool confirmed) {
        push(received, KlineUpdate{{now}, Timeframe::m1, confirmed, exchange_.row(Timeframe::m1, start, now)},
             now);
    }

    const CandleExchange& exchange_;
    SeededRandom random_;
    bool ids_rise_;
    std::vector<Delivery> deliveries_;
};

bool near(double a, double b) {
    return std::fabs(a - b) <= 1e-9 * std::max(1.0, std::max(std::fabs(a), std::fabs(b)));
}

std::string text(const Candle& candle) {
    return fmt::format("{} o{} h{} l{} c{} v{} buy{} sell{}{}", candle.open_time.ms, candle.open.value(),
                       candle.high.value(), candle.low.value(), candle.close.value(), candle.volume,
                       candle.taker_buy, candle.taker_sell, candle.partial ? " partial" : "");
}

void expect_same(const Candle& joined, const Candle& whole, bool sides, const std::string& what) {
    const bool same =
        joined.open_time == whole.open_time && joined.open == whole.open && joined.high == whole.high &&
        joined.low == whole.low && joined.close == whole.close && near(joined.volume, whole.volume) &&
        !joined.partial &&
        (!sides || (near(joined.taker_buy, whole.taker_buy) && near(joined.taker_sell, whole.taker_sell)));
    EXPECT_TRUE(same) << what << "\n  joined " << text(joined) << "\n  whole  " << text(whole);
}

/// Candles that were not over at `since`. Sides are held against each other from `sides_from` on.
void expect_same(const SymbolState& joined, const SymbolState& whole, std::int64_t since,
                 std::int64_t sides_from, const std::string& what) {
    for (const Timeframe timeframe : all_timeframes) {
        const auto& closed = whole.candles().series(timeframe).closed();
        const std::string where = fmt::format("{} {}", what, name_of(timeframe));
        for (std::size_t i = 0; i < closed.size(); ++i) {
            if (closed[i].open_time.ms + interval_ms(timeframe) <= since) {
                continue;
            }
            const auto found = joined.candles().series(timeframe).find(closed[i].open_time);
            if (!found) {
                ADD_FAILURE() << where << " lacks " << text(closed[i]);
                continue;
            }
            expect_same(*found, closed[i], closed[i].open_time.ms >= sides_from, where);
        }
        const auto a = joined.candles().open(timeframe);
        const auto b = whole.candles().open(timeframe);
        // Of an interval without trades only the exchange may have told.
        const bool traded = (a && a->volume > 0) || (b && b->volume > 0);
        EXPECT_EQ(traded, a && b && a->volume > 0 && b->volume > 0) << where;
        if (a && b && traded) {
            expect_same(*a, *b, b->open_time.ms >= sides_from, where + " open");
        }
    }
}

class AnyMoment : public testing::TestWithParam<std::uint64_t> {
  protected:
    AnyMoment() : random_(GetParam() * 77) {}

    [[nodiscard]] std::int64_t pick(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    /// Seconds around a boundary of some timeframe, or anywhere, on the second day.
    [[nodiscard]] std::int64_t moment() {
        const std::int64_t somewhere = first_day + ms_per_day + pick(0, ms_per_day - 1);
        if (pick(0, 3) == 0) {
            return somewhere;
        }
        const std::int64_t interval = interval_ms(all_timeframes[random_.below(timeframe_count)]);
        return std::max(first_day + ms_per_day, somewhere - somewhere % interval + pick(-4'000, 1'500));
    }
    [[nodiscard]] Join shape(bool sides) {
        constexpr std::array<std::int64_t, 5> rows{1'440, 1'000, 300, 7, 0};
        Join join{.at_ms = moment(), .page = static_cast<std::size_t>(pick(3, 900))};
        join.page_overdue = pick(0, 3) == 0;
        join.ids_rise = pick(0, 1) == 0;
        join.tells_time = !sides;  // as it is at the two exchanges
        join.minute_rows = sides ? 1'440 : rows[random_.below(rows.size())];
        join.delays = static_cast<std::uint64_t>(pick(1, 1'000'000));
        return join;
    }
    [[nodiscard]] CandleExchange exchange(bool sides) {
        return CandleExchange({.seed = GetParam(),
                               .begin_ms = first_day,
                               .end_ms = first_day + 3 * ms_per_day,
                               .trade_every_ms = pick(2'000, 15'000),
                               .tells_sides = sides});
    }

    SeededRandom random_;
};

TEST_P(AnyMoment, JoiningGivesTheCandlesOfAnUninterruptedRun) {
    const bool sides = GetParam() % 3 == 0;
    const CandleExchange market = exchange(sides);
    for (const std::int64_t stays :
         {pick(40'000, 90'000), pick(200'000, 4'000'000), pick(4'000'000, 40'000'000)}) {
        const Join join = shape(sides);
        const std::int64_t to = join.at_ms + stays;
        Session whole_session(market, GetParam() + 1'000, join.ids_rise);
        whole_session.stream(first_day, to, 0);
        Session session(market, GetParam(), join.ids_rise);
        session.join(join, to);
        const std::size_t page_end = market.place_of(join.at_ms);
        const std::size_t oldest = page_end > join.page ? page_end - join.page + 30 : 0;
        const std::int64_t sides_from = sides ? 0 : market.trades()[std::min(oldest, page_end)].time.ms;
        expect_same(session.play(to), whole_session.play(to), join.at_ms, sides_from,
                    fmt::format("seed {}, joined {}, stays {} ms, {} minutes, overdue {}:", GetParam(),
                                join.at_ms, stays, join.minute_rows, join.page_overdue));
    }
}

TEST_P(AnyMoment, AnswersInAnyOrderGiveTheSameCandles) {
    const bool sides = GetParam() % 3 == 0;
    const CandleExchange market = exchange(sides);
    Join join = shape(sides);
    const std::int64_t to = join.at_ms + 60'000 + pick(0, 300'000);
    const auto played = [&](std::uint64_t delays) {
        join.delays = delays;
        Session session(market, GetParam(), join.ids_rise);
        session.join(join, to);
        return session.play(to);
    };
    const SymbolState first = played(1);
    for (std::uint64_t delays = 2; delays < 8; ++delays) {
        const SymbolState other = played(delays);
        for (const Timeframe timeframe : all_timeframes) {
            const auto& a = first.candles().series(timeframe).closed();
            const auto& b = other.candles().series(timeframe).closed();
            ASSERT_EQ(a.size(), b.size()) << name_of(timeframe) << " seed " << GetParam();
            for (std::size_t i = 0; i < a.size(); ++i) {
                EXPECT_EQ(text(a[i]), text(b[i]))
                    << name_of(timeframe) << " seed " << GetParam() << " delays " << delays;
                EXPECT_EQ(a[i].gap_before, b[i].gap_before);
            }
            const auto open = first.candles().open(timeframe);
            const auto other_open = other.candles().open(timeframe);
            ASSERT_EQ(open.has_value(), other_open.has_value());
            EXPECT_EQ(open ? text(*open) : "", other_open ? text(*other_open) : "")
                << name_of(timeframe) << " seed " << GetParam() << " delays " << delays;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyMoment, testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace virtuoso
