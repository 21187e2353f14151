// Which rows results become.
#include "service/result_recorder.hpp"

#include "service/health.hpp"
#include "store/store_table.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

constexpr LocalTime life{1'800'000'000'000'000'000};
constexpr std::int64_t minute = ms_per_minute;

class ResultRecorderTest : public testing::Test {
  protected:
    static SymbolResult result(std::int64_t time_ms, double score) {
        SymbolResult made;
        made.exchange = "bybit";
        made.symbol = "BTCUSDT";
        Confluence& confluence = made.confluence;
        confluence.as_of = {time_ms};
        for (auto& component : confluence.components) {
            component.score = score;
        }
        confluence.score = score;
        confluence.reliability = 1;
        confluence.price.mid = 100;
        confluence.price.from_book = true;
        confluence.price.atr = 1;
        return made;
    }
    [[nodiscard]] const StoreValue& value(std::size_t row, std::string_view column) const {
        return rows.at(row).row.at(*spec_of(rows.at(row).table).column(column));
    }
    void expect_rows_fit() const {
        for (const auto& record : rows) {
            EXPECT_EQ(record.row.size(), spec_of(record.table).columns.size()) << spec_of(record.table).name;
        }
    }

    std::vector<StoreRecord> rows;
    ResultRecorder recorder{[this](StoreRecord record) { rows.push_back(std::move(record)); }, "sim", life};
};

