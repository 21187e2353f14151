// From what the service sees to alerts, and what of it is told.
#include "service/alert_desk.hpp"

#include "support/alert_samples.hpp"
#include "support/places.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace virtuoso {
namespace {

NotableEvent signal_event(double side, std::int64_t time_ms = 1'000) {
    NotableEvent event;
    event.kind = EventKind::signal_change;
    event.symbol = "BTCUSDT";
    event.time = {time_ms};
    event.add("side", side);
    event.add("score", 72);
    event.say("BTCUSDT is another now");
    return event;
}

std::string text_of_file(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(EventOccurrence, SignalsHaveTheirSide) {
    const Occurrence occurrence = occurrence_of(signal_event(1));
    EXPECT_EQ(occurrence.kind, "signal");
    EXPECT_EQ(occurrence.word("side"), "long");
    EXPECT_EQ(occurrence.word("phase"), "moment");
    EXPECT_EQ(occurrence.number("score"), 72);
    EXPECT_EQ(occurrence_of(signal_event(-1)).word("side"), "short");
    EXPECT_EQ(occurrence_of(signal_event(0)).word("side"), "neutral");
    EXPECT_TRUE(AlertRule::parse("r: kind=signal symbols=BTCUSDT side=long")->matches(occurrence));
}

TEST(EventOccurrence, RulesKnowEveryKindAndEveryNumber) {
    for (const EventKind kind : all_event_kinds()) {
        NotableEvent event;
        event.kind = kind;
        EXPECT_NE(std::ranges::find(occurrence_kinds(), occurrence_of(event).kind), occurrence_kinds().end())
            << name_of(kind);
    }
    const std::regex number(R"re(event\.add\("(\w+)")re");
    std::size_t found = 0;
    for (const auto& file : std::filesystem::directory_iterator(test::source_path("src/service"))) {
        const std::string text = text_of_file(file.path().string());
        for (std::sregex_iterator at(text.begin(), text.end(), number), end; at != end; ++at, ++found) {
            EXPECT_NE(std::ranges::find(occurrence_numbers(), (*at)[1].str()), occurrence_numbers().end())
                << (*at)[1].str();
        }
    }
    EXPECT_GT(found, 20U);
}

TEST(HealthWatch, TellsAfterFiveSecondsAndWhenItIsOver) {
    HealthWatch watch;
    ServiceHealth good;
    good.ready = true;
    ServiceHealth bad;
    bad.why_not_ready = "3 of 50 whole";
    EXPECT_FALSE(watch.look(bad, test::at_s(0))) << "it has not been ready yet";
    EXPECT_FALSE(watch.look(bad, test::at_s(100)));
    EXPECT_FALSE(watch.look(good, test::at_s(101)));
    EXPECT_FALSE(watch.look(bad, test::at_s(102)));
    EXPECT_FALSE(watch.look(bad, test::at_s(106)));
    const auto begun = watch.look(bad, test::at_s(107));
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->severity, AlertSeverity::warning);
    EXPECT_NE(begun->sentence.find("3 of 50 whole"), std::string::npos);
    EXPECT_FALSE(watch.look(bad, test::at_s(200)));
    const auto over = watch.look(good, test::at_s(202));
    ASSERT_TRUE(over);
    EXPECT_EQ(over->word("phase"), "end");
}

TEST(RegimeWatch, TellsOfAnotherRegimeAlone) {
    RegimeWatch watch;
    MarketOverview overview;
    EXPECT_FALSE(watch.look(overview));
    overview.regime = MarketRegime::ranging;
    EXPECT_FALSE(watch.look(overview));
    EXPECT_FALSE(watch.look(overview));
    overview.regime = MarketRegime::bearish;
    EXPECT_EQ(watch.look(overview)->word("regime"), "bearish");
}

TEST(AlertDesk, TellsTheLogAndCounts) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.file("log");
    VirtualClock clock;
    clock.advance_to(test::at_s(1'717'322'400));
    auto log = *ServiceLog::open({.file = path});
    const auto setup =
        *AlertSetup::parse({"console: console"}, {"r: kind=signal side=long", "d: kind=signal digest=1h"});
    auto desk = *AlertDesk::make(setup, test::environment_of({}), *log, clock);
    desk->start();
    desk->note(signal_event(1));
    desk->note(signal_event(-1, 2'000));
    EXPECT_EQ(desk->counts().dispatch.taken, 2U);
    EXPECT_EQ(desk->counts().dispatch.waiting, 2U);
    desk->stop(5'000);
    EXPECT_EQ(desk->counts().outbox.delivered, 2U) << "one at once, one digest at the end";
    log.reset();
    const std::string text = text_of_file(path);
    EXPECT_NE(text.find("info: signal BTCUSDT | BTCUSDT is another now"), std::string::npos) << text;
    EXPECT_NE(text.find("info: 2 alerts of d"), std::string::npos) << text;
}

TEST(AlertDesk, SecretsThatAreNotThereAreSaid) {
    VirtualClock clock;
    const test::TemporaryDirectory folder;
    auto log = *ServiceLog::open({.file = folder.file("log")});
    const auto setup = *AlertSetup::parse({"team: discord url=env:DISCORD_URL"}, {});
    const auto desk = AlertDesk::make(setup, test::environment_of({}), *log, clock);
    ASSERT_FALSE(desk);
    EXPECT_NE(desk.error().message.find("DISCORD_URL"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso
