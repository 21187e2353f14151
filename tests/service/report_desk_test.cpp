// Reports come when they are due, once, and of the time since the one before.
#include "service/report_desk.hpp"

#include "report/period_report.hpp"
#include "support/alert_samples.hpp"
#include "support/running_program.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

using test::at;

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t minute_ns = ms_per_minute * ns_per_ms;

class ReportDesks : public testing::Test {
  protected:
    ReportDesks()
        : log_(*ServiceLog::open({.file = place_.file("log")})),
          store_(*open_store(*StoreAddress::parse(place_.file("kept.db")), StoreUse::write)) {}

    void put_minute(const std::string& time, const std::string& exchange = "bybit") {
        put(StoreTable::overview,
            {{"exchange", exchange}, {"time_ms", at(time).ns / ns_per_ms}, {"total", std::int64_t{560}}});
    }
    void put(StoreTable table, const std::vector<std::pair<std::string_view, StoreValue>>& cells) {
        const StoreRecord record{table, test::row_with(table, ++rows_, cells)};
        ASSERT_TRUE(store_->put({&record, 1}));
    }
    [[nodiscard]] std::unique_ptr<ReportDesk> desk(const std::vector<std::string>& times) {
        std::vector<ReportTime> parsed;
        for (const auto& time : times) {
            parsed.push_back(*ReportTime::parse(time));
        }
        return std::make_unique<ReportDesk>(
            parsed, "bybit",
            ReportDesk::Hooks{
                .ask = [this](const StoreReader::Question& question) { return answer(question); },
                .tell = [this](const Occurrence& told) { told_.push_back(told); }},
            *log_);
    }
    /// Ends the log: nothing may be looked at afterwards.
    [[nodiscard]] bool logged(const std::string& sentence) {
        log_.reset();
        return test::text_of(place_.file("log")).find(sentence) != std::string::npos;
    }

    test::TemporaryDirectory place_;
    std::unique_ptr<ServiceLog> log_;
    std::unique_ptr<Store> store_;
    std::vector<Occurrence> told_;
    bool is_lost_ = false;
    bool is_full_ = false;
    std::size_t asked_ = 0;

  private:
    bool answer(const StoreReader::Question& question) {
        ++asked_;
        if (is_full_) {
            return false;
        }
        if (is_lost_) {
            question(fail(ErrorCode::store_busy, "it is gone"));
        } else {
            question(std::ref(*store_));
        }
        return true;
    }

    std::int64_t rows_ = 0;
};

TEST_F(ReportDesks, AReportOfTheTimeSinceTheOneBeforeComesOnce) {
    put_minute("2024-06-01T06:59:00Z");  // before
    put_minute("2024-06-01T07:00:00Z");
    put_minute("2024-06-02T06:59:00Z");
    put_minute("2024-06-02T07:00:00Z");             // after
    put_minute("2024-06-02T01:00:00Z", "binance");  // elsewhere
    const auto reports = desk({"day 07:00"});
    reports->look(at("2024-06-02T06:59:59Z"));
    reports->look(at("2024-06-02T07:00:04Z"));
    EXPECT_TRUE(told_.empty()) << "its last rows may be on their way";
    for (const auto* const time : {"2024-06-02T07:00:05Z", "2024-06-02T07:00:06Z", "2024-06-02T09:00:00Z"}) {
        reports->look(at(time));
        ASSERT_EQ(told_.size(), 1U) << time;
    }
    const Occurrence& report = told_.front();
    EXPECT_EQ(report.kind, "report");
    EXPECT_EQ(report.time.ms, at("2024-06-02T07:00:00Z").ns / ns_per_ms);
    EXPECT_EQ(report.sentence, "Daily report on bybit, 2024-06-01 07:00 UTC to 2024-06-02 07:00 UTC");
    EXPECT_EQ(report.number("days"), 1);
    ASSERT_GE(report.lines.size(), 3U);
    EXPECT_NE(report.lines.front().find("of 560 contracts"), std::string::npos) << report.lines.front();
    EXPECT_EQ(report.lines.back(),
              "With charts, where the service runs: virtuoso report --exchange bybit --since "
              "2024-06-01T07:00:00.000Z --until 2024-06-02T07:00:00.000Z --html day-2024-06-02.html");
    reports->look(at("2024-06-03T07:00:05Z"));
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(told_.back().sentence, "Daily report on bybit, 2024-06-02 07:00 UTC to 2024-06-03 07:00 UTC");
}

