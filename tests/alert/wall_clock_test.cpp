// Clocks on walls, also where they are set.
#include "alert/wall_clock.hpp"

#include "support/alert_samples.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using test::at;

constexpr int half_past_two = 2 * 60 + 30;

TEST(WallClock, ReadsTimesOfTheDay) {
    EXPECT_EQ(day_minute_from("00:00"), 0);
    EXPECT_EQ(day_minute_from("23:59"), 23 * 60 + 59);
    for (const auto* const text :
         {"", "7:00", "24:00", "12:60", "12.30", "-1:00", "12:30:00", " 7:00", "1x:30"}) {
        EXPECT_EQ(day_minute_from(text), std::nullopt) << text;
    }
}

TEST(WallClock, KnowsItsZoneOnly) {
    for (const auto* const name : {"Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\n"}) {
        const auto clock = WallClock::of_zone(name);
        ASSERT_FALSE(clock) << name;
        EXPECT_NE(clock.error().message.find("tzdata"), std::string::npos) << clock.error().message;
    }
    EXPECT_NE(WallClock::of_zone("").error().message.find("no time zone"), std::string::npos);
    EXPECT_TRUE(WallClock::of_zone("UTC"));
}

TEST(WallClock, CountsDaysFromTheOneThatItIsThere) {
    const auto clock = *WallClock::of_zone("Asia/Tokyo");
    const LocalTime late = at("2024-06-03T20:00:00Z");  // Tuesday, 05:00
    EXPECT_EQ(clock.minute_of_day(late), 5 * 60);
    EXPECT_EQ(clock.weekday(late), 1);
    EXPECT_EQ(clock.weekday(late, -2), 6);
    EXPECT_EQ(clock.when(late, 0, 0), at("2024-06-03T15:00:00Z"));
    EXPECT_EQ(clock.when(late, 1, 60), at("2024-06-04T16:00:00Z"));
}

TEST(WallClock, ATimeThatIsSkippedIsWhereTheClocksGoOn) {
    const auto clock = *WallClock::of_zone("Europe/Berlin");
    EXPECT_EQ(clock.when(at("2024-03-31T12:00:00Z"), 0, half_past_two), at("2024-03-31T01:00:00Z"));
}

TEST(WallClock, ATimeThatComesTwiceIsTheFirst) {
    const auto clock = *WallClock::of_zone("Europe/Berlin");
    const LocalTime noon = at("2024-10-27T12:00:00Z");
    EXPECT_EQ(clock.when(noon, 0, half_past_two), at("2024-10-27T00:30:00Z"));
    EXPECT_EQ(clock.candidates(noon, 0, half_past_two).back(), at("2024-10-27T01:30:00Z"));
}

}  // namespace
}  // namespace virtuoso
