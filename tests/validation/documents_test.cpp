// What the service tells is read as it says; what is something else is nothing.
#include "validation/observations.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace virtuoso {
namespace {

using namespace validation;

TEST(ValidationDocuments, HealthIsRead) {
    const auto health = read_health(
        R"({"schema":"virtuoso.health/1","live":true,"ready":false,"why_not_ready":"2 of 3 deep symbols are whole",
            "uptime_ms":5000,"symbols":2,"whole":1,"deep":1,"deep_whole":0,
            "parts":[{"name":"store","good":false,"detail":"nothing is written"}],
            "queues":[{"name":"a","waiting":512,"capacity":2048,"dropped":3,"policy":"p"},{"name":"b","waiting":1,"capacity":2048,"dropped":4,"policy":"p"}],
            "worst_symbols":[{"symbol":"BTCUSDT","deep":true,"whole":false,"scored":true,"evaluated_ago_ms":10,
                              "newest_ago_ms":-20,"memory_bytes":4096,"concerns":["book: gap","trades: lost"]}]})");
    ASSERT_TRUE(health);
    EXPECT_TRUE(health->live);
    EXPECT_EQ(health->why_not_ready, "2 of 3 deep symbols are whole");
    EXPECT_EQ(health->dropped, 7);
    EXPECT_DOUBLE_EQ(health->queue_share, 0.25);
    ASSERT_EQ(health->rows.size(), 1U);
    EXPECT_EQ(health->rows[0].bytes, 4'096U);
    EXPECT_EQ(health->rows[0].newest_ago_ms, -20);
    EXPECT_EQ(health->rows[0].concern, "book: gap");
    EXPECT_FALSE(health->parts.at(0).good);
}

TEST(ValidationDocuments, OthersAreNothing) {
    for (const std::string_view text :
         {"", "null", "[]", "{}", "{\"schema\":1}", "{\"schema\":\"virtuoso.other/1\"}", "\xff",
          "{\"schema\":\"virtuoso.health/2\"}"}) {
        EXPECT_FALSE(read_health(text) || read_overview(text) || read_keeper(text) || read_process(text) ||
                     read_breakdown(text, 0) || read_log(text) || read_signals(text) || read_config(text))
            << text;
    }
}

TEST(ValidationDocuments, FieldsOfAnotherTypeAreAsIfAbsent) {
    const auto keeper = read_keeper(
        R"({"schema":"virtuoso.keeper/1","schedule":{"interval_ms":"600","next_in_ms":1e300},"memory":{"resident_bytes":-5},
            "runs":[{"number":2},{"number":18446744073709551615,"error":null,"line":7},3]})");
    ASSERT_TRUE(keeper);
    EXPECT_EQ(keeper->interval_ms, 0);
    EXPECT_EQ(keeper->next_in_ms, 0);
    EXPECT_EQ(keeper->resident_bytes, 0U);
    ASSERT_EQ(keeper->runs.size(), 3U);
    EXPECT_EQ(keeper->runs.back().number, 2) << "the newest comes last";
    EXPECT_EQ(keeper->runs[1].number, 0);
}

TEST(ValidationDocuments, AbsentPartsOfABreakdownKeepTheirReasons) {
    const auto breakdown = read_breakdown(
        R"({"schema":"virtuoso.confluence/1","symbol":"BTCUSDT","score":null,"signal":"NONE","coverage":0.5,"reliability":0.4,
            "components":{"volume":{"score":51.5,"weight":0.18,"impact":9.27,"coverage":1,"interpretation":"It is.",
              "sub":{"obv":{"score":null,"absent":"warming_up"},"adl":{"score":null,"absent":null},"mfi":{"score":50}}}},
            "service":{"age_ms":7,"evaluation_us":70.5,"reads":2}})",
        99);
    ASSERT_TRUE(breakdown);
    EXPECT_FALSE(breakdown->score);
    EXPECT_EQ(breakdown->at_ms, 99);
    EXPECT_EQ(breakdown->reads, 2);
    ASSERT_EQ(breakdown->components.size(), 1U);
    EXPECT_EQ(breakdown->components[0].absent, std::vector<std::string>{"obv: warming_up"});
    EXPECT_EQ(breakdown->components[0].without_reason, std::vector<std::string>{"adl"});
}

TEST(MetricsPage, SumsSeriesAndBuckets) {
    const MetricsPage page = MetricsPage::read(
        "# HELP a text\n# TYPE a counter\na{x=\"1\",y=\"2\"} 3\na{x=\"2\"} 4.5\nab 9\nno value\nbad "
        "nan\nt_bucket{le=\"0.5\",s=\"0\"} 2\n"
        "t_bucket{s=\"1\",le=\"0.5\"} 1\nt_bucket{s=\"0\",le=\"+Inf\"} 4\nt_bucket{s=\"1\",le=\"+Inf\"} "
        "1\nt_count 5\nlast 1e3");
    EXPECT_EQ(page.sum("a"), 7.5);
    EXPECT_EQ(page.sum("a", "x=\"2\""), 4.5);
    EXPECT_FALSE(page.sum("b"));
    EXPECT_FALSE(page.sum("bad"));
    EXPECT_EQ(page.sum("last"), 1'000.0);
    const auto buckets = page.buckets("t");
    ASSERT_EQ(buckets.size(), 2U);
    EXPECT_EQ(buckets[0], std::pair(0.5, 3.0));
    EXPECT_TRUE(std::isinf(buckets[1].first));
    EXPECT_EQ(quantile({}, buckets, 0.5), 0.5);
    EXPECT_TRUE(std::isinf(*quantile({}, buckets, 0.99)));
    EXPECT_FALSE(quantile(buckets, buckets, 0.5)) << "nothing came in between";
    EXPECT_TRUE(MetricsPage::read("").empty());
}

}  // namespace
}  // namespace virtuoso
