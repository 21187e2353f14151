#include "exchange/archive/candle_csv.hpp"

#include <gtest/gtest.h>

namespace virtuoso::archive {
namespace {

TEST(CandleCsv, ReadsTheThreeSpellings) {
    const struct {
        const char* header;
        const char* row;
        std::int64_t ms;
    } files[] = {
        {"timestamp,open,high,low,close,volume",
         "2021-12-31 23:01:00.000000,46319.0,46385.0,46319.0,46377.0,2300413.7295", 1'640'991'660'000},
        {"open_time,open,high,low,close,volume",
         "2023-03-01 00:00:00+00:00,23140.48,23150.77,23128.52,23142.31,2.131777", 1'677'628'800'000},
        {"timestamp,open,high,low,close,volume",
         "1776606960000,75901.45000000,75928.59000000,75901.45000000,75921.45000000,3.49275000\r",
         1'776'606'960'000},
    };
    for (const auto& file : files) {
        CandleCsv csv(Timeframe::m1);
        ASSERT_FALSE(csv.line(file.header)->has_value());
        const auto candle = csv.line(file.row);
        ASSERT_TRUE(candle) << candle.error().message;
        EXPECT_EQ((*candle)->open_time.ms, file.ms);
        EXPECT_GT((*candle)->volume, 0);
    }
}

TEST(CandleCsv, NamesLineAndReason) {
    const struct {
        const char* row;
        ErrorCode code;
        const char* word;
    } cases[] = {
        {"1776606960000,1,2,0.5,1", ErrorCode::candle_row, "columns"},
        {"yesterday,1,2,0.5,1,1", ErrorCode::time_syntax, "time"},
        {"1776606960000,NaN,2,0.5,1,1", ErrorCode::decimal_syntax, "open"},
        {"1776606960000,1,2,0.5,,1", ErrorCode::decimal_syntax, "close"},
        {"1776606960000,1,2,0.5,1,nan", ErrorCode::decimal_syntax, "volume"},
        {"1776606960000,1,2,0.5,1,-4", ErrorCode::candle_row, "volume"},
        {"1776606960000,3,2,0.5,1,1", ErrorCode::candle_row, "high"},
        {"1776606960000,1,2,1.5,1,1", ErrorCode::candle_row, "low"},
        {"1776606960000,0,0,0,0,1", ErrorCode::candle_row, "positive"},
        {"1776606960000,99999999999999,2,0.5,1,1", ErrorCode::decimal_range, "open"},
        {"1776606960500,1,2,0.5,1,1", ErrorCode::candle_order, "1m"},
        {"1776606900000,1,2,0.5,1,1", ErrorCode::candle_order, "twice"},
        {"1776606840000,1,2,0.5,1,1", ErrorCode::candle_order, "sort"},
        {"1776606960000,1,2,0.5,1e400,1", ErrorCode::decimal_syntax, "close"},
    };
    for (const auto& [row, code, word] : cases) {
        CandleCsv csv(Timeframe::m1);
        ASSERT_TRUE(csv.line("timestamp,open,high,low,close,volume"));
        ASSERT_TRUE(csv.line("1776606900000,1,2,0.5,1,1"));
        const auto read = csv.line(row);
        ASSERT_FALSE(read) << row;
        EXPECT_EQ(read.error().code, code) << read.error().message;
        EXPECT_NE(read.error().message.find("line 3"), std::string::npos) << read.error().message;
        EXPECT_NE(read.error().message.find(word), std::string::npos) << read.error().message;
    }
}

TEST(CandleCsv, CountsMissingRowsAndRefusesUnknownHeaders) {
    CandleCsv csv(Timeframe::m1);
    ASSERT_TRUE(csv.line("volume,close,low,high,open,date"));
    ASSERT_TRUE(csv.line("1,1,1,1,1,1776606960000"));
    ASSERT_TRUE(csv.line("1,1,1,1,1,1776607260000"));
    EXPECT_EQ(csv.missing(), 4);
    CandleCsv other(Timeframe::m1);
    const auto read = other.line("when,o,h,l,c,v");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::candle_row);
}

}  // namespace
}  // namespace virtuoso::archive
