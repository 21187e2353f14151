// Tables as programs write them: spellings of names, numbers and times, and what is told of wrong rows.
#include "exchange/archive/table_reader.hpp"

#include "exchange/archive/candle_sequence.hpp"
#include "exchange/archive/spelled_time.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace virtuoso::archive {
namespace {

std::int64_t ms_of(std::string_view text) {
    const auto time = spelled_time(text, "time");
    return time ? to_ms(*time).ms : -1;
}

std::int64_t units_of(std::string_view text, bool decimal_comma = false) {
    NumberSpelling spelling{.decimal_comma = decimal_comma};
    return nearest_units(text, "price", spelling).value_or(-1);
}

TEST(SpelledTime, TellsTheUnitByTheSize) {
    for (const char* const text :
         {"1736899200", "1736899200000", "1736899200000000", "1736899200000000000", "1736899200.0",
          "1736899200000.0", "1.7368992e12", "1.7368992E+09", "2025-01-15", "2025/01/15 00:00", "20250115",
          "20250115000000", "2025-01-15T00:00:00Z", "2025-01-15 00:00:00 UTC", "2025-01-15 00:00:00UTC",
          "2025-01-15 01:00:00+01:00", "2025-01-14T19:00:00-0500", "2025-01-15 00:00:00.000000"}) {
        EXPECT_EQ(ms_of(text), 1'736'899'200'000) << text;
    }
    EXPECT_EQ(spelled_time("1736899200.3701", "t")->ns, 1'736'899'200'370'100'000);
    EXPECT_EQ(spelled_time("1736899200005123", "t")->ns, 1'736'899'200'005'123'000);
    EXPECT_EQ(ms_of("60000"), 60'000) << "small numbers are milliseconds";
    for (const char* const text :
         {"", "yesterday", "01/15/2025 00:00", "2025-13-01", "1e400", "-5", "99999999999999999999",
          "9223372036.9", "2025-01/15", "1736899200.x", "NaN"}) {
        EXPECT_EQ(ms_of(text), -1) << text;
    }
}

TEST(SpelledNumber, RoundsToTheNearestHundredMillionth) {
    EXPECT_EQ(units_of("1.175e-05"), 1'175);
    EXPECT_EQ(units_of("1.4000000000000001"), 140'000'000);
    EXPECT_EQ(units_of("0.000000014999"), 1);
    EXPECT_EQ(units_of("0.000000015"), 2) << "a half goes up";
    EXPECT_EQ(units_of("9.65E+4"), 9'650'000'000'000);
    EXPECT_EQ(units_of("123456789.123456789"), 12'345'678'912'345'679);
    EXPECT_EQ(units_of("96,500.25"), 9'650'025'000'000);
    EXPECT_EQ(units_of("96,500"), 9'650'000'000'000) << "a group of three in a cell of its own";
    EXPECT_EQ(units_of("96500,25", true), 9'650'025'000'000);
    EXPECT_EQ(units_of("96.500,25", true), 9'650'025'000'000);
    EXPECT_EQ(units_of("1e-20"), 0);
    NumberSpelling spelling;
    ASSERT_TRUE(nearest_units("1.25", "price", spelling));
    EXPECT_EQ(spelling.rounded, 0U) << "plain decimals are not counted";
    ASSERT_TRUE(nearest_units("1.25e0", "price", spelling));
    EXPECT_EQ(spelling.rounded, 1U);
    for (const char* const text :
         {"", "NaN", "1e99", "12x", "e5", "1.2.3", "--1", "99999999999999", "1e", ".", "1e5x"}) {
        const auto read = nearest_units(text, "price", spelling);
        ASSERT_FALSE(read) << text;
        EXPECT_NE(read.error().message.find("price"), std::string::npos) << read.error().message;
    }
    EXPECT_DOUBLE_EQ(*spelled_real("33.8K", "volume", {}), 33'800);
    EXPECT_DOUBLE_EQ(*spelled_real("1,234.5", "volume", {}), 1'234.5);
}

struct Spelling {
    std::string header;  ///< empty: the row has none
    std::string row;
};

TEST(Tables, CandlesOfEverySpellingAreTheSame) {
    const std::vector<Spelling> spellings{
        {"timestamp,open,high,low,close,volume", "1736899200000,96500.0,96502.5,96498,96499,6.5"},
        {"volume,close,low,high,open,date", "6.5,96499,96498,96502.5,96500,2025-01-15 00:00:00"},
        {"Date;Open;High;Low;Close;Volume", "2025-01-15 00:00;96500;96502,5;96498;96499;6,5"},
        {"time\topen\thigh\tlow\tclose\tVolume", "1736899200\t96500\t96502.5\t96498\t96499\t6.5"},
        {"<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>",
         "2025.01.15,00:00:00,96500,96502.5,96498,96499,6.5"},
        {"Unnamed: 0,Open,High,Low,Close,Volume", "2025-01-15 00:00:00+00:00,96500,96502.5,96498,96499,6.5"},
        {"Unnamed: 0,date,open,high,low,close,volume",
         "17,2025-01-15 00:00:00+00:00,96500,96502.5,96498,96499,6.5"},
        {",timestamp_ms,open,high,low,close,volume", "0,1736899200000,96500,96502.5,96498,96499,6.5"},
        {",open,high,low,close,volume", "2025-01-15 00:00:00+00:00,96500,96502.5,96498,96499,6.5"},
        {"\"Open time\",\"Open\",\"High\",\"Low\",\"Close\",\"Volume\"",
         "\"1736899200000\",\"96500\",\"96502.5\",\"96498\",\"96499\",\"6.5\""},
        {"Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount",
         "1736899200000,2025-01-15 00:00:00,BTCUSDT,96500,96502.5,96498,96499,6.5,627243.5,408"},
        {"t,o,h,l,c,v", "1736899200000,96500,96502.5,96498,96499,6.5"},
        {"startTime,openPrice,highPrice,lowPrice,closePrice,volume,turnover",
         "1736899200000,96500,96502.5,96498,96499,6.5,627243.5"},
        {"", "1736899200000,96500.0,96502.5,96498.0,96499.0,6.5"},
        {"", "1736899200000000,96500,96502.5,96498,96499,6.5,1736899259999999,627243.5,3,3.25,313621.7,0"},
        {"", "\"1736899200000\",\"96500\",\"96502.5\",\"96498\",\"96499\",\"6.5\",\"627243.5\""},
        {"timestamp,open,high,low,close,volume",
         "1736899200000.0,9.65e4,96502.500000000001,96498.0,9.6499E+04,6.5e0"},
    };
    for (const auto& [header, row] : spellings) {
        const auto layout = layout_of(header.empty() ? row : header);
        ASSERT_TRUE(layout) << header << row;
        EXPECT_EQ(layout->format->kind, TableKind::candles) << header << row;
        EXPECT_EQ(layout->headed, !header.empty()) << header << row;
        TableReader reader(*layout);
        const auto read = reader.row(row);
        ASSERT_TRUE(read) << header << ": " << read.error().message;
        ASSERT_EQ(read->values.size(), 1U);
        const auto& candle = std::get<Candle>(read->values.front());
        EXPECT_EQ(candle.open_time.ms, 1'736'899'200'000) << row;
        EXPECT_EQ(to_text(candle.open), "96500") << row;
        EXPECT_EQ(to_text(candle.high), "96502.5") << row;
        EXPECT_EQ(to_text(candle.low), "96498") << row;
        EXPECT_EQ(to_text(candle.close), "96499") << row;
        EXPECT_DOUBLE_EQ(candle.volume, 6.5) << row;
    }
}

TEST(Tables, KlinesOfBinanceTellTakerVolumes) {
    const auto layout =
        layout_of("1736899200000,96500,96502.5,96498,96499,6.5,1736899259999,627243.5,3,3.25,313621.7,0");
    ASSERT_TRUE(layout);
    TableReader reader(*layout);
    const auto row =
        reader.row("1736899200000,96500,96502.5,96498,96499,6.5,1736899259999,627243.5,3,3.25,313621.7,0");
    ASSERT_TRUE(row);
    const auto& candle = std::get<Candle>(row->values.front());
    EXPECT_DOUBLE_EQ(candle.taker_buy, 3.25);
    EXPECT_DOUBLE_EQ(candle.taker_sell, 3.25);
    EXPECT_DOUBLE_EQ(candle.turnover, 627'243.5);
}

TEST(Tables, TradesOfEveryArchive) {
    const struct {
        Spelling lines;
        Side taker;
        TradeFeed feed;
        std::string exchange;
    } archives[] = {
        {{"agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker",
          "77000,3211.05,0.25,90000,90001,1736899200250,true"},
         Side::sell,
         TradeFeed::aggregate,
         ""},
        {{"", "77000,3211.05,0.25,90000,90001,1736899200250000,False,True"},
         Side::buy,
         TradeFeed::aggregate,
         "binance-spot"},
        {{"", "77000,3211.05,0.25,90000,90001,1736899200250,true"},
         Side::sell,
         TradeFeed::aggregate,
         "binance-usdm"},
        {{"id,price,qty,quote_qty,time,is_buyer_maker", "900,3211.05,0.25,802.8,1736899200250,false"},
         Side::buy,
         TradeFeed::individual,
         ""},
        {{"", "900,3211.05,0.25,802.8,1736899200250,true"},
         Side::sell,
         TradeFeed::individual,
         "binance-usdm"},
        {{"timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional",
          "1736899200.25,ETHUSDT,Sell,0.25,3211.05,ZeroMinusTick,81e74ef5,2e10,97,224"},
         Side::sell,
         TradeFeed::individual,
         "bybit"},
        {{"exchange,symbol,timestamp,local_timestamp,id,side,price,amount",
          "binance-futures,ETHUSDT,1736899200250000,1736899200252500,901,buy,3211.05,0.25"},
         Side::buy,
         TradeFeed::individual,
         ""},
        {{"", "1736899200250,\"13519807\",null,\"sell\",3211.05,0.25,802.76"},
         Side::sell,
         TradeFeed::individual,
         ""},
    };
    for (const auto& [lines, taker, feed, exchange] : archives) {
        const auto layout = layout_of(lines.header.empty() ? lines.row : lines.header);
        ASSERT_TRUE(layout) << lines.row;
        EXPECT_EQ(layout->format->exchange, exchange) << lines.row;
        TableReader reader(*layout);
        const auto read = reader.row(lines.row);
        ASSERT_TRUE(read) << lines.row << ": " << read.error().message;
        const auto& trade = std::get<TradeRow>(read->values.front());
        EXPECT_EQ(trade.print.time.ms, 1'736'899'200'250) << lines.row;
        EXPECT_EQ(to_text(trade.print.price), "3211.05") << lines.row;
        EXPECT_EQ(to_text(trade.print.size), "0.25") << lines.row;
        EXPECT_EQ(trade.print.taker, taker) << lines.row;
        EXPECT_EQ(trade.feed, feed) << lines.row;
        EXPECT_NE(trade.print.id, 0U) << lines.row;
    }
}

TEST(Tables, SeriesTellWhateverTheirColumnsName) {
    const struct {
        Spelling lines;
        std::vector<RowKind> kinds;
    } tables[] = {
        {{"calc_time,funding_interval_hours,last_funding_rate", "1736899200000,4,0.0001"},
         {RowKind::funding}},
        {{"timestamp_ms,funding_rate", "1736899200000,-0.0001"}, {RowKind::funding}},
        {{"", "1736899200000,8,0.00010000"}, {RowKind::funding}},
        {{"", "1736899200000,-0.00069853,0.0,0.0,0.0,0.0"}, {RowKind::funding}},
        {{"create_time,symbol,sum_open_interest,count_long_short_ratio", "2025-01-15 00:00:00,X,1500.5,1.5"},
         {RowKind::interest, RowKind::ratio}},
        {{"create_time,symbol,sum_open_interest,count_long_short_ratio", "2025-01-15 00:00:00,X,1500.5,"},
         {RowKind::interest}},
        {{"timestamp,buyRatio,sellRatio", "1736899200000,0.6,0.4"}, {RowKind::ratio}},
        {{"exchange,symbol,timestamp,local_timestamp,funding_rate,open_interest,mark_price",
          "bybit,X,1736899200000000,1736899200000000,0.0001,5,3211.5"},
         {RowKind::funding, RowKind::interest, RowKind::mark}},
    };
    for (const auto& [lines, kinds] : tables) {
        const auto layout = layout_of(lines.header.empty() ? lines.row : lines.header);
        ASSERT_TRUE(layout) << lines.row;
        EXPECT_EQ(layout->format->kind, TableKind::series) << lines.row;
        TableReader reader(*layout);
        const auto read = reader.row(lines.row);
        ASSERT_TRUE(read) << lines.row << ": " << read.error().message;
        std::vector<RowKind> got;
        for (const auto& value : read->values) {
            got.push_back(kind_of(value));
            EXPECT_EQ(row_text(*row_value(kind_of(value), row_text(value))), row_text(value));
        }
        EXPECT_EQ(got, kinds) << lines.row;
    }
    const auto layout = layout_of("calc_time,funding_interval_hours,last_funding_rate");
    TableReader reader(*layout);
    EXPECT_EQ(std::get<FundingPoint>(reader.row("1736899200000,4,0.0001")->values.front()).interval_minutes,
              240);
}

TEST(Tables, WhatIsKnownAndNotUsedIsNamed) {
    for (const char* const header :
         {"timestamp,percentage,depth,notional", "best_bid,best_ask,mid_price,timestamp",
          "exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0]."
          "amount",
          "timestamp_ms,volume,taker_buy_vol,taker_sell_vol,trades,buy_ratio"}) {
        const auto layout = layout_of(header);
        ASSERT_TRUE(layout) << header;
        EXPECT_EQ(layout->format->kind, TableKind::unused) << header;
    }
    for (const char* const line :
         {"", "https://www.example.test", "hello", "a,b,c", "1,2,3",
          "both,BTCUSDT,1719823044587.15,1719823044454,\"[[['1', '2']]]\"", "when,o,h,l,c,v"}) {
        EXPECT_FALSE(layout_of(line)) << line;
    }
}

TEST(Tables, NameWhatIsWrongWithARow) {
    const auto layout = layout_of("timestamp,open,high,low,close,volume");
    const struct {
        const char* row;
        ErrorCode code;
        const char* word;
    } rows[] = {
        {"1776606960000,1,2,0.5,1", ErrorCode::candle_row, "columns"},
        {"yesterday,1,2,0.5,1,1", ErrorCode::field_value, "time"},
        {"1776606960000,NaN,2,0.5,1,1", ErrorCode::decimal_syntax, "open"},
        {"1776606960000,1,2,0.5,,1", ErrorCode::decimal_syntax, "close"},
        {"1776606960000,1,2,0.5,1,-4", ErrorCode::candle_row, "volume"},
        {"1776606960000,1,2,0.5,1,x", ErrorCode::decimal_syntax, "volume"},
        {"1776606960000,3,2,0.5,1,1", ErrorCode::candle_row, "high"},
        {"1776606960000,1,2,1.5,1,1", ErrorCode::candle_row, "low"},
        {"1776606960000,0,0,0,0,1", ErrorCode::candle_row, "positive"},
        {"1776606960000,99999999999999,2,0.5,1,1", ErrorCode::decimal_range, "open"},
        {"1776606960000,1,2,0.5,1e400,1", ErrorCode::decimal_range, "close"},
    };
    for (const auto& [row, code, word] : rows) {
        TableReader reader(*layout);
        const auto read = reader.row(row);
        ASSERT_FALSE(read) << row;
        EXPECT_EQ(read.error().code, code) << row << ": " << read.error().message;
        EXPECT_NE(read.error().message.find(word), std::string::npos) << read.error().message;
    }
    TableReader reader(*layout);
    const auto none = reader.row("1776606960000,1,2,0.5,1,NaN");
    ASSERT_TRUE(none) << "no volume is told: " << none.error().message;
    EXPECT_EQ(std::get<Candle>(none->values.front()).volume, 0);
}

Candle candle(std::int64_t minute, std::int64_t close = 2, double volume = 1) {
    return {.open_time = {minute * ms_per_minute},
            .open = {1},
            .high = {close + 1},
            .low = {1},
            .close = {close},
            .volume = volume};
}

TEST(CandleSequence, TakesPagesThatOverlapOnce) {
    CandleSequence sequence({ms_per_minute});
    std::vector<std::int64_t> given;
    for (const std::int64_t minute : {1, 2, 3, 2, 3, 4, 7}) {
        const auto certain = sequence.take(candle(minute));
        ASSERT_TRUE(certain) << certain.error().message;
        if (*certain) {
            given.push_back((*certain)->open_time.ms / ms_per_minute);
        }
    }
    given.push_back(sequence.finish()->open_time.ms / ms_per_minute);
    EXPECT_EQ(given, (std::vector<std::int64_t>{1, 2, 3, 4, 7}));
    EXPECT_EQ(sequence.repeated(), 2U);
    EXPECT_EQ(sequence.missing(), 2);
    EXPECT_FALSE(sequence.finish());
}

TEST(CandleSequence, TheLaterRowOfACandleThatWasNotOverIsTaken) {
    CandleSequence sequence({ms_per_minute});
    ASSERT_TRUE(sequence.take(candle(1, 2, 1)));
    ASSERT_TRUE(sequence.take(candle(1, 5, 3)));
    EXPECT_EQ(sequence.replaced(), 1U);
    EXPECT_EQ(sequence.finish()->close.units, 5);
}

TEST(CandleSequence, RefusesRowsThatContradictEachOther) {
    const struct {
        Candle later;
        const char* word;
    } rows[] = {{candle(2, 1, 1), "twice"}, {candle(1, 5, 3), "twice"}, {candle(0), "sort"}};
    for (const auto& [later, word] : rows) {
        CandleSequence sequence({ms_per_minute});
        ASSERT_TRUE(sequence.take(candle(1)));
        ASSERT_TRUE(sequence.take(candle(2, 4, 2)));
        const auto refused = sequence.take(later);
        ASSERT_FALSE(refused) << word;
        EXPECT_EQ(refused.error().code, ErrorCode::candle_order);
        EXPECT_NE(refused.error().message.find(word), std::string::npos) << refused.error().message;
    }
    CandleSequence sequence({5 * ms_per_minute});
    EXPECT_FALSE(sequence.take(candle(1))) << "off the grid";
}

TEST(CandleIntervals, AreThoseThatDivideADay) {
    for (const char* const name :
         {"1s", "30s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d"}) {
        const auto interval = candle_interval_named(name);
        ASSERT_TRUE(interval) << name;
        EXPECT_EQ(name_of(*interval), name);
    }
    for (const char* const name :
         {"", "m", "0m", "-1m", "7m", "5h", "1w", "2d", "1M", "99999999999m", "1m ", "7s"}) {
        EXPECT_FALSE(candle_interval_named(name)) << name;
    }
    EXPECT_EQ(first_kept(*candle_interval_named("3m")), Timeframe::m15);
    EXPECT_EQ(first_kept(*candle_interval_named("2h")), Timeframe::h4);
    EXPECT_EQ(first_kept(*candle_interval_named("8h")), Timeframe::d1);
    std::int64_t distance = 0;
    EXPECT_EQ(usual_interval({0, 60'000, 120'000, 3'600'000}, distance)->ms, 60'000) << "a hole is not usual";
    EXPECT_FALSE(usual_interval({0, 604'800'000}, distance));
    EXPECT_EQ(distance, 604'800'000);
}

}  // namespace
}  // namespace virtuoso::archive
