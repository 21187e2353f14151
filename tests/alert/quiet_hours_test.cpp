// Quiet hours on walls whose clocks are set.
#include "alert/quiet_hours.hpp"

#include "support/alert_samples.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using test::at;

QuietHours quiet(const std::string& text) {
    return *QuietHours::parse(text, "quiet");
}

TEST(QuietHours, OverMidnight) {
    const auto hours = quiet("22:00-07:00");
    EXPECT_FALSE(hours.hold(at("2024-06-02T21:59:59Z")));
    EXPECT_TRUE(hours.hold(at("2024-06-02T22:00:00Z")));
    EXPECT_TRUE(hours.hold(at("2024-06-03T06:59:59Z")));
    EXPECT_FALSE(hours.hold(at("2024-06-03T07:00:00Z")));
    EXPECT_EQ(hours.end_after(at("2024-06-02T22:30:00Z")), at("2024-06-03T07:00:00Z"));
    EXPECT_EQ(hours.end_after(at("2024-06-03T03:00:00Z")), at("2024-06-03T07:00:00Z"));
}

TEST(QuietHours, WithinADay) {
    const auto hours = quiet("12:00-13:30");
    EXPECT_FALSE(hours.hold(at("2024-06-02T11:59:00Z")));
    EXPECT_TRUE(hours.hold(at("2024-06-02T12:00:00Z")));
    EXPECT_FALSE(hours.hold(at("2024-06-02T13:30:00Z")));
    EXPECT_EQ(hours.end_after(at("2024-06-02T12:10:00Z")), at("2024-06-02T13:30:00Z"));
}

TEST(QuietHours, FollowTheClocksOnTheWall) {
    const auto hours = quiet("22:00-07:00@Europe/Berlin");
    // In winter an hour, in summer two ahead of UTC.
    EXPECT_TRUE(hours.hold(at("2024-01-15T05:59:00Z")));
    EXPECT_FALSE(hours.hold(at("2024-01-15T06:00:00Z")));
    EXPECT_TRUE(hours.hold(at("2024-07-15T04:59:00Z")));
    EXPECT_FALSE(hours.hold(at("2024-07-15T05:00:00Z")));
}

TEST(QuietHours, NightsInWhichClocksAreSet) {
    const auto hours = quiet("22:00-07:00@Europe/Berlin");
    // 31 March 2024: 02:00 becomes 03:00; the night has an hour less.
    EXPECT_EQ(hours.end_after(at("2024-03-30T21:00:00Z")), at("2024-03-31T05:00:00Z"));
    // 27 October 2024: 03:00 becomes 02:00; the night has an hour more.
    EXPECT_EQ(hours.end_after(at("2024-10-26T20:00:00Z")), at("2024-10-27T06:00:00Z"));
}

TEST(QuietHours, EndsThatAreSkippedOrComeTwice) {
    const auto skipped = quiet("22:00-02:30@Europe/Berlin");
    // 02:30 does not happen: quiet until the clocks go on, at 01:00 UTC.
    EXPECT_TRUE(skipped.hold(at("2024-03-31T00:59:00Z")));
    EXPECT_FALSE(skipped.hold(at("2024-03-31T01:00:00Z")));
    EXPECT_EQ(skipped.end_after(at("2024-03-31T00:10:00Z")), at("2024-03-31T01:00:00Z"));
    // It happens twice: the hour is quiet both times up to its half.
    EXPECT_EQ(skipped.end_after(at("2024-10-27T00:10:00Z")), at("2024-10-27T00:30:00Z"));
    EXPECT_TRUE(skipped.hold(at("2024-10-27T01:10:00Z")));
    EXPECT_EQ(skipped.end_after(at("2024-10-27T01:10:00Z")), at("2024-10-27T01:30:00Z"));
}

/// Whatever the zone and the minute: quiet ends later, and then it is not quiet.
TEST(QuietHours, EveryQuietMinuteOfAYearEnds) {
    for (const auto* const text : {"22:00-07:00@Europe/Berlin", "01:30-02:15@America/New_York",
                                   "23:45-00:30@Australia/Lord_Howe", "00:00-23:59@Asia/Kolkata"}) {
        const auto hours = quiet(text);
        constexpr std::int64_t step_s = 7 * 60;
        for (std::int64_t s = 1'704'067'200; s < 1'735'689'600; s += step_s) {
            const LocalTime time = test::at_s(s);
            if (hours.hold(time)) {
                const LocalTime end = hours.end_after(time);
                ASSERT_GT(end, time) << text << " at " << s;
                ASSERT_FALSE(hours.hold(end)) << text << " at " << s;
                ASSERT_LE(end - time, std::int64_t{26} * 3'600 * test::ns_per_s) << text << " at " << s;
            }
        }
    }
}

}  // namespace
}  // namespace virtuoso
