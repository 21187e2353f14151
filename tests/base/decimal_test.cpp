#include "base/decimal.hpp"

#include <gtest/gtest.h>

#include <random>

namespace virtuoso {
namespace {

TEST(Decimal, ReadsWhatFitsExactly) {
    const std::pair<const char*, std::int64_t> cases[] = {
        {"0", 0},
        {"0.000", 0},
        {"1", 100'000'000},
        {"61741.30", 6'174'130'000'000},
        {"0.00000001", 1},
        {"-0.000587", -58'700},
        {"61737.63000000", 6'173'763'000'000},
        {"1.0000000000000", 100'000'000},
        {"92233720368.54775807", INT64_MAX},
        {"-92233720368.54775807", -INT64_MAX},
    };
    for (const auto& [text, units] : cases) {
        const auto parsed = parse_decimal_units(text, "p");
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(*parsed, units) << text;
    }
}

TEST(Decimal, RefusesTheRestByName) {
    const std::pair<const char*, ErrorCode> cases[] = {
        {"", ErrorCode::decimal_syntax},
        {"abc", ErrorCode::decimal_syntax},
        {"NaN", ErrorCode::decimal_syntax},
        {"inf", ErrorCode::decimal_syntax},
        {"1e5", ErrorCode::decimal_syntax},
        {"1.", ErrorCode::decimal_syntax},
        {".5", ErrorCode::decimal_syntax},
        {"-", ErrorCode::decimal_syntax},
        {"--1", ErrorCode::decimal_syntax},
        {"+1", ErrorCode::decimal_syntax},
        {"1 ", ErrorCode::decimal_syntax},
        {"0x10", ErrorCode::decimal_syntax},
        {"1,5", ErrorCode::decimal_syntax},
        {"0.000000001", ErrorCode::decimal_precision},
        {"92233720368.54775808", ErrorCode::decimal_range},
        {"99999999999999999999999", ErrorCode::decimal_range},
        {"123456789012.5", ErrorCode::decimal_range},
    };
    for (const auto& [text, code] : cases) {
        const auto parsed = parse_decimal_units(text, "price");
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, code) << text << ": " << parsed.error().message;
        EXPECT_NE(parsed.error().message.find("price"), std::string::npos);
        EXPECT_NE(parsed.error().message.find(text), std::string::npos);
    }
}

TEST(Decimal, WritesAndReadsBackEveryNumber) {
    std::mt19937_64 random(2);
    for (int i = 0; i < 100'000; ++i) {
        auto units = static_cast<std::int64_t>(random() >> (random() % 64));
        units = random() % 2 == 0 ? units : -units;
        const auto text = decimal_text(units);
        const auto parsed = parse_decimal_units(text, "x");
        ASSERT_TRUE(parsed) << text;
        ASSERT_EQ(*parsed, units) << text;
    }
}

TEST(Decimal, TextIsShortest) {
    EXPECT_EQ(decimal_text(0), "0");
    EXPECT_EQ(decimal_text(100'000'000), "1");
    EXPECT_EQ(decimal_text(6'174'130'000'000), "61741.3");
    EXPECT_EQ(decimal_text(-1), "-0.00000001");
    EXPECT_EQ(decimal_text(Int128{15} * decimal_scale * decimal_scale, 16), "15");
    EXPECT_EQ(decimal_text(Int128{5}, 1), "0.5");
}

TEST(Decimal, NotionalIsExact) {
    const Price price{6'174'130'000'001};
    const Size size{3};
    EXPECT_EQ(decimal_text(notional_units(price, size), 16), "0.0018522390000003");
}

TEST(Decimal, RealsForStatisticsRefuseInfinitiesAndNan) {
    EXPECT_DOUBLE_EQ(*parse_real("302.12345678901", "v"), 302.12345678901);
    for (const char* text : {"", "nan", "inf", "-inf", "1x", " 1"}) {
        EXPECT_FALSE(parse_real(text, "v")) << text;
    }
}

}  // namespace
}  // namespace virtuoso
