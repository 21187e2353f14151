#include "market/symbol_state.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

constexpr std::int64_t start = 1'717'200'000'000;

MarketEvent event(std::int64_t ms, MarketPayload payload) {
    return {"X", {ms}, std::move(payload)};
}

TradePrint trade(std::int64_t ms, std::int64_t size, Side side, bool block = false) {
    return {.time = {ms}, .price = Price{decimal_scale}, .size = Size{size}, .taker = side, .block = block};
}

TEST(SymbolState, CountsTakerVolumeWithoutBlockTrades) {
    SymbolState state("X");
    const TradePrint prints[] = {trade(start, 5, Side::buy), trade(start, 7, Side::sell),
                                 trade(start, 100, Side::buy, true)};
    const auto change = state.apply(event(start, Trades{.prints = prints}));
    EXPECT_EQ(change.trades, 2U);
    EXPECT_EQ(state.totals().trades, 2U);
    EXPECT_EQ(state.totals().block_trades, 1U);
    EXPECT_TRUE(state.totals().buy_volume == 5);
    EXPECT_TRUE(state.totals().sell_volume == 7);
}

TEST(SymbolState, PrintsThatAreNotOfTheMarketAreCountedApart) {
    SymbolState state("X");
    TradePrint fund = trade(start + 1, 1'000, Side::buy);
    fund.price = Price{9 * decimal_scale};
    fund.off_market = true;
    const TradePrint prints[] = {trade(start, 5, Side::buy), fund, trade(start + 2, 7, Side::sell)};
    const auto change = state.apply(event(start + 2, Trades{.prints = prints}));
    EXPECT_EQ(change.trades, 2U);
    EXPECT_EQ(state.totals().off_market, 1U);
    EXPECT_EQ(state.tape().trades().size(), 2U);
    EXPECT_TRUE(state.totals().buy_volume == 5);
    const auto forming = state.candles().open(Timeframe::m1);
    ASSERT_TRUE(forming);
    EXPECT_EQ(forming->high, Price{decimal_scale});
}

TEST(SymbolState, BothPartsOfATradeCountOnce) {
    SymbolState state("X");
    TradePrint visible = trade(start, 3, Side::buy);
    visible.id = 7;
    TradePrint retail = trade(start, 2, Side::buy);
    retail.id = 7;
    retail.retail = true;
    const TradePrint prints[] = {visible, retail};
    for (int round = 0; round < 3; ++round) {
        state.apply(event(start, Trades{.ids_ascend = true, .prints = prints}));
    }
    EXPECT_TRUE(state.totals().buy_volume == 5);
    EXPECT_EQ(state.totals().duplicates, 4U);
}

TEST(SymbolState, CappedSizesAreCounted) {
    SymbolState state("X");
    MarketEvent huge = event(start, TickerUpdate{.time = {start}});
    huge.sizes_capped = 3;
    state.apply(huge);
    EXPECT_EQ(state.totals().sizes_capped, 3U);
}

TEST(SymbolState, ARefilledTradeReachesEveryTimeframeOnce) {
    SymbolState state("X");
    const auto send = [&](std::int64_t ms, std::int64_t size, Side side, std::uint64_t id) {
        TradePrint print = trade(ms, size * decimal_scale, side);
        print.price = Price{(100 + size) * decimal_scale};
        print.id = id;
        state.apply(event(ms, Trades{.ids_ascend = true, .prints = {&print, 1}}));
    };
    send(start, 1, Side::buy, 1);
    send(start + 90 * ms_per_minute, 2, Side::buy, 9);  // an hour is closed
    const Candle before = state.candles().series(Timeframe::h1).closed().back();
    const auto revision = state.candles().series(Timeframe::h1).revision();
    for (int repeated = 0; repeated < 2; ++repeated) {
        send(start + 17 * ms_per_minute, 7, Side::sell, 5);
    }
    EXPECT_EQ(state.totals().late_trades, 1U);
    EXPECT_EQ(state.totals().duplicates, 1U);
    EXPECT_EQ(before.volume, 1);
    const std::int64_t at = start + 17 * ms_per_minute;
    for (const Timeframe timeframe :
         {Timeframe::m1, Timeframe::m5, Timeframe::m15, Timeframe::m30, Timeframe::h1}) {
        const std::int64_t begin = at - at % interval_ms(timeframe);
        const auto candle = state.candles().series(timeframe).find({begin});
        ASSERT_TRUE(candle) << name_of(timeframe);
        EXPECT_EQ(candle->volume, begin == start ? 8 : 7) << name_of(timeframe);
        EXPECT_EQ(candle->taker_sell, 7) << name_of(timeframe);
        EXPECT_EQ(candle->high, Price{107 * decimal_scale}) << name_of(timeframe);
    }
    for (const Timeframe timeframe : {Timeframe::h4, Timeframe::d1}) {
        EXPECT_EQ(state.candles().open(timeframe)->volume, 10) << name_of(timeframe);
        EXPECT_EQ(state.candles().open(timeframe)->taker_sell, 7) << name_of(timeframe);
    }
    EXPECT_GT(state.candles().series(Timeframe::h1).revision(), revision) << "whoever read it reads again";
}

TEST(SymbolState, SidesOfTradesAreUsedForCandlesThatAHistoryClosed) {
    for (const bool trades_first : {true, false}) {
        SymbolState state("X");
        const std::int64_t now = start + 2 * ms_per_hour;
        std::vector<std::pair<Timeframe, std::vector<Candle>>> histories;
        for (const Timeframe timeframe : {Timeframe::h1, Timeframe::m5, Timeframe::m1}) {
            std::vector<Candle> rows;
            for (std::int64_t at = start; at < now; at += interval_ms(timeframe)) {
                const Price one{decimal_scale};
                rows.push_back(
                    {.open_time = {at}, .open = one, .high = one, .low = one, .close = one, .volume = 50});
            }
            histories.emplace_back(timeframe, std::move(rows));
        }
        std::vector<TradePrint> prints{trade(now - 7 * ms_per_minute, 3 * decimal_scale, Side::buy),
                                       trade(now - 6 * ms_per_minute, 4 * decimal_scale, Side::sell)};
        const auto send_trades = [&] { state.apply(event(now, Trades{.prints = prints})); };
        if (trades_first) {
            send_trades();
        }
        for (const auto& [timeframe, rows] : histories) {
            state.apply(event(now, KlineHistory{timeframe, {now}, rows}));
        }
        if (!trades_first) {
            send_trades();
        }
        state.advance({now});
        const auto expect_sides = [&](Timeframe timeframe, std::int64_t at, double buy, double sell) {
            const auto candle = state.candles().series(timeframe).find({at});
            ASSERT_TRUE(candle);
            EXPECT_EQ(candle->volume, 50) << "the exchange's";
            EXPECT_EQ(candle->taker_buy, buy) << name_of(timeframe) << trades_first;
            EXPECT_EQ(candle->taker_sell, sell) << name_of(timeframe) << trades_first;
        };
        expect_sides(Timeframe::m1, now - 7 * ms_per_minute, 3, 0);
        expect_sides(Timeframe::m5, now - 10 * ms_per_minute, 3, 4);
        expect_sides(Timeframe::h1, now - ms_per_hour, 3, 4);
    }
}

TEST(SymbolState, AnOpenInterestHistoryIsPricedWhicheverComesFirst) {
    for (const bool candles_first : {true, false}) {
        SymbolState state("X");
        const Price two{2 * decimal_scale};
        const std::vector<Candle> rows{
            {.open_time = {start}, .open = two, .high = two, .low = two, .close = two, .volume = 1}};
        const OpenInterestPoint point{.time = {start + 5 * ms_per_minute}, .open_interest = 9};
        const KlineHistory candles{Timeframe::m5, {start + 5 * ms_per_minute}, rows};
        const OpenInterestHistory interest{{&point, 1}};
        StateChange last;
        if (candles_first) {
            state.apply(event(start + 5 * ms_per_minute, candles));
            last = state.apply(event(start + 5 * ms_per_minute, interest));
        } else {
            state.apply(event(start + 5 * ms_per_minute, interest));
            last = state.apply(event(start + 5 * ms_per_minute, candles));
        }
        EXPECT_EQ(state.open_interest().back().price, two);
        EXPECT_TRUE(last.open_interest) << "readings of it are made again";
    }
}

TEST(SymbolState, UsesOneTradeFeedOnly) {
    SymbolState state("X");
    const TradePrint print = trade(start, 5, Side::buy);
    state.apply(event(start, Trades{.feed = TradeFeed::aggregate, .prints = {&print, 1}}));
    state.apply(event(start, Trades{.feed = TradeFeed::individual, .prints = {&print, 1}}));
    EXPECT_EQ(state.totals().trades, 1U);
}

TEST(SymbolState, TheDeepestBookFeedWins) {
    SymbolState state("X");
    const BookLevel bid{Price{10}, Size{1}};
    const BookLevel ask{Price{12}, Size{1}};
    const auto snapshot = [&](int depth, std::uint64_t id) {
        return event(
            start,
            BookSnapshot{
                .time = {start}, .update_id = id, .depth = depth, .bids = {&bid, 1}, .asks = {&ask, 1}});
    };
    state.apply(snapshot(1, 5));
    state.apply(snapshot(200, 1'000));
    state.apply(snapshot(1, 6));
    EXPECT_EQ(state.book().update_id(), 1'000U);
    state.apply(event(
        start, BookDelta{.time = {start}, .last_update_id = 77, .previous_update_id = 76, .depth = 50}));
    EXPECT_TRUE(state.book().view()) << "another depth's counter is not a gap";
    EXPECT_EQ(state.totals().gaps, 0U);
}

TEST(SymbolState, ARefusedBookFrameBreaksTheBookAtOnce) {
    SymbolState state("X");
    const BookLevel bid{Price{10}, Size{1}};
    state.apply(event(start, BookSnapshot{.time = {start}, .update_id = 5, .depth = 50, .bids = {&bid, 1}}));
    state.reject(false);
    EXPECT_TRUE(state.book().view());
    state.reject(true);
    EXPECT_FALSE(state.book().view());
    EXPECT_EQ(state.totals().gaps, 1U);
    EXPECT_EQ(state.totals().rejected, 2U);
}

TEST(SymbolState, TickerDeltasKeepWhatTheyDoNotMention) {
    SymbolState state("X");
    state.apply(event(start, TickerUpdate{.time = {start}, .last_price = Price{5}, .open_interest = 9.5}));
    state.apply(event(start + 1, TickerUpdate{.time = {start + 1}, .last_price = Price{6}}));
    EXPECT_EQ(state.ticker().last_price, Price{6});
    EXPECT_EQ(state.ticker().open_interest, 9.5);
}

TEST(SymbolState, SamplesOpenInterestEveryFiveMinutes) {
    SymbolState state("X");
    for (int i = 0; i < 400 * 5; ++i) {
        const std::int64_t ms = start + i * ms_per_minute;
        state.apply(event(ms, TickerUpdate{.time = {ms}, .open_interest = i}));
    }
    EXPECT_EQ(state.open_interest().size(), SymbolState::open_interest_max);
    EXPECT_EQ(state.open_interest().back().time.ms % SymbolState::open_interest_step_ms, 0);
}

TEST(SymbolState, HistoriesMergeInOrderWithoutRepetition) {
    SymbolState state("X");
    const FundingPoint newer[] = {{{300}, .3}, {{400}, .4}};
    const FundingPoint older[] = {{{100}, .1}, {{200}, .2}, {{300}, .9}};
    state.apply(event(400, FundingHistory{newer}));
    state.apply(event(300, FundingHistory{older}));
    ASSERT_EQ(state.funding().size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(state.funding()[i].time.ms, static_cast<std::int64_t>(100 * (i + 1)));
    }
    EXPECT_EQ(state.funding()[2].rate, .3) << "what was known stays";
}

TEST(SymbolState, LiquidationsAreKeptForADay) {
    SymbolState state("X");
    for (int hour = 0; hour < 72; ++hour) {
        const std::int64_t ms = start + hour * ms_per_hour;
        const Liquidation liquidation{.time = {ms}, .price = Price{1}, .size = Size{1}};
        state.apply(event(ms, Liquidations{{&liquidation, 1}}));
    }
    EXPECT_EQ(state.liquidations().size(), 25U);
}

TEST(SymbolState, MemoryOfAFullSymbolStaysWithinItsBound) {
    SymbolState state("X");
    const BookLevel bid{Price{10}, Size{1}};
    state.apply(event(start, BookSnapshot{.time = {start}, .update_id = 5, .depth = 50, .bids = {&bid, 1}}));
    for (int i = 0; i < 400 * 1'440; ++i) {
        const std::int64_t ms = start + i * ms_per_minute;
        const Candle candle{
            .open_time = {ms}, .open = Price{5}, .high = Price{5}, .low = Price{5}, .close = Price{5}};
        state.apply(
            event(ms + ms_per_minute, KlineUpdate{{ms + ms_per_minute}, Timeframe::m1, true, candle}));
    }
    const std::int64_t later = start + 400 * ms_per_day;
    for (int i = 0; i < 30'000; ++i) {
        const TradePrint print = trade(later + i, 5, Side::buy);
        const Liquidation liquidation{.time = {later + i}, .price = Price{1}, .size = Size{1}};
        state.apply(event(later + i, Trades{.prints = {&print, 1}}));
        state.apply(event(later + i, Liquidations{{&liquidation, 1}}));
    }
    EXPECT_EQ(state.tape().trades().size(), TradeTape::trades_max);
    EXPECT_EQ(state.liquidations().size(), SymbolState::liquidations_max);
    EXPECT_LT(state.bytes(), 900'000U);
}

}  // namespace
}  // namespace virtuoso