TEST_F(ReportDesks, DayAndWeekComeEachAtItsTime) {
    put_minute("2024-06-02T12:00:00Z");  // a Sunday
    const auto reports = desk({"day 07:00", "week mon 07:00@Europe/Berlin"});
    reports->look(at("2024-06-03T04:30:00Z"));
    reports->look(at("2024-06-03T05:00:05Z"));
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_.front().number("days"), 7);
    EXPECT_EQ(told_.front().sentence, "Weekly report on bybit, 2024-05-27 05:00 UTC to 2024-06-03 05:00 UTC");
    reports->look(at("2024-06-03T07:00:05Z"));
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(told_.back().number("days"), 1);
}

TEST_F(ReportDesks, WhatWasDueWhileNobodyRanIsMadeUpForAnHour) {
    put_minute("2024-06-01T12:00:00Z");
    desk({"day 07:00"})->look(at("2024-06-02T07:59:59Z"));
    ASSERT_EQ(told_.size(), 1U);
    desk({"day 07:00"})->look(at("2024-06-02T08:00:01Z"));
    EXPECT_EQ(told_.size(), 1U);
}

// So that the outbox knows the alert of a process before this one.
TEST_F(ReportDesks, TheSamePeriodIsTheSameOccurrenceWhateverBecameKnownSince) {
    put_minute("2024-06-01T12:00:00Z");
    desk({"day 07:00"})->look(at("2024-06-02T07:10:00Z"));
    put(StoreTable::signals, {{"exchange", std::string("bybit")},
                              {"symbol", std::string("BTCUSDT")},
                              {"direction", std::string("LONG")},
                              {"time_ms", at("2024-06-02T06:00:00Z").ns / ns_per_ms}});
    desk({"day 07:00"})->look(at("2024-06-02T07:20:00Z"));
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_NE(told_[0].lines, told_[1].lines);
    EXPECT_EQ(identity_of(told_[0]), identity_of(told_[1]));
}

TEST_F(ReportDesks, WhatCannotBeMadeIsTriedAgainEachMinute) {
    put_minute("2024-06-01T12:00:00Z");
    const LocalTime due = at("2024-06-02T07:00:00Z");
    for (const bool is_full : {false, true}) {
        is_lost_ = true;
        is_full_ = is_full;
        asked_ = 0;
        told_.clear();
        const auto reports = desk({"day 07:00"});
        for (std::int64_t second = 5; second < 125; ++second) {
            reports->look({due.ns + second * test::ns_per_s});
        }
        EXPECT_EQ(asked_, 2U);
        EXPECT_TRUE(told_.empty());
        is_lost_ = false;
        is_full_ = false;
        reports->look({due.ns + 3 * minute_ns});
        EXPECT_EQ(told_.size(), 1U);
    }
    EXPECT_TRUE(logged("was due at 2024-06-02T07:00:00.000Z is not made yet: E_STORE_BUSY: it is gone"));
    EXPECT_TRUE(logged("is not made yet: the store is asked too much"));
}

TEST_F(ReportDesks, WhatCannotBeMadeIsGivenUpAfterAnHourAndTheNextOneComes) {
    put_minute("2024-06-01T12:00:00Z");
    put_minute("2024-06-02T12:00:00Z");
    const auto reports = desk({"day 07:00"});
    is_lost_ = true;
    for (std::int64_t minute = 1; minute < 70; ++minute) {
        reports->look({at("2024-06-02T07:00:00Z").ns + minute * minute_ns});
    }
    is_lost_ = false;
    reports->look(at("2024-06-02T09:00:00Z"));
    EXPECT_TRUE(told_.empty());
    reports->look(at("2024-06-03T07:00:05Z"));
    EXPECT_EQ(told_.size(), 1U);
    EXPECT_TRUE(logged("was due at 2024-06-02T07:00:00.000Z is given up: it is more than an hour late"));
}

TEST_F(ReportDesks, AfterASleepTheOneThatHasJustBecomeDueIsMade) {
    put_minute("2024-06-02T12:00:00Z");
    const auto reports = desk({"day 07:00"});
    reports->look(at("2024-06-02T06:59:00Z"));
    reports->look(at("2024-06-03T07:10:00Z"));
    reports->look(at("2024-06-03T07:10:01Z"));
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].time.ms, at("2024-06-03T07:00:00Z").ns / ns_per_ms);
    EXPECT_TRUE(logged("was due at 2024-06-02T07:00:00.000Z is given up: it is more than an hour late"));
}

TEST_F(ReportDesks, OfATimeOfWhichNothingIsKeptThereIsNone) {
    put_minute("2024-06-01T06:59:00Z");
    const auto reports = desk({"day 07:00"});
    reports->look(at("2024-06-02T07:00:05Z"));
    reports->look(at("2024-06-02T07:05:05Z"));
    EXPECT_TRUE(told_.empty());
    EXPECT_EQ(asked_, 1U);
    EXPECT_TRUE(logged("nothing of its time is on record"));
}

}  // namespace
}  // namespace virtuoso
