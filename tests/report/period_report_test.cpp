// A period is what its rows say, and nothing of other exchanges and other times.
#include "report/period_report.hpp"

#include "base/time.hpp"
#include "present/json_view.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace virtuoso {
namespace {

using namespace report;

constexpr std::int64_t from_ms = 1'795'000'000'000 - 1'795'000'000'000 % ms_per_day;
constexpr std::int64_t to_ms = from_ms + ms_per_day;

class PeriodReports : public testing::Test {
  protected:
    PeriodReports() : store_(*open_store(*StoreAddress::parse(place_.file("kept.db")), StoreUse::write)) {}

    /// A row whose other columns have a value of their type.
    void put(StoreTable table, std::int64_t number,
             std::vector<std::pair<std::string_view, StoreValue>> cells,
             const std::string& exchange = "bybit") {
        cells.emplace_back("exchange", exchange);
        const StoreRecord record{table, test::row_with(table, number, cells)};
        ASSERT_TRUE(store_->put({&record, 1}));
    }
    void put_signal(std::int64_t sequence, const std::string& symbol, const std::string& direction,
                    double score, std::int64_t time_ms, std::optional<double> net_r) {
        put(StoreTable::signals, sequence,
            {{"symbol", symbol},
             {"sequence", sequence},
             {"direction", direction},
             {"score", score},
             {"time_ms", time_ms},
             {"volume", 80.0}});
        put(StoreTable::outcomes, sequence,
            {{"symbol", symbol},
             {"sequence", sequence},
             {"horizon", std::string("plan")},
             {"time_ms", time_ms + ms_per_hour},
             {"state", std::string(net_r ? "whole" : "open")},
             {"first_barrier", std::string("stop")},
             {"net_r", net_r ? StoreValue(*net_r) : StoreValue()}});
        put(StoreTable::outcomes, sequence,
            {{"symbol", symbol},
             {"sequence", sequence},
             {"horizon", std::string("1h")},
             {"time_ms", time_ms + ms_per_hour},
             {"state", std::string("whole")},
             {"return_share", net_r.value_or(0) / 100}});
    }
    [[nodiscard]] PeriodReport read() { return *read_period(*store_, "bybit", from_ms, to_ms); }

