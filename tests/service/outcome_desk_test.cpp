// Signals followed over restarts and holes: what the store holds in the end.
#include "service/outcome_desk.hpp"

#include "service/recorded_signals.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <span>

namespace virtuoso {
namespace {

constexpr std::int64_t minute = ms_per_minute;
constexpr ExchangeTime signal_time{1'800'000'000'000 + 17'250};  ///< within a minute
constexpr ExchangeTime first_minute{1'800'000'000'000};

StoreRow signal_row(std::string_view direction, double entry, double risk, ExchangeTime time = signal_time) {
    const StoreTableSpec& spec = spec_of(StoreTable::signals);
    StoreRow row = test::sample_row(StoreTable::signals, 1);
    const auto set = [&](std::string_view column, StoreValue value) {
        row.at(spec.column(column).value_or(99)) = std::move(value);
    };
    const double side = direction == "LONG" ? 1 : -1;
    set("exchange", std::string("bybit"));
    set("symbol", std::string("BTCUSDT"));
    set("time_ms", time.ms);
    set("direction", std::string(direction));
    set("score", side > 0 ? 80.0 : 20.0);
    set("entry", entry);
    set("stop", entry - side * risk);
    set("target_1", entry + side * risk);
    set("target_2", entry + side * 2 * risk);
    set("target_3", entry + side * 3 * risk);
    return row;
}

/// A market that the desk can ask, and a store that outlives it.
class OutcomeDeskTest : public testing::Test {
  protected:
    OutcomeDeskTest() { make_market(1); }

    void make_market(unsigned seed) {
        std::mt19937_64 random(seed);
        std::uniform_real_distribution<double> step(-0.3, 0.3);
        double price = 100;
        market_.clear();
        for (int i = 0; i < 1'500; ++i) {
            const double open = price;
            price += step(random);
            market_.push_back({.begin = first_minute + i * minute,
                               .end = first_minute + (i + 1) * minute,
                               .high = std::max(open, price) + 0.1,
                               .low = std::min(open, price) - 0.1,
                               .close = price});
        }
    }
    static StoreRow only(const std::vector<StoreRow>& rows) {
        return rows.size() == 1 ? rows[0] : StoreRow();
    }
    void clear() {
        write();
        for (const auto table : {StoreTable::outcomes, StoreTable::signals}) {
            EXPECT_TRUE(store_->remove_before(table, 9'000'000'000'000, 1'000));
        }
    }
    void write() {
        EXPECT_TRUE(store_->put(waiting_));
        waiting_.clear();
    }
    [[nodiscard]] StoreValue value(std::string_view horizon, std::string_view column) {
        const auto rows = test::all_rows(
            *store_, {.table = StoreTable::outcomes, .where = {{"horizon", std::string(horizon)}}});
        const StoreRow row = only(rows);
        const auto place = spec_of(StoreTable::outcomes).column(column);
        return row.empty() || !place ? StoreValue(std::string("no row")) : row.at(*place);
    }
    void start() {
        desk_ = std::make_unique<OutcomeDesk>(OutcomeDesk::Hooks{
            .put =
                [this](StoreRecord record) {
                    EXPECT_TRUE(store_->put({&record, 1}));
                },
            .describe =
                [](std::string_view) {
                    return SignalCircumstances{"deep", "bullish"};
                },
            .ask = [this](const OutcomeDesk::Questions& questions,
                          const OutcomeDesk::Answers& answers) { answer(*questions, answers); },
            .over = [this](const StoreRow&) { ++over_; }});
    }
    void restart() {
        write();
        auto recorded = read_recorded_signals(*store_, "bybit", now_.ms);
        ASSERT_TRUE(recorded) << recorded.error().text();
        start();
        desk_->resume(std::move(recorded->open));
    }
    void begin(const StoreRow& signal) {
        const StoreRecord record{StoreTable::signals, signal};
        ASSERT_TRUE(store_->put({&record, 1}));
        desk_->begin({&record, 1});
    }
    void answer(const std::vector<PriceQuestion>& questions, const OutcomeDesk::Answers& answers) {
        std::vector<PriceAnswer> all;
        for (const auto& question : questions) {
            PriceAnswer one{.symbol = question.symbol, .now = now_, .minutes = {}, .beginnings = {}};
            const std::int64_t before = std::max<std::int64_t>(0, question.from - first_minute) / minute;
            for (const auto& stretch :
                 std::span(market_).subspan(std::min(market_.size(), static_cast<std::size_t>(before)))) {
                const bool seen = stretch.begin >= question.from && stretch.end <= now_ &&
                                  !missing_.contains(stretch.begin.ms);
                if (stretch.end > now_) {
                    break;
                }
                if (seen && one.minutes.size() == 30) {
                    one.more = true;
                    break;
                }
                if (seen) {
                    one.minutes.push_back(stretch);
                }
            }
            for (const ExchangeTime from : question.beginnings) {
                MinuteRest rest{.from = from, .known = tape_known_};
                if (tape_known_ && traded_at_first_) {
                    const PriceStretch& whole = market_.front();
                    rest.prices = {from, whole.end, 100.05, 99.95, whole.close};
                }
                one.beginnings.push_back(rest);
            }
            all.push_back(std::move(one));
        }
        if (away_) {
            return;
        }
        answers(std::move(all));
    }
    void go_to(ExchangeTime until) {
        while (now_ < until) {
            now_ = std::min(until, now_ + 20'000);
            desk_->look(now_);
        }
    }
    /// Long enough for everything that can be answered.
    void finish() { go_to(signal_time + ms_per_day + 10 * minute); }

    /// As `virtuoso evaluate` follows it, all at once.
    [[nodiscard]] Outcome expected(const StoreRow& signal, bool rest_known = true) const {
        const double entry = std::get<double>(signal.at(17));
        const double stop = std::get<double>(signal.at(18));
        TradePlan plan;
        plan.direction = stop < entry ? Verdict::long_side : Verdict::short_side;
        plan.entry.price = entry;
        plan.stop.price = stop;
        for (std::size_t i = 0; i < 3; ++i) {
            plan.targets.at(i).price = std::get<double>(signal.at(19 + i));
        }
        OutcomeTracker tracker(plan, signal_time, {});
        if (rest_known) {
            tracker.step({signal_time, first_minute + minute, 100.05, 99.95, market_.front().close});
        }
        for (const auto& stretch : market_) {
            tracker.step(stretch);
        }
        EXPECT_TRUE(tracker.done());
        return tracker.outcome();
    }
    void expect_whole(const Outcome& wanted) {
        for (std::size_t i = 0; i < outcome_horizons_ms.size(); ++i) {
            const auto name = horizon_name(i);
            EXPECT_EQ(value(name, "state"), StoreValue(std::string("whole"))) << name;
            EXPECT_EQ(value(name, "hole_ms"), StoreValue(std::int64_t{0})) << name;
            const StoreValue share = value(name, "return_share");
            ASSERT_TRUE(std::holds_alternative<double>(share) && wanted.returns.at(i)) << name;
            EXPECT_NEAR(std::get<double>(share), *wanted.returns.at(i), 1e-12) << name;
            EXPECT_EQ(value(name, "time_ms"), StoreValue((signal_time + outcome_horizons_ms.at(i)).ms));
        }
        EXPECT_EQ(value("plan", "state"), StoreValue(std::string("whole")));
        EXPECT_EQ(value("plan", "first_barrier"), StoreValue(std::string(name_of(wanted.first))));
        EXPECT_EQ(value("plan", "targets_reached"), StoreValue(std::int64_t{wanted.targets_reached}));
        const StoreValue net = value("plan", "net_r");
        ASSERT_TRUE(std::holds_alternative<double>(net));
        EXPECT_NEAR(std::get<double>(net), wanted.net_r, 1e-9);
        EXPECT_NEAR(std::get<double>(value("plan", "favourable_r")), wanted.favourable_r, 1e-9);
        EXPECT_NEAR(std::get<double>(value("plan", "adverse_r")), wanted.adverse_r, 1e-9);
    }

    test::TemporaryDirectory folder_;
    std::vector<StoreRecord> waiting_;  ///< to be written together: a transaction waits for the disk
    std::unique_ptr<Store> store_ =
        *open_store(*StoreAddress::parse(folder_.file("kept.db")), StoreUse::write);
    std::vector<PriceStretch> market_;
    std::set<std::int64_t> missing_;
    bool tape_known_ = true;
    bool traded_at_first_ = true;
    bool away_ = false;
    ExchangeTime now_ = signal_time;
    int over_ = 0;
    std::unique_ptr<OutcomeDesk> desk_;
};

TEST_F(OutcomeDeskTest, FollowsASignalToTheEndAsTheEvaluationDoes) {
    for (const std::string_view direction : {"LONG", "SHORT"}) {
        clear();
        now_ = signal_time;
        start();
        const StoreRow signal = signal_row(direction, 100, direction == "LONG" ? 2 : 30);
        begin(signal);
        go_to(signal_time + 7 * minute);
        EXPECT_EQ(value("5m", "state"), StoreValue(std::string("whole"))) << "as soon as it is over";
        EXPECT_EQ(value("24h", "state"), StoreValue(std::string("open")));
        finish();
        expect_whole(expected(signal));
        EXPECT_EQ(value("1h", "direction"), StoreValue(std::string(direction)));
        EXPECT_EQ(value("1h", "symbol_group"), StoreValue(std::string("deep")));
        EXPECT_EQ(value("1h", "regime"), StoreValue(std::string("bullish")));
        EXPECT_EQ(desk_->counts().followed, 0U);
        EXPECT_EQ(desk_->counts().over, 1U);
        EXPECT_EQ(desk_->counts().rows_whole, 6U) << "a horizon's each and the plan's";
        EXPECT_EQ(desk_->counts().rows_hole, 0U);
    }
    EXPECT_EQ(over_, 12);
}

TEST_F(OutcomeDeskTest, RestartsAndOutagesThatAreFilledLeaveNoTrace) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        clear();
        make_market(seed);
        now_ = signal_time;
        start();
        const StoreRow signal = signal_row(seed % 2 == 0 ? "LONG" : "SHORT", 100, 1.0 + seed);
        begin(signal);
        std::mt19937_64 random(seed);
        go_to(signal_time + 2 * minute);
        while (now_ < signal_time + 23 * ms_per_hour) {
            go_to(now_ + static_cast<std::int64_t>(random() % (3 * ms_per_hour)));
            now_ = now_ + static_cast<std::int64_t>(random() % ms_per_hour);  // nobody is there
            restart();
            away_ = random() % 2 == 0;
            go_to(now_ + static_cast<std::int64_t>(random() % ms_per_hour));
            away_ = false;
        }
        finish();
        expect_whole(expected(signal));
        EXPECT_EQ(desk_->counts().followed, 0U) << seed;
        write();
        EXPECT_EQ(read_recorded_signals(*store_, "bybit", now_.ms)->open.size(), 0U) << "all is over";
    }
}

TEST_F(OutcomeDeskTest, AHoleIsMarkedAndItsBarriersAreNotGuessed) {
    start();
    const StoreRow signal = signal_row("LONG", 100, 50);  // no barrier in reach
    begin(signal);
    for (int i = 30; i < 50; ++i) {
        missing_.insert((first_minute + i * minute).ms);
    }
    finish();
    EXPECT_EQ(value("15m", "state"), StoreValue(std::string("whole")));
    EXPECT_EQ(value("1h", "state"), StoreValue(std::string("hole")));
    EXPECT_EQ(value("1h", "hole_ms"), StoreValue(20 * minute));
    EXPECT_TRUE(std::holds_alternative<double>(value("1h", "return_share")))
        << "the price at its end was seen";
    EXPECT_EQ(value("plan", "state"), StoreValue(std::string("hole")));
    for (const std::string_view column : {"first_barrier", "targets_reached", "gross_r", "net_r"}) {
        EXPECT_EQ(value("plan", column), StoreValue()) << column;
    }
    EXPECT_TRUE(std::holds_alternative<double>(value("plan", "favourable_r")));
    EXPECT_EQ(desk_->counts().rows_whole, 2U);
    EXPECT_EQ(desk_->counts().rows_hole, 4U);
}

TEST_F(OutcomeDeskTest, AHorizonWithinAHoleHasNoReturnAndOnlyItsPartOfTheHole) {
    start();
    begin(signal_row("SHORT", 100, 50));
    for (int i = 50; i < 80; ++i) {
        missing_.insert((first_minute + i * minute).ms);
    }
    finish();
    EXPECT_EQ(value("1h", "return_share"), StoreValue());
    EXPECT_EQ(value("1h", "hole_ms"), StoreValue((signal_time + ms_per_hour) - (first_minute + 50 * minute)));
    EXPECT_EQ(value("4h", "hole_ms"), StoreValue(30 * minute));
}

TEST_F(OutcomeDeskTest, WhatWasOverBeforeAHoleIsWhole) {
    start();
    begin(signal_row("LONG", 100, 0.01));  // stopped at once
    for (int i = 30; i < 40; ++i) {
        missing_.insert((first_minute + i * minute).ms);
    }
    finish();
    EXPECT_EQ(value("plan", "state"), StoreValue(std::string("whole")));
    EXPECT_EQ(value("plan", "first_barrier"), StoreValue(std::string("stop")));
    EXPECT_EQ(value("4h", "state"), StoreValue(std::string("hole")));
}

TEST_F(OutcomeDeskTest, TheRestOfTheFirstMinuteIsAHoleWhereItsTradesAreNotKnown) {
    const std::int64_t rest = first_minute + minute - signal_time;
    tape_known_ = false;
    start();
    begin(signal_row("LONG", 100, 50));
    go_to(signal_time + 7 * minute);
    EXPECT_EQ(value("5m", "state"), StoreValue(std::string("hole")));
    EXPECT_EQ(value("5m", "hole_ms"), StoreValue(rest));
}

TEST_F(OutcomeDeskTest, ATimeThatGoesBackKeepsNothingFromBeingAsked) {
    start();
    begin(signal_row("LONG", 100, 50));
    away_ = true;
    desk_->look(signal_time + 2 * ms_per_hour);  // the machine's, before the exchange's is known
    away_ = false;
    go_to(signal_time + 7 * minute);
    EXPECT_EQ(value("5m", "state"), StoreValue(std::string("whole")));
}

TEST_F(OutcomeDeskTest, AQuietFirstMinuteIsNone) {
    traded_at_first_ = false;
    start();
    begin(signal_row("LONG", 100, 50));
    go_to(signal_time + 7 * minute);
    EXPECT_EQ(value("5m", "state"), StoreValue(std::string("whole")));
}

TEST_F(OutcomeDeskTest, ASymbolThatNobodyHearsOfAnyMoreIsOverToo) {
    start();
    begin(signal_row("LONG", 100, 50));
    go_to(signal_time + 20 * minute);
    away_ = true;
    go_to(signal_time + ms_per_day + 7 * ms_per_hour);
    EXPECT_EQ(desk_->counts().followed, 0U);
    EXPECT_EQ(value("15m", "state"), StoreValue(std::string("whole")));
    EXPECT_EQ(value("24h", "state"), StoreValue(std::string("hole")));
    EXPECT_EQ(value("24h", "return_share"), StoreValue());
    EXPECT_EQ(value("plan", "net_r"), StoreValue());
}

TEST_F(OutcomeDeskTest, RowsThatAreNoSignalsAreNotFollowed) {
    start();
    StoreRow broken = signal_row("LONG", 100, 0);  // no risk
    const std::vector<StoreRecord> records{{StoreTable::signals, broken},
                                           {StoreTable::signals, {}},
                                           {StoreTable::events, test::sample_row(StoreTable::events, 1)}};
    desk_->begin(records);
    desk_->look(now_);
    EXPECT_EQ(desk_->counts().followed, 0U);
}

}  // namespace
}  // namespace virtuoso
