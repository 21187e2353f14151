// The real program tells a report that was due a moment ago, and its successor does not tell it again.
#include "engine/system_clock.hpp"
#include "store/store.hpp"
#include "support/service_process.hpp"
#include "support/store_rows.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace virtuoso {
namespace {

using test::ServicePlace;
using test::ServiceProcess;

constexpr std::int64_t ns_per_ms = 1'000'000;

std::unique_ptr<Store> store_of(const ServicePlace& place, StoreUse use) {
    return *open_store(*StoreAddress::parse(place.state() + "/virtuoso.db"), use);
}

void put_minute(const ServicePlace& place, std::int64_t time_ms) {
    std::filesystem::create_directory(place.state());
    const StoreRecord record{
        StoreTable::overview,
        test::row_with(StoreTable::overview, 1, {{"exchange", std::string("sim")}, {"time_ms", time_ms}})};
    ASSERT_TRUE(store_of(place, StoreUse::write)->put({&record, 1}));
}

std::vector<StoreRow> reports_in(const ServicePlace& place) {
    return test::all_rows(*store_of(place, StoreUse::read),
                          {.table = StoreTable::alerts, .where = {{"kind", std::string("report")}}});
}

TEST(ServiceReports, AReportIsToldOnceByTwoProcesses) {
    const ServicePlace place;
    const std::int64_t now_ms = SystemClock().now().ns / ns_per_ms;
    const std::int64_t due_ms = now_ms - now_ms % ms_per_minute;
    put_minute(place, due_ms - ms_per_hour);
    const std::string due = iso_text(ExchangeTime{due_ms});
    const std::vector<std::string> environment{"VIRTUOSO_ALERTS_REPORTS=day " + due.substr(11, 5),
                                               "VIRTUOSO_ALERTS_RULES=daily: kind=report to=console"};
    const std::string told =
        fmt::format("info: report | Daily report on sim, {} {} UTC to {} {} UTC | Market, ",
                    iso_text(ExchangeTime{due_ms - ms_per_day}).substr(0, 10), due.substr(11, 5),
                    due.substr(0, 10), due.substr(11, 5));
    {
        ServiceProcess first(place, place.arguments(), environment);
        ASSERT_TRUE(first.says(told)) << first.log();
        first.program().signal(SIGTERM);
        EXPECT_EQ(first.program().end().code, 0);
    }
    const auto kept = reports_in(place);
    ASSERT_EQ(kept.size(), 1U);
    ServiceProcess second(place, place.arguments(), environment);
    ASSERT_TRUE(second.becomes_ready()) << second.log();
    EXPECT_TRUE(test::within_half_a_minute([&] {
        return second.get("/metrics").body.find("virtuoso_alert_occurrences_total{fate=\"at_once\"} 1") !=
               std::string::npos;
    })) << "it was made again";
    EXPECT_EQ(second.log().find(told), std::string::npos) << second.log();
    EXPECT_EQ(reports_in(place), kept);
}

}  // namespace
}  // namespace virtuoso
