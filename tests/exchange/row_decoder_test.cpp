// Rows as they are kept, and the events that they are.
#include "exchange/archive/row_decoder.hpp"

#include "exchange/archive/json_rows.hpp"
#include "market/symbol_state.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace virtuoso::archive {
namespace {

/// Of the candles of one timeframe: when they begin, with '!' behind those that are partial.
std::string told(RowDecoder& decoder, Timeframe timeframe, const std::vector<int>& minutes) {
    std::string text;
    for (const int minute : minutes) {
        const auto events = decoder.decode(fmt::format("{},1,2,0.5,1.5,10", minute * ms_per_minute));
        EXPECT_TRUE(events) << events.error().message;
        for (const auto& event : *events) {
            const auto& kline = std::get<KlineUpdate>(event.payload);
            if (kline.timeframe == timeframe) {
                text += fmt::format("{}{} ", kline.candle.open_time.ms / ms_per_minute,
                                    kline.candle.partial ? "!" : "");
            }
        }
    }
    return text;
}

TEST(RowDecoder, MakesLongerCandlesOfAHistoryWithoutMinutes) {
    RowDecoder five(RowKind::candles, "X", {5 * ms_per_minute});
    EXPECT_EQ(told(five, Timeframe::m15, {0, 5, 10, 15, 20, 25}), "0 15 ");
    RowDecoder again(RowKind::candles, "X", {5 * ms_per_minute});
    EXPECT_EQ(told(again, Timeframe::m5, {0, 5, 10}), "0 5 10 ");
    RowDecoder three(RowKind::candles, "X", {3 * ms_per_minute});
    EXPECT_EQ(told(three, Timeframe::m15, {0, 3, 6, 9, 12}), "0 ");
    RowDecoder three_again(RowKind::candles, "X", {3 * ms_per_minute});
    EXPECT_EQ(told(three_again, Timeframe::m5, {0, 3, 6, 9, 12}), "") << "three minutes do not divide five";
    RowDecoder minutes(RowKind::candles, "X", {ms_per_minute});
    EXPECT_EQ(told(minutes, Timeframe::m5, {0, 1, 2, 3, 4}), "") << "the state makes them of minutes";
}

TEST(RowDecoder, APartThatIsMissingMakesItPartialWhereverItIs) {
    for (const auto& minutes : {std::vector<int>{5, 10, 15}, {0, 10, 15}, {0, 5, 15}}) {
        RowDecoder decoder(RowKind::candles, "X", {5 * ms_per_minute});
        EXPECT_EQ(told(decoder, Timeframe::m15, minutes), "0! ");
    }
}

TEST(RowDecoder, APartThatComesAgainReplacesWhatWasMadeOfIt) {
    RowDecoder decoder(RowKind::candles, "X", {5 * ms_per_minute});
    ASSERT_TRUE(decoder.decode("0,1,2,0.5,1.5,10"));
    ASSERT_TRUE(decoder.decode("300000,1,2,0.5,1.5,10"));
    ASSERT_TRUE(decoder.decode("600000,1,2,0.5,1.5,10"));
    const auto again = decoder.decode("600000,1,7,0.5,6.5,90");
    ASSERT_TRUE(again);
    ASSERT_EQ(again->size(), 2U);
    const auto& longer = std::get<KlineUpdate>((*again)[1].payload).candle;
    EXPECT_EQ(to_text(longer.high), "7");
    EXPECT_DOUBLE_EQ(longer.volume, 110);
    const auto older = decoder.decode("300000,1,9,0.5,1.5,10");
    ASSERT_TRUE(older);
    EXPECT_EQ(older->size(), 1U) << "the row itself alone";
}

TEST(RowDecoder, BooksTradesAndSeriesReachTheState) {
    SymbolState state("X");
    const struct {
        RowKind kind;
        const char* text;
    } rows[] = {{RowKind::book, "1000,snapshot,1,1,0,b,99,5,a,101,6"},
                {RowKind::book, "1100,delta,2,2,1,b,99,0,b,100,4"},
                {RowKind::trades, "1200,100.5,2,buy,7"},
                {RowKind::trades, "1300,100,1,sell,8"},
                {RowKind::funding, "1400,0.0001,480"},
                {RowKind::interest, "300000,5000"},
                {RowKind::ratio, "300000,0.6"},
                {RowKind::mark, "300000,100.2"}};
    for (const auto& [kind, text] : rows) {
        RowDecoder decoder(kind, "X", {});
        const auto events = decoder.decode(text);
        ASSERT_TRUE(events) << text << ": " << events.error().message;
        for (const auto& event : *events) {
            state.apply(event);
        }
    }
    const auto book = state.book().view();
    ASSERT_TRUE(book);
    EXPECT_EQ(to_text(book->best_bid()->price), "100");
    EXPECT_EQ(state.totals().trades, 2U);
    EXPECT_EQ(state.funding().back().interval_minutes, 480);
    EXPECT_DOUBLE_EQ(*state.ticker().funding_rate, 0.0001);
    EXPECT_DOUBLE_EQ(state.open_interest().back().open_interest, 5000);
    EXPECT_DOUBLE_EQ(state.account_ratio().back().buy_ratio, 0.6);
    EXPECT_EQ(to_text(*state.ticker().mark_price), "100.2");
}

TEST(ArchiveRow, RoundTripsAndRefusesWhatItDidNotWrite) {
    const struct {
        RowKind kind;
        const char* text;
    } rows[] = {{RowKind::candles, "60000,1,2,0.5,1.5,10"},
                {RowKind::candles, "60000,1,2,0.5,1.5,10,15,4"},
                {RowKind::trades, "60000,1.5,2,sell,18446744073709551615,aggregate"},
                {RowKind::funding, "60000,-0.0001,0"},
                {RowKind::book, "60000,rest,5,5,4,b,1,2"},
                {RowKind::book, "60000,delta,5,6,4"}};
    for (const auto& [kind, text] : rows) {
        const auto value = row_value(kind, text);
        ASSERT_TRUE(value) << text << ": " << value.error().message;
        EXPECT_EQ(row_text(*value), text);
        EXPECT_EQ(kind_of(*value), kind);
        EXPECT_EQ(row_kind_named(name_of(kind)), kind);
    }
    const struct {
        RowKind kind;
        const char* text;
    } bad[] = {{RowKind::candles, ""},
               {RowKind::candles, "60000,1,2,0.5,1.5"},
               {RowKind::candles, "60000,1,2,0.5,1.5,10,15,4,9"},
               {RowKind::candles, "60000,3,2,0.5,1.5,10"},
               {RowKind::trades, "60000,1.5,2,up,1"},
               {RowKind::trades, "60000,0,2,buy,1"},
               {RowKind::funding, "60000,x,0"},
               {RowKind::interest, "-1,5"},
               {RowKind::book, "60000,snap,5,5,4"},
               {RowKind::book, "60000,delta,5,5,4,b,1"},
               {RowKind::mark, "60000,1e5"}};
    for (const auto& [kind, text] : bad) {
        EXPECT_FALSE(row_value(kind, text)) << text;
    }
}

std::string rows_of(std::string_view text, std::size_t chunk) {
    JsonRows rows;
    std::string all;
    std::string row;
    while (!text.empty()) {
        auto part = text.substr(0, chunk);
        text.remove_prefix(part.size());
        for (;;) {
            const auto found = rows.scan(part, row);
            if (!found) {
                return all + found.error().message;
            }
            if (!*found) {
                break;
            }
            all += row + "|";
        }
    }
    return all + (rows.whole() ? "" : "cut");
}

TEST(JsonRows, GivesListsAndObjectsAsRows) {
    for (const std::size_t chunk : {1U, 3U, 1'000U}) {
        EXPECT_EQ(rows_of("[[1,2.5],\n [3,\"a,b\"]]\n", chunk), "1,2.5|3,\"a,b\"|");
        EXPECT_EQ(rows_of(R"([{"a":1,"b":"x,y"},{"a":2,"b":"z"}])", chunk), "\"a\",\"b\"|1,\"x,y\"|2,\"z\"|");
        EXPECT_EQ(rows_of("[[1,[2,3],4]]", chunk), "1,,4|");
        EXPECT_EQ(rows_of("[]", chunk), "");
        EXPECT_EQ(rows_of("[[1,2],[3", chunk), "1,2|cut");
        EXPECT_EQ(rows_of("[[\"]\",2]]", chunk), "\"]\",2|");
        EXPECT_NE(rows_of("[[1,2],\nx", chunk).find("line 2"), std::string::npos);
        EXPECT_NE(rows_of("[[1,2]] more", chunk).find("line 1"), std::string::npos);
    }
}

}  // namespace
}  // namespace virtuoso::archive
