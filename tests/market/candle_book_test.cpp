#include "market/candle_book.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

constexpr std::int64_t midnight = 1'717'200'000'000;  // 2024-06-01 00:00:00 UTC

Price price(double value) {
    return Price{static_cast<std::int64_t>(value * 1e8)};
}
Size size(double value) {
    return Size{static_cast<std::int64_t>(value * 1e8)};
}

Candle minute(int index, double open, double close, double volume = 1) {
    return {.open_time = {midnight + index * ms_per_minute},
            .open = price(open),
            .high = price(std::max(open, close)),
            .low = price(std::min(open, close)),
            .close = price(close),
            .volume = volume,
            .source = CandleSource::exchange};
}

const TradeTape no_trades;

void confirm(CandleBook& book, const Candle& candle) {
    book.add_kline(Timeframe::m1, candle, true, candle.open_time + ms_per_minute, no_trades);
}

TEST(CandleBook, BuildsAllTimeframesFromTrades) {
    CandleBook book;
    for (int second = 0; second < 3'600 + 5; ++second) {
        const ExchangeTime time{midnight + second * 1'000LL};
        book.add_trade(time, price(100 + second % 60), size(2), second % 2 == 0 ? Side::buy : Side::sell);
        book.advance(time);
    }
    EXPECT_EQ(book.series(Timeframe::m1).closed().size(), 60U);
    EXPECT_EQ(book.series(Timeframe::m5).closed().size(), 12U);
    EXPECT_EQ(book.series(Timeframe::m30).closed().size(), 2U);
    EXPECT_EQ(book.series(Timeframe::h1).closed().size(), 1U);
    EXPECT_EQ(book.series(Timeframe::d1).closed().size(), 0U);
    const Candle& first = book.series(Timeframe::m1).closed().front();
    EXPECT_EQ(first.open, price(100));
    EXPECT_EQ(first.high, price(159));
    EXPECT_EQ(first.close, price(159));
    EXPECT_EQ(first.volume, 120);
    EXPECT_EQ(first.taker_buy, 60);
    EXPECT_FALSE(first.partial);
    EXPECT_TRUE(book.open(Timeframe::d1));
}

TEST(CandleBook, AHistoryThatComesLaterGoesBeforeWhatIsKept) {
    CandleBook book;
    for (int i = 100; i < 103; ++i) {
        confirm(book, minute(i, 1, 2));
    }
    std::vector<Candle> past;
    for (int i = 0; i < 102; ++i) {
        past.push_back(minute(i, 3, 4));
    }
    const auto revision = book.series(Timeframe::m1).revision();
    book.add_history(Timeframe::m1, past, {midnight + 103 * ms_per_minute}, no_trades);
    const auto& closed = book.series(Timeframe::m1).closed();
    ASSERT_EQ(closed.size(), 103U);
    EXPECT_GT(book.series(Timeframe::m1).revision(), revision) << "whoever followed the series starts again";
    for (std::size_t i = 0; i < closed.size(); ++i) {
        EXPECT_EQ(closed[i].open_time.ms, midnight + static_cast<std::int64_t>(i) * ms_per_minute);
        EXPECT_EQ(closed[i].open, price(i < 102 ? 3 : 1)) << "the later word of the exchange wins";
        EXPECT_FALSE(closed[i].gap_before);
    }
    EXPECT_EQ(book.series(Timeframe::m5).closed().size(), 20U)
        << "longer candles are made again from all minutes";
    book.add_history(Timeframe::m1, past, {midnight + 103 * ms_per_minute}, no_trades);
    EXPECT_EQ(book.series(Timeframe::m1).closed().size(), 103U);
}

TEST(CandleBook, TheFirstCandleJoinedMidwayIsPartial) {
    CandleBook book;
    book.add_trade({midnight + 30'000}, price(1), size(1), Side::buy);
    book.add_trade({midnight + 60'000}, price(1), size(1), Side::buy);
    book.add_trade({midnight + 120'000}, price(1), size(1), Side::buy);
    const auto& closed = book.series(Timeframe::m1).closed();
    ASSERT_EQ(closed.size(), 2U);
    EXPECT_TRUE(closed[0].partial);
    EXPECT_FALSE(closed[1].partial);
}

// Wherever the minute is that the exchange does not tell, the candle that lacks it says so until it comes.
TEST(CandleBook, ALongerCandleThatLacksMinutesIsPartialWhereverTheyAre) {
    for (int missing = 5; missing < 15; ++missing) {
        for (int last = missing; last < 15; ++last) {
            CandleBook book;
            for (int i = 0; i < 20; ++i) {
                if (i < missing || i > last) {
                    confirm(book, minute(i, 1, 2));
                }
            }
            const auto lacks = [&](int from, int to) { return missing < to && last >= from; };
            for (const int at : {0, 5, 10, 15}) {
                const auto candle = book.series(Timeframe::m5).find({midnight + at * ms_per_minute});
                if (missing <= at && last >= at + 4) {
                    EXPECT_FALSE(candle) << missing << '-' << last << " at " << at;
                    continue;
                }
                ASSERT_TRUE(candle) << missing << '-' << last << " at " << at;
                EXPECT_EQ(candle->partial, lacks(at, at + 5)) << missing << '-' << last << " at " << at;
            }
            std::vector<Candle> answer;
            for (int i = missing; i <= last; ++i) {
                answer.push_back(minute(i, 1, 2));
            }
            book.add_history(Timeframe::m1, answer, {midnight + 20 * ms_per_minute}, no_trades);
            for (const int at : {0, 5, 10, 15}) {
                const auto candle = book.series(Timeframe::m5).find({midnight + at * ms_per_minute});
                ASSERT_TRUE(candle);
                EXPECT_FALSE(candle->partial) << missing << '-' << last << " at " << at;
            }
        }
    }
}

TEST(CandleBook, AMinuteWithoutTradesLeavesAGapThatIsMarked) {
    CandleBook book;
    for (const int at : {0, 1, 4, 5}) {
        book.add_trade({midnight + at * ms_per_minute}, price(1), size(1), Side::buy);
    }
    const auto& closed = book.series(Timeframe::m1).closed();
    ASSERT_EQ(closed.size(), 3U);
    EXPECT_FALSE(closed[1].gap_before);
    EXPECT_TRUE(closed[2].gap_before);
}

TEST(CandleBook, TimeClosesACandleAfterItsGrace) {
    CandleBook book;
    book.add_trade({midnight}, price(1), size(1), Side::buy);
    book.advance({midnight + 60'500});
    EXPECT_EQ(book.series(Timeframe::m1).closed().size(), 0U) << "a trade may still be on its way";
    book.advance({midnight + 61'000});
    EXPECT_EQ(book.series(Timeframe::m1).closed().size(), 1U);
}

TEST(CandleBook, AConfirmedKlineWinsOverTrades) {
    CandleBook book;
    book.add_trade({midnight}, price(10), size(3), Side::buy);
    book.add_trade({midnight + 61'000}, price(11), size(1), Side::buy);
    const auto& series = book.series(Timeframe::m1);
    ASSERT_EQ(series.closed().size(), 1U);
    const auto revision = series.revision();
    confirm(book, minute(0, 9, 12, 7));
    EXPECT_EQ(series.closed()[0].open, price(9));
    EXPECT_EQ(series.closed()[0].volume, 7);
    EXPECT_EQ(series.closed()[0].taker_buy, 3) << "taker sides come from trades";
    EXPECT_EQ(series.closed()[0].source, CandleSource::exchange);
    EXPECT_GT(series.revision(), revision);
    const auto unchanged = series.revision();
    confirm(book, minute(0, 9, 12, 7));
    EXPECT_EQ(series.revision(), unchanged) << "a repetition changes nothing";
}

TEST(CandleBook, AnUnconfirmedKlineIsTheBeginningThatLaterTradesContinue) {
    CandleBook book;
    TradeTape tape;
    const auto trade = [&](std::int64_t ms, double at, double quantity, Side taker) {
        tape.add({.time = {ms}, .price = price(at), .size = size(quantity), .taker = taker}, false);
        book.add_trade({ms}, price(at), size(quantity), taker);
    };
    trade(midnight + 3'000, 10.5, 7, Side::buy);
    trade(midnight + 5'000, 20, 4, Side::sell);
    // Answered before the second trade, received after it.
    book.add_kline(Timeframe::m1, minute(0, 10, 11, 50), false, {midnight + 4'000}, tape);
    trade(midnight + 6'000, 9, 2, Side::sell);
    const auto open = book.open(Timeframe::m1);
    ASSERT_TRUE(open);
    EXPECT_EQ(open->volume, 56) << "50 until the answer, 4 and 2 after it";
    EXPECT_EQ(open->open, price(10));
    EXPECT_EQ(open->high, price(20));
    EXPECT_EQ(open->low, price(9));
    EXPECT_EQ(open->close, price(9));
    EXPECT_EQ(open->taker_buy, 7);
    EXPECT_EQ(open->taker_sell, 6);
}

TEST(CandleBook, MinuteKlinesRollUp) {
    CandleBook book;
    for (int i = 0; i < 60; ++i) {
        confirm(book, minute(i, 100 + i, 101 + i, 2));
    }
    const auto& hour = book.series(Timeframe::h1).closed();
    ASSERT_EQ(hour.size(), 1U);
    EXPECT_EQ(hour[0].open, price(100));
    EXPECT_EQ(hour[0].close, price(160));
    EXPECT_EQ(hour[0].high, price(160));
    EXPECT_EQ(hour[0].volume, 120);
    EXPECT_EQ(book.series(Timeframe::m5).closed().size(), 12U);
    book.add_trade({midnight + 3'600'000}, price(500), size(9), Side::buy);
    ASSERT_TRUE(book.open(Timeframe::h1));
    EXPECT_EQ(book.open(Timeframe::h1)->volume, 9) << "open candles move with trades";
    EXPECT_EQ(book.open(Timeframe::h1)->close, price(500));
}

TEST(CandleBook, RetentionHoldsOnEveryTimeframe) {
    CandleBook book;
    for (int i = 0; i < 400 * 1'440; ++i) {
        confirm(book, minute(i, 100, 101));
    }
    for (const auto timeframe : all_timeframes) {
        EXPECT_EQ(book.series(timeframe).closed().size(), candle_retention(timeframe)) << name_of(timeframe);
    }
    EXPECT_LT(book.bytes(), 500'000U);
}

}  // namespace
}  // namespace virtuoso