TEST_F(ResultRecorderTest, TheLastEvaluationOfEachMinuteIsASample) {
    const std::int64_t times[] = {minute, minute + 1'000, 2 * minute - 1, 2 * minute, 5 * minute, 4 * minute};
    std::optional<SymbolResult> before;
    double score = 50;
    for (const std::int64_t time : times) {
        auto next = result(time, ++score);
        recorder.note(next, before ? &*before : nullptr);
        before = std::move(next);
    }
    expect_rows_fit();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(value(0, "time_ms"), StoreValue(minute));
    EXPECT_EQ(value(1, "time_ms"), StoreValue(2 * minute));
    EXPECT_EQ(value(0, "exchange"), StoreValue(std::string("sim"))) << "not whose dialect it speaks";
    EXPECT_NEAR(std::get<double>(value(0, "score")), 53, 1e-9);
    EXPECT_NEAR(std::get<double>(value(1, "sentiment")), 54, 1e-9);
}

TEST_F(ResultRecorderTest, WhatHasNoScoreIsASampleOfNothing) {
    SymbolResult before = result(minute, 50);
    before.confluence.score = std::nullopt;
    before.confluence.components[2].score = std::nullopt;
    recorder.note(result(2 * minute, 50), &before);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(value(0, "score"), StoreValue());
    EXPECT_EQ(value(0, "volume"), StoreValue());
    EXPECT_NE(value(0, "orderflow"), StoreValue());
}

TEST_F(ResultRecorderTest, ASignalIsKeptWhenItBeginsWithAllThatAnAuditNeeds) {
    SymbolResult before = result(minute, 60);
    recorder.note(before, nullptr);
    EXPECT_TRUE(rows.empty());
    SymbolResult begins = result(minute + 1'000, 80);
    begins.evaluated = {9'000'000'000};
    recorder.note(begins, &before);
    recorder.note(result(minute + 2'000, 81), &begins);
    expect_rows_fit();
    ASSERT_EQ(rows.size(), 1U) << "once, while it is held";
    EXPECT_EQ(rows[0].table, StoreTable::signals);
    EXPECT_EQ(value(0, "exchange"), StoreValue(std::string("sim")));
    EXPECT_EQ(value(0, "sequence"), StoreValue(std::int64_t{0})) << "the writer counts";
    EXPECT_EQ(value(0, "time_ms"), StoreValue(minute + 1'000));
    EXPECT_EQ(value(0, "received_ms"), StoreValue(std::int64_t{9'000}));
    EXPECT_EQ(value(0, "direction"), StoreValue(std::string("LONG")));
    EXPECT_EQ(value(0, "entry"), StoreValue(100.0));
    EXPECT_LT(std::get<double>(value(0, "stop")), 100);
    EXPECT_GT(std::get<double>(value(0, "target_3")), std::get<double>(value(0, "target_1")));
    const auto& breakdown = std::get<std::string>(value(0, "breakdown"));
    EXPECT_TRUE(breakdown.starts_with(R"({"schema":"virtuoso.signal/1","id":"sim-BTCUSDT-LONG-)"))
        << breakdown;

    SymbolResult other = result(minute + 3'000, 50);
    other.confluence.components[0].weight = 0.5;
    recorder.note(other, nullptr);
    other.confluence.as_of = {minute + 4'000};
    other.confluence.score = 20;
    recorder.note(other, nullptr);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(value(1, "direction"), StoreValue(std::string("SHORT")));
    EXPECT_NE(value(1, "settings"), value(0, "settings")) << "other weights";
}

TEST_F(ResultRecorderTest, ASideThatWasHeldOverARestartIsNoNewSignal) {
    const RecordedSide was_long{.score = 72,
                                .reliability = 1,
                                .sampled = {60 * minute},
                                .last = Verdict::long_side,
                                .last_long = ExchangeTime{10 * minute}};
    recorder.resume({{"BTCUSDT", was_long}});
    recorder.note(result(100 * minute, 80), nullptr);
    recorder.note(result(101 * minute, 66), nullptr);
    EXPECT_TRUE(rows.empty()) << "still held";
    recorder.note(result(102 * minute, 50), nullptr);
    recorder.note(result(103 * minute, 80), nullptr);
    ASSERT_EQ(rows.size(), 1U) << "it was left and entered again";
    EXPECT_EQ(value(0, "direction"), StoreValue(std::string("LONG")));
}

TEST_F(ResultRecorderTest, TheCooldownGoesOnOverARestart) {
    RecordedSide left{.score = 50, .reliability = 1, .sampled = {60 * minute}, .last = Verdict::short_side};
    left.last_short = ExchangeTime{50 * minute};
    recorder.resume({{"BTCUSDT", left}});
    recorder.note(result(62 * minute, 20), nullptr);
    EXPECT_TRUE(rows.empty()) << "12 minutes after the one before";
    recorder.note(result(63 * minute, 80), nullptr);
    EXPECT_EQ(rows.size(), 1U) << "the other direction has none";
}

TEST(RecordedSide, IsWhatTheLastRowsTell) {
    const ConfluenceThresholds limits;
    RecordedSide side{.score = 66, .reliability = 1, .sampled = {600 * minute}};
    EXPECT_EQ(side.before(limits).held, Verdict::neutral) << "nobody had entered it";
    side.last = Verdict::long_side;
    side.last_long = ExchangeTime{5 * minute};
    EXPECT_EQ(side.before(limits).held, Verdict::long_side) << "not left by the hysteresis";
    side.score = 64;
    EXPECT_EQ(side.before(limits).held, Verdict::neutral);
    side.score = 20;
    EXPECT_EQ(side.before(limits).held, Verdict::short_side) << "entered within a cooldown";
    side.reliability = 0.1;
    EXPECT_EQ(side.before(limits).held, Verdict::neutral);
    side.score = 50;
    side.last_long = ExchangeTime{602 * minute};
    EXPECT_EQ(side.before(limits).held, Verdict::long_side) << "the signal is newer than the sample";
    EXPECT_EQ(RecordedSide{}.before(limits).held, Verdict::neutral);
}

TEST_F(ResultRecorderTest, EventsKeepTheirNumberAndTheirNumbers) {
    NotableEvent event;
    event.kind = EventKind::whale_trade;
    event.severity = EventSeverity::warning;
    event.time = {77};
    event.add("notional", 1e6);
    event.say("a whale\n");
    recorder.note(event, 12);
    event.symbol = "BTCUSDT";
    recorder.note(event, 13);
    expect_rows_fit();
    EXPECT_EQ(value(0, "life"), StoreValue(life.ns));
    EXPECT_EQ(value(0, "number"), StoreValue(std::int64_t{12}));
    EXPECT_EQ(value(0, "kind"), StoreValue(std::string("whale_trade")));
    EXPECT_EQ(value(0, "symbol"), StoreValue());
    EXPECT_EQ(value(1, "symbol"), StoreValue(std::string("BTCUSDT")));
    EXPECT_EQ(value(0, "numbers"), StoreValue(std::string(R"({"notional":1000000.0})")));
}

TEST_F(ResultRecorderTest, TheOverviewIsKeptOnceAMinute) {
    MarketOverview first;
    first.as_of = {minute + 5'000};
    first.gainers = 3;
    MarketOverview second = first;
    second.as_of = {minute + 10'000};
    second.gainers = 4;
    MarketOverview third = second;
    third.as_of = {2 * minute};
    recorder.note(first, nullptr);
    recorder.note(second, &first);
    recorder.note(third, &second);
    expect_rows_fit();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(value(0, "time_ms"), StoreValue(minute));
    EXPECT_EQ(value(0, "gainers"), StoreValue(std::int64_t{4}));
    EXPECT_EQ(value(0, "regime"), StoreValue());
}

TEST_F(ResultRecorderTest, HealthIsKeptWhenItChanges) {
    ServiceHealth health;
    health.parts.push_back({.name = "hub", .good = true, .detail = "fine"});
    recorder.note(health, {1'000'000});
    recorder.note(health, {2'000'000});
    EXPECT_EQ(rows.size(), 2U) << "how it began: not ready, and the hub";
    health.parts[0].good = false;
    health.parts[0].detail = "stuck";
    recorder.note(health, {3'000'000});
    expect_rows_fit();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(value(2, "part"), StoreValue(std::string("hub")));
    EXPECT_EQ(value(2, "good"), StoreValue(std::int64_t{0}));
    EXPECT_EQ(value(2, "time_ms"), StoreValue(std::int64_t{3}));
    EXPECT_EQ(value(2, "number"), StoreValue(std::int64_t{3}));
}

TEST_F(ResultRecorderTest, RunsOfTheKeeperAreKept) {
    KeeperRun run;
    run.number = 4;
    run.yield.candles = 9;
    run.error = "no answer";
    recorder.note(run);
    expect_rows_fit();
    EXPECT_EQ(value(0, "number"), StoreValue(std::int64_t{4}));
    EXPECT_EQ(value(0, "candles"), StoreValue(std::int64_t{9}));
    EXPECT_EQ(value(0, "error"), StoreValue(std::string("no answer")));
}

}  // namespace
}  // namespace virtuoso
