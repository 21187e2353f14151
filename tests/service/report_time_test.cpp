// Times of reports on walls whose clocks are set.
#include "service/report_time.hpp"

#include "support/alert_samples.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace virtuoso {
namespace {

using test::at;

ReportTime time_of(const std::string& text) {
    return *ReportTime::parse(text);
}

TEST(ReportTime, IsDueEveryDay) {
    const auto time = time_of("day 07:00");
    EXPECT_EQ(time.days(), 1);
    EXPECT_EQ(time.after(at("2024-06-02T06:59:59Z")), at("2024-06-02T07:00:00Z"));
    EXPECT_EQ(time.after(at("2024-06-02T07:00:00Z")), at("2024-06-03T07:00:00Z"));
    EXPECT_EQ(time.before(at("2024-06-02T07:00:00Z")), at("2024-06-01T07:00:00Z"));
    EXPECT_EQ(time.before(at("2024-06-02T07:00:01Z")), at("2024-06-02T07:00:00Z"));
}

TEST(ReportTime, IsDueOnADayOfTheWeekThere) {
    const auto time = time_of("week mon 00:30@Asia/Tokyo");
    EXPECT_EQ(time.days(), 7);
    // Monday in Tokyo, Sunday in UTC.
    EXPECT_EQ(time.after(at("2024-06-01T00:00:00Z")), at("2024-06-02T15:30:00Z"));
    EXPECT_EQ(time.before(at("2024-06-02T15:30:00Z")), at("2024-05-26T15:30:00Z"));
}

TEST(ReportTime, FollowsTheClocksThatAreSet) {
    const auto time = time_of("day 07:00@Europe/Berlin");
    EXPECT_EQ(time.after(at("2024-03-30T12:00:00Z")), at("2024-03-31T05:00:00Z")) << "a day of 23 hours";
    EXPECT_EQ(time.after(at("2024-10-26T12:00:00Z")), at("2024-10-27T06:00:00Z")) << "a day of 25 hours";
    const auto skipped = time_of("day 02:30@Europe/Berlin");
    EXPECT_EQ(skipped.after(at("2024-03-30T12:00:00Z")), at("2024-03-31T01:00:00Z"));
    const auto twice = time_of("day 02:30@Europe/Berlin");
    EXPECT_EQ(twice.after(at("2024-10-27T00:00:00Z")), at("2024-10-27T00:30:00Z"));
    EXPECT_EQ(twice.after(at("2024-10-27T00:30:00Z")), at("2024-10-28T01:30:00Z")) << "not twice a night";
}

/// Whatever the zone and the moment: one report ends where the next begins, and each moment is in one.
TEST(ReportTime, EveryMomentOfAYearIsInOneReport) {
    constexpr std::int64_t hour_ns = 3'600 * test::ns_per_s;
    for (const auto& given :
         {std::pair("day 02:30@Europe/Berlin", 1), std::pair("day 00:00@America/Sao_Paulo", 1),
          std::pair("day 02:15@Australia/Lord_Howe", 1), std::pair("week sun 01:30@America/New_York", 7),
          std::pair("week mon 23:59@Asia/Kolkata", 7), std::pair("day 12:00@Pacific/Apia", 1)}) {
        const auto time = time_of(given.first);
        LocalTime due = time.after(at("2010-12-31T00:00:00Z"));
        while (due < at("2012-01-20T00:00:00Z")) {
            const LocalTime next = time.after(due);
            ASSERT_GT(next, due) << given.first << " after " << due.ns;
            ASSERT_EQ(time.before(next), due) << given.first << " before " << next.ns;
            ASSERT_EQ(time.after({due.ns + (next - due) / 2}), next) << given.first;
            ASSERT_EQ(time.before({due.ns + (next - due) / 2}), due) << given.first;
            // A zone that left out a day has a day of 48 hours, or none.
            ASSERT_LE(next - due, (24 * given.second + 25) * hour_ns) << given.first << " after " << due.ns;
            due = next;
        }
    }
}

TEST(ReportTime, RefusesOthersWithTheReason) {
    const std::array<std::pair<const char*, const char*>, 12> refused{
        {{"", "neither day nor week"},
         {"month 07:00", "neither day nor week"},
         {"day", "no time of the day"},
         {"day 7:00", "\"7:00\" is no time of the day"},
         {"day 24:00", "no time of the day"},
         {"day  07:00", "no time of the day"},
         {"day mon 07:00", "no time of the day"},
         {"week 07:00", "behind week stands none of mon, tue"},
         {"week Monday 07:00", "behind week stands none of"},
         {"day 07:00@", "behind @ stands no time zone"},
         {"day 07:00@Mars/Olympus", "knows no time zone \"Mars/Olympus\""},
         {"day 07:00@../../etc/passwd", "knows no time zone"}}};
    for (const auto& [text, why] : refused) {
        const auto time = ReportTime::parse(text);
        ASSERT_FALSE(time) << text;
        EXPECT_EQ(time.error().code, ErrorCode::config);
        EXPECT_NE(time.error().message.find(why), std::string::npos) << text << ": " << time.error().message;
    }
}

}  // namespace
}  // namespace virtuoso
