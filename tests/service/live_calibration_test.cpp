// From rows of the store to what is said beside a score.
#include "service/live_calibration.hpp"

#include "service/market_overview.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace virtuoso {
namespace {

constexpr std::size_t hour = 2;
constexpr std::int64_t now_ms = 1'800'000'000'000;

StoreRow outcome_row(std::int64_t sequence, std::string_view horizon, std::string_view direction,
                     double share) {
    StoreRow row(spec_of(StoreTable::outcomes).columns.size());
    const auto set = [&](std::string_view column, StoreValue value) {
        row.at(spec_of(StoreTable::outcomes).column(column).value_or(99)) = std::move(value);
    };
    set("exchange", std::string("bybit"));
    set("symbol", std::string("BTCUSDT"));
    set("sequence", sequence);
    set("horizon", std::string(horizon));
    set("time_ms", now_ms - sequence);
    set("state", std::string("whole"));
    set("return_share", share);
    set("hole_ms", std::int64_t{0});
    set("direction", std::string(direction));
    set("score", direction == "LONG" ? 75.0 : 25.0);
    set("symbol_group", std::string("deep"));
    set("regime", std::string("bullish"));
    return row;
}

SymbolResult result_of(double score, Verdict side) {
    SymbolResult result;
    result.deep = true;
    result.confluence.score = score;
    result.confluence.verdict = side;
    return result;
}

TEST(LiveCalibration, ReadsWhatIsKeptAndGoesOnFromThere) {
    const test::TemporaryDirectory folder;
    const auto store = *open_store(*StoreAddress::parse(folder.file("kept.db")), StoreUse::write);
    std::vector<StoreRecord> rows;
    for (std::int64_t i = 1; i <= 40; ++i) {
        rows.push_back({StoreTable::outcomes, outcome_row(i, "1h", "LONG", i <= 10 ? 0.01 : -0.01)});
        rows.push_back({StoreTable::outcomes, outcome_row(i, "plan", "LONG", 9)});
        rows.push_back({StoreTable::outcomes, outcome_row(100 + i, "1h", "SHORT", i <= 10 ? 0.01 : -0.01)});
    }
    StoreRow open = outcome_row(99, "1h", "LONG", 0.01);
    open.at(5) = std::string("open");
    StoreRow old = outcome_row(98, "1h", "LONG", 0.01);
    old.at(4) = now_ms - 91 * ms_per_day;
    StoreRow of_others = outcome_row(97, "1h", "LONG", 0.01);
    of_others.at(0) = std::string("sim");
    for (auto* const row : {&open, &old, &of_others}) {
        rows.push_back({StoreTable::outcomes, *row});
    }
    ASSERT_TRUE(store->put(rows));
    LiveCalibration calibration;
    ASSERT_TRUE(calibration.read(*store, "bybit", now_ms));
    calibration.note(outcome_row(41, "1h", "LONG", 0.01));

    MarketOverview overview;
    overview.regime = MarketRegime::bullish;
    const auto rose = [&](double score, Verdict side) -> std::optional<WhatFollowed> {
        const auto answer = calibration.answer(result_of(score, side), &overview);
        return answer ? answer->horizons.at(hour) : std::nullopt;
    };
    const auto longs = rose(72, Verdict::long_side);
    ASSERT_TRUE(longs);
    EXPECT_EQ(longs->samples, 41U);
    EXPECT_EQ(longs->rose, 11U);
    const auto shorts = rose(25, Verdict::short_side);
    ASSERT_TRUE(shorts);
    EXPECT_EQ(shorts->rose, 30U) << "the price rose where a SHORT lost";
    EXPECT_FALSE(rose(85, Verdict::long_side)) << "nothing followed such scores";
    EXPECT_FALSE(rose(72, Verdict::neutral));
    EXPECT_TRUE(calibration.answer(result_of(72, Verdict::long_side), nullptr)->like.group);
    EXPECT_FALSE(calibration.answer(result_of(72, Verdict::long_side), nullptr)->like.regime);
}

TEST(LiveCalibration, IsReadWhileItLearns) {
    LiveCalibration calibration;
    std::atomic<bool> over = false;
    std::thread reader([&] {
        std::size_t before = 0;
        while (!over) {
            const auto answer = calibration.answer(result_of(75, Verdict::long_side), nullptr);
            const std::size_t samples = answer ? answer->horizons.at(hour)->samples : 0;
            EXPECT_GE(samples, before);
            before = samples;
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
    });
    for (std::int64_t i = 1; i <= 5'000; ++i) {
        calibration.note(outcome_row(i, "1h", "LONG", 0.01));
    }
    over = true;
    reader.join();
    EXPECT_EQ(calibration.answer(result_of(75, Verdict::long_side), nullptr)->horizons.at(hour)->samples,
              5'000U);
}

}  // namespace
}  // namespace virtuoso
