#include "base/time.hpp"

#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

TEST(Time, ReadsTheSpellingsOfRealFiles) {
    EXPECT_EQ(parse_time("2021-12-31 23:01:00.000000", "t")->ms, 1'640'991'660'000);
    EXPECT_EQ(parse_time("2023-03-01 00:00:00+00:00", "t")->ms, 1'677'628'800'000);
    EXPECT_EQ(parse_time("1776606960000", "t")->ms, 1'776'606'960'000);
    EXPECT_EQ(parse_time("2024-08-08T23:54:15.030Z", "t")->ms, 1'723'161'255'030);
    EXPECT_EQ(parse_time("2024-08-09T01:54:15+02:00", "t")->ms, 1'723'161'255'000);
    EXPECT_EQ(parse_time("2024-02-29", "t")->ms, 1'709'164'800'000);
    EXPECT_EQ(parse_time("2024/02/29 00:00", "t")->ms, 1'709'164'800'000);
    EXPECT_EQ(parse_time("2024.02.29 00:00", "t")->ms, 1'709'164'800'000);
    for (const char* const text : {"2024-02-29 00:00:00 UTC", "2024-02-29 00:00:00UTC",
                                   "2024-02-29 00:00 GMT", "2024-02-29T00:00:00 Z"}) {
        EXPECT_EQ(parse_time(text, "t")->ms, 1'709'164'800'000) << text;
    }
}

TEST(Time, AsksWhetherANumberIsInSeconds) {
    const auto seconds = parse_time("1709164800", "--at");
    ASSERT_FALSE(seconds);
    EXPECT_EQ(seconds.error().code, ErrorCode::time_syntax);
    EXPECT_NE(seconds.error().message.find("2024-02-29T00:00:00.000Z"), std::string::npos)
        << seconds.error().message;
    EXPECT_NE(seconds.error().message.find("write 1709164800000"), std::string::npos)
        << seconds.error().message;
    EXPECT_EQ(parse_time("60000", "t")->ms, 60'000) << "a small number is no time of today in any unit";
}

TEST(Time, RefusesWhatIsNoTime) {
    for (const char* text :
         {"", "now", "2023-02-29", "2024-13-01", "2024-08-08T25:00:00", "2024-08-08T23:61", "-5",
          "99999999999999999999", "2024-08-08T23:54:15.", "2024-08-08T23:54:15X", "2024-08-08T23:54:15+99:00",
          "2024/08-08", "2024-08-08 UTCX", "2024-08-08T23:54:15 CET"}) {
        const auto parsed = parse_time(text, "--at");
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::time_syntax);
        EXPECT_NE(parsed.error().message.find("--at"), std::string::npos);
    }
}

TEST(Time, WritesIsoAndReadsItBack) {
    const ExchangeTime time{1'723'161'255'030};
    EXPECT_EQ(iso_text(time), "2024-08-08T23:54:15.030Z");
    EXPECT_EQ(*parse_time(iso_text(time), "t"), time);
}

TEST(VirtualClock, NeverRunsBackwards) {
    VirtualClock clock;
    clock.advance_to({50});
    clock.advance_to({20});
    EXPECT_EQ(clock.now().ns, 50);
}

}  // namespace
}  // namespace virtuoso