    test::TemporaryDirectory place_;
    std::unique_ptr<Store> store_;
};

TEST_F(PeriodReports, SignalsHaveWhatBecameOfThem) {
    put_signal(1, "AUSDT", "LONG", 75, from_ms, 1.5);
    put_signal(2, "BUSDT", "SHORT", 25, from_ms + 1'000, -1.0);
    put_signal(3, "CUSDT", "LONG", 78, to_ms - 1, std::nullopt);
    put_signal(4, "DUSDT", "LONG", 90, from_ms - 1, 9.0);
    put_signal(5, "EUSDT", "LONG", 90, to_ms, 9.0);
    const PeriodReport period = read();
    ASSERT_EQ(period.signals.size(), 3U) << "those of before and after are left out";
    EXPECT_EQ(period.signals[0].net_r, 1.5);
    EXPECT_EQ(period.signals[2].state, "open");
    const auto& bins = period.calibration.at("1h");
    EXPECT_EQ(bins[7].signals, 2U);
    EXPECT_EQ(bins[7].right, 1U);
    EXPECT_DOUBLE_EQ(bins[7].return_sum, 0.015);
    EXPECT_EQ(bins[2].signals, 1U);
    EXPECT_DOUBLE_EQ(period.components[2].won.mean, 30) << "80 on the side of a LONG";
    EXPECT_DOUBLE_EQ(period.components[2].lost.mean, -30) << "80 against a SHORT";
    const std::string text = plain_text_of(text_of(period));
    EXPECT_NE(text.find("3 signals, 2 LONG and 1 SHORT; 2 ran to the end of the plan, 1 still open"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("Won: 1 of 2, 50 %"), std::string::npos) << text;
    EXPECT_LT(text.find("AUSDT"), text.find("The worst,"));
}

TEST_F(PeriodReports, MarketScoresAndServiceAreCounted) {
    for (std::int64_t minute = 0; minute < 120; ++minute) {
        put(StoreTable::overview, minute,
            {{"time_ms", from_ms + minute * ms_per_minute},
             {"mean_change", 0.01},
             {"volatility", 0.02},
             {"gainers", 400 - minute},
             {"regime", minute < 90 ? StoreValue(std::string("bullish")) : StoreValue()}});
        put(StoreTable::scores, minute,
            {{"symbol", std::string("AUSDT")},
             {"time_ms", from_ms + minute * ms_per_minute},
             {"technical", minute % 2 == 0 ? StoreValue(60.0) : StoreValue()}});
    }
    const auto part = [&](std::int64_t number, std::int64_t life, std::int64_t time_ms, const char* name,
                          bool good) {
        put(StoreTable::health_transitions, number,
            {{"life", life},
             {"number", number},
             {"time_ms", time_ms},
             {"part", std::string(name)},
             {"good", std::int64_t{good}}});
    };
    part(1, 1, from_ms - ms_per_hour, "saving", false);  // before the period
    part(2, 1, from_ms + 1'000, "store", false);
    part(3, 1, from_ms + 9'000, "store", true);
    part(4, 1, from_ms + 10'000, "saving", true);
    part(5, 1, from_ms + 100 * ms_per_minute, "hub", false);
    part(6, 1, from_ms + 100 * ms_per_minute, "shard 0", false);
    part(7, 2, from_ms + 10 * ms_per_hour, "ready", false);  // another process, which begins
    part(8, 2, from_ms + 10 * ms_per_hour, "shard 0", true);
    put(StoreTable::keeper_runs, 1,
        {{"time_ms", from_ms + 5},
         {"late_ms", std::int64_t{1'500}},
         {"error", StoreValue()},
         {"after_bytes", std::int64_t{1 << 20}}});
    put(StoreTable::events, 1,
        {{"time_ms", from_ms + 5},
         {"kind", std::string("whale_trade")},
         {"severity", std::string("warning")}});
    put(StoreTable::events, 2,
        {{"time_ms", from_ms + 5}, {"kind", std::string("whale_trade")}, {"severity", std::string("info")}},
        "sim");
    const PeriodReport period = read();
    EXPECT_EQ(period.market.minutes, 120U);
    EXPECT_EQ(period.market.gainers, 281) << "the last";
    EXPECT_EQ(period.market.hours.size(), 2U);
    EXPECT_EQ(period.market.regimes.at("bullish"), 90U);
    EXPECT_EQ(period.market.regimes.at("not known"), 30U);
    EXPECT_EQ(period.components[4].absent, 60U);
    EXPECT_DOUBLE_EQ(period.components[4].scores.mean, 60);
    EXPECT_EQ(period.outages.at("store").bad_ms, 8'000);
    EXPECT_EQ(period.outages.at("saving").bad_ms, 10'000) << "from the beginning of the period";
    EXPECT_EQ(period.outages.at("hub").bad_ms, 20 * ms_per_minute) << "as far as anything is on record";
    EXPECT_EQ(period.outages.at("shard 0").bad_ms, 20 * ms_per_minute) << "up to the end of its process";
    EXPECT_FALSE(period.outages.contains("ready")) << "a start is no outage";
    EXPECT_EQ(period.keeper.late, 1U);
    EXPECT_EQ(period.keeper.failed, 0U);
    EXPECT_EQ(period.events.at("whale_trade").at("warning"), 1U);
    EXPECT_FALSE(period.events.at("whale_trade").contains("info")) << "of another exchange";
    EXPECT_EQ(*exchanges_of(*store_), std::vector<std::string>{"bybit"});
}

TEST_F(PeriodReports, ASummaryHasALineOfEveryChapter) {
    put_signal(1, "AUSDT", "LONG", 75, from_ms, 1.5);
    put_signal(2, "BUSDT", "SHORT", 25, from_ms + 1'000, -1.0);
    put_signal(3, "CUSDT", "LONG", 78, to_ms - 1, std::nullopt);
    for (std::int64_t minute = 0; minute < 4; ++minute) {
        put(StoreTable::overview, minute,
            {{"time_ms", from_ms + minute * ms_per_minute},
             {"mean_change", 0.01},
             {"gainers", std::int64_t{300}},
             {"losers", std::int64_t{200}},
             {"total", std::int64_t{560}},
             {"regime", std::string(minute == 0 ? "ranging" : "bullish")}});
        put(StoreTable::scores, minute,
            {{"symbol", std::string("AUSDT")},
             {"time_ms", from_ms + minute * ms_per_minute},
             {"technical", minute == 0 ? StoreValue() : StoreValue(60.0)}});
        put(StoreTable::keeper_runs, minute,
            {{"time_ms", from_ms + minute * ms_per_minute},
             {"late_ms", std::int64_t{0}},
             {"error", StoreValue()},
             {"after_bytes", (std::int64_t{100} + minute) << 20}});
    }
    put(StoreTable::events, 1,
        {{"time_ms", from_ms + 5},
         {"kind", std::string("whale_trade")},
         {"severity", std::string("warning")}});
    for (const std::int64_t good : {0, 1}) {
        put(StoreTable::health_transitions, good,
            {{"life", std::int64_t{1}},
             {"number", good},
             {"time_ms", from_ms + 1'000 + good * 8'000},
             {"part", std::string("store")},
             {"good", good}});
    }
    const std::vector<std::string> summary = summary_of(read());
    EXPECT_EQ(title_of(read()), "Report on bybit, 2026-11-18 00:00 UTC to 2026-11-19 00:00 UTC");
    const std::vector<std::string> lines{
        "Market, 4 of 1440 minutes on record: at the last of them 300 of 560 contracts had risen and 200 "
        "fallen in "
        "24 h; their mean change of 24 h was +1.00 % on average; the regime was bullish for 75 % of that "
        "time.",
        "3 signals, 2 LONG and 1 SHORT; 2 ran to the end of the plan, 1 still open.",
        "Won: 1 of 2, 50 % (95 % interval: 9 to 91 %). Expectation +0.250 R a signal after costs, standard "
        "error "
        "1.250: not to be told from chance.",
        "Best: AUSDT LONG +1.50 R; worst: BUSDT SHORT -1.00 R.",
        "Calibration: after 1 h 1 of 3 signals had gone their way, 33 %; the mean return in their favour was "
        "+0.167 %.",
        "Components: absent from 4 scores: technical from 25.00 %.",
        "Service: not good were store, once for 8 s. Events: 1 warning, 0 critical.",
        "Memory: 100.0 MiB after the first run of the keeper, 103.0 MiB after the last of 4; 0 failed, 0 "
        "were "
        "late."};
    EXPECT_EQ(summary, lines);
}

TEST_F(PeriodReports, ASummaryClaimsNothingOfWhatIsNotOnRecord) {
    EXPECT_EQ(summary_of(read()),
              (std::vector<std::string>{
                  "Market: nothing of it is on record.",
                  "0 signals, 0 LONG and 0 SHORT; 0 ran to the end of the plan, 0 still open.",
                  "Service: nothing of it is on record."}));
    put_signal(1, "AUSDT", "LONG", 75, from_ms, 1.5);
    const auto lines = summary_of(read());
    ASSERT_GE(lines.size(), 3U);
    EXPECT_EQ(lines[1], "1 signal, 1 LONG and 0 SHORT; 1 ran to the end of the plan, 0 still open.");
    EXPECT_EQ(lines[2], "Its result after costs: +1.500 R. One says nothing of the next.");
}

TEST_F(PeriodReports, AnEmptyStoreSaysSo) {
    EXPECT_TRUE(exchanges_of(*store_)->empty());
    const std::string text = plain_text_of(text_of(read()));
    for (const std::string sentence :
         {"Nothing of it is on record.", "0 signals", "No outcome", "No score is on record.",
          "Every part was good", "No run of the memory keeper"}) {
        EXPECT_NE(text.find(sentence), std::string::npos) << sentence << "\n" << text;
    }
}

TEST_F(PeriodReports, WhatComesFromOutsideIsEscapedInEveryForm) {
    put_signal(1, "</script><img src=x>|\x1b[31m", "LONG", 75, from_ms, 1.5);
    put(StoreTable::overview, 1, {{"time_ms", from_ms}, {"regime", std::string("</script><script>")}});
    const SectionedReport report = text_of(read());
    const std::string page = page_of(report);
    EXPECT_EQ(page.find("<img"), std::string::npos);
    EXPECT_EQ(page.find("</script><script>"), std::string::npos);
    EXPECT_NE(page.find("const charts="), std::string::npos);
    EXPECT_EQ(markdown_of(report).find("<img"), std::string::npos);
    for (const std::string& text : {page, markdown_of(report), plain_text_of(report), period_json(read())}) {
        EXPECT_EQ(text.find('\x1b'), std::string::npos);
    }
    const auto json = Json::parsed(period_json(read()));
    ASSERT_TRUE(json);
    EXPECT_EQ(JsonView(*json)["schema"].text(), "virtuoso.report/1");
    EXPECT_EQ(JsonView(*json)["signals"].elements().size(), 1U);
}

}  // namespace
}  // namespace virtuoso
