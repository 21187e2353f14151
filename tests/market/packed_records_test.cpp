// Trades, liquidations and candles come back from their packed rings as they were put in, whatever they hold.
#include "market/candle_series.hpp"
#include "market/symbol_state.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <map>
#include <random>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// Each run of records is of one kind, so that blocks are of one kind, of two, and of all.
class Records {
  public:
    explicit Records(unsigned seed) : random_(seed) {}

    std::int64_t price() {
        switch (kind_) {
            case 0:
                return 6'500'000'000'000 + below(500) * 10'000'000;
            case 1:
                return 1 + below(9);
            case 2:
                return below(2) == 0 ? least + below(3) : most - below(3);
            default:
                return static_cast<std::int64_t>(random_());
        }
    }
    double volume() {
        switch (kind_) {
            case 0:
                return static_cast<double>(below(1'000'000)) / 1e3;
            case 1:
                return 92'233'720'368.54775807;
            case 2:
                return static_cast<double>(below(1'000'000)) * 1.1e9;
            default:
                return std::bit_cast<double>(random_());
        }
    }
    TapeTrade trade() {
        const auto time =
            static_cast<std::int64_t>(kind_ == 3 ? random_() : 1'700'000'000'000 + random_() % 100'000);
        return {{time}, {price()}, price(), below(3) == 0};
    }
    Candle candle() {
        return {.open_time = {kind_ == 3 ? price() : 60'000 * below(1'000'000)},
                .open = {price()},
                .high = {price()},
                .low = {price()},
                .close = {price()},
                .volume = volume(),
                .turnover = volume(),
                .taker_buy = volume(),
                .taker_sell = volume(),
                .source = static_cast<CandleSource>(below(3)),
                .partial = below(2) == 0,
                .gap_before = below(2) == 0,
                .takers_told = below(2) == 0};
    }
    void change_kind() { kind_ = below(50) == 0 ? below(4) : kind_; }

  private:
    std::int64_t below(std::uint64_t limit) { return static_cast<std::int64_t>(random_() % limit); }

    std::mt19937_64 random_;
    std::int64_t kind_ = 0;
};

template <typename Record>
void expect_kept(Record (Records::*make)(), bool (*same)(const Record&, const Record&)) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        Records records(seed);
        PackedRing<Record> ring(700);
        std::vector<Record> all;
        for (int i = 0; i < 1'500; ++i) {
            records.change_kind();
            all.push_back((records.*make)());
            ring.push(all.back());
        }
        ASSERT_EQ(ring.size(), 700U);
        for (std::size_t i = 0; i < ring.size(); ++i) {
            ASSERT_TRUE(same(ring[i], all[all.size() - ring.size() + i]))
                << "seed " << seed << ", record " << i;
        }
    }
}

bool same_trade(const TapeTrade& a, const TapeTrade& b) {
    return a.time == b.time && a.price == b.price && a.signed_size == b.signed_size && a.retail == b.retail;
}

/// By bits: −0 is not 0, and a NaN is itself.
bool same_double(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool same_candle(const Candle& a, const Candle& b) {
    return a.open_time == b.open_time && a.open == b.open && a.high == b.high && a.low == b.low &&
           a.close == b.close && same_double(a.volume, b.volume) && same_double(a.turnover, b.turnover) &&
           same_double(a.taker_buy, b.taker_buy) && same_double(a.taker_sell, b.taker_sell) &&
           a.source == b.source && a.partial == b.partial && a.gap_before == b.gap_before &&
           a.takers_told == b.takers_told;
}

TEST(PackedRecords, TradesComeBackAsTheyWere) {
    expect_kept<TapeTrade>(&Records::trade, same_trade);
}

TEST(PackedRecords, CandlesComeBackAsTheyWere) {
    expect_kept<Candle>(&Records::candle, same_candle);
}

TEST(PackedRecords, LiquidationsOfExtremeSizesComeBackThroughTheState) {
    SymbolState state("XUSDT");
    std::vector<Liquidation> told;
    for (std::int64_t i = 0; i < 1'000; ++i) {
        told.push_back({{1'700'000'000'000 + i},
                        i % 3 == 0 ? PositionSide::short_position : PositionSide::long_position,
                        {i % 7 == 0 ? most - i : i},
                        i % 5 == 0 ? largest_size : Size{1 + i}});
        state.apply({"XUSDT", told.back().time, Liquidations{{&told.back(), 1}}});
    }
    ASSERT_EQ(state.liquidations().size(), told.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
        const Liquidation kept = state.liquidations()[i].event();
        EXPECT_EQ(kept.time, told[i].time);
        EXPECT_EQ(kept.position, told[i].position);
        EXPECT_EQ(kept.price, told[i].price);
        EXPECT_EQ(kept.size, told[i].size);
    }
}

// Late candles replace, fill holes and go before all, in a series that is packed for the most part.
TEST(PackedRecords, SeriesOfCandlesIsAsIfItWereNotPacked) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        std::mt19937_64 random(seed);
        CandleSeries series(Timeframe::m1);
        std::map<std::int64_t, double> model;
        for (int i = 0; i < 4'000; ++i) {
            const std::int64_t newest = model.empty() ? 1'000 : model.rbegin()->first;
            const std::int64_t back = random() % 10 == 0 ? static_cast<std::int64_t>(random() % 1'600) : 0;
            const std::int64_t minute = back > 0 ? newest - back : newest + 1 + (random() % 50 == 0 ? 2 : 0);
            const double volume = static_cast<double>(random() % 1'000) / 8;
            const bool full = series.closed().size() == candle_retention(Timeframe::m1);
            series.put({.open_time = {minute * ms_per_minute}, .volume = volume});
            if (!full || minute >= model.begin()->first) {
                model[minute] = volume;
            }
            if (model.size() > candle_retention(Timeframe::m1)) {
                model.erase(model.begin());
            }
        }
        ASSERT_EQ(series.closed().size(), model.size());
        std::size_t at = 0;
        std::int64_t before = 0;
        for (const auto& [minute, volume] : model) {
            const Candle candle = series.closed()[at++];
            ASSERT_EQ(candle.open_time.ms, minute * ms_per_minute) << "seed " << seed;
            ASSERT_EQ(candle.volume, volume);
            ASSERT_EQ(series.find(candle.open_time)->volume, volume);
            ASSERT_FALSE(series.find({candle.open_time.ms + 1}));
            before = minute;
        }
        ASSERT_EQ(series.closed().back().open_time.ms, before * ms_per_minute);
    }
}

}  // namespace
}  // namespace virtuoso
