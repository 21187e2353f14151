// Examples small enough to work out on paper.
#include "indicators/book_top.hpp"
#include "indicators/day_profile.hpp"
#include "indicators/fair_value_gaps.hpp"
#include "indicators/liquidation_pressure.hpp"
#include "indicators/liquidity_pools.hpp"
#include "indicators/order_blocks.hpp"
#include "indicators/price_levels.hpp"
#include "indicators/relative_volume.hpp"
#include "indicators/rolling_slope.hpp"
#include "indicators/session_vwap.hpp"
#include "indicators/structure_breaks.hpp"
#include "indicators/volume_delta.hpp"
#include "indicators/vpin.hpp"
#include "indicators/yang_zhang.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace virtuoso {
namespace {

Bar bar(int minute, double open, double high, double low, double close, double volume = 1) {
    return {.open_time = {minute * ms_per_minute},
            .open = open,
            .high = high,
            .low = low,
            .close = close,
            .volume = volume};
}

Bar flat(int minute, double price, double volume = 1) {
    return bar(minute, price, price, price, price, volume);
}

TEST(Example, MicroPriceLeansToTheThinSide) {
    BookTop top;
    top.bids[0] = {Price{100 * decimal_scale}, Size{9 * decimal_scale}};
    top.asks[0] = {Price{102 * decimal_scale}, Size{1 * decimal_scale}};
    top.bid_count = top.ask_count = 1;
    // (100·1 + 102·9) / 10
    EXPECT_DOUBLE_EQ(top.micro_price(), 101.8);
    EXPECT_DOUBLE_EQ(top.imbalance(5, 1.0), 0.8);
}

TEST(Example, FairValueGapIsFilledStepByStep) {
    FairValueGaps gaps;
    gaps.update(bar(0, 9, 10, 8, 10), 4);
    gaps.update(bar(1, 10, 14, 10, 14), 4);
    gaps.update(bar(2, 14, 15, 12, 15), 4);  // 10…12 was left: 2 ≥ 0.25 · 4
    ASSERT_EQ(gaps.open().size(), 1U);
    EXPECT_EQ(gaps.open()[0].direction, 1);
    EXPECT_EQ(gaps.open()[0].low, 10);
    EXPECT_EQ(gaps.open()[0].high, 12);
    EXPECT_EQ(gaps.open()[0].unfilled(), 1);
    gaps.update(bar(3, 15, 15, 11.5, 13), 4);
    EXPECT_EQ(gaps.open()[0].unfilled(), 0.75);
    gaps.update(bar(4, 13, 13, 10, 12), 4);
    EXPECT_TRUE(gaps.open().empty());
}

TEST(Example, AGapBelowAQuarterAtrIsNone) {
    FairValueGaps gaps;
    gaps.update(bar(0, 9, 10, 8, 10), 9);
    gaps.update(bar(1, 10, 14, 10, 14), 9);
    gaps.update(bar(2, 14, 15, 12, 15), 9);
    EXPECT_TRUE(gaps.open().empty());
}

/// Feeds closes; highs and lows lie half a unit beyond.
struct Structure {
    SwingDetector swings;
    StructureBreaks breaks;
    int minute = 0;

    void feed(std::initializer_list<double> closes) {
        for (const double close : closes) {
            const Bar next = bar(minute++, close, close + 0.5, close - 0.5, close);
            swings.update(next, ms_per_minute);
            breaks.update(next, swings);
        }
    }
};

TEST(Example, SwingsAreKnownFiveBarsLater) {
    Structure s;
    s.feed({1, 2, 3, 4, 5, 9, 5, 4, 3, 2});
    EXPECT_FALSE(s.swings.last_high()) << "four bars after the top";
    s.feed({1});
    ASSERT_TRUE(s.swings.last_high());
    EXPECT_EQ(s.swings.last_high()->price, 9.5);
    EXPECT_EQ(s.swings.last_high()->bar, 5U);
    EXPECT_EQ(s.swings.last_high()->confirmed_at.ms, 11 * ms_per_minute);
}

TEST(Example, BreakOfStructureThenChangeOfCharacter) {
    Structure s;
    s.feed({1, 2, 3, 4, 5, 9, 8, 7, 6, 5, 4});  // swing high 9.5
    s.feed({9.4});
    EXPECT_FALSE(s.breaks.last()) << "a close at the swing is no break";
    s.feed({10});
    ASSERT_TRUE(s.breaks.last());
    EXPECT_EQ(s.breaks.last()->direction, 1);
    EXPECT_FALSE(s.breaks.last()->reversal) << "without a trend before it: continuation";
    EXPECT_EQ(s.breaks.last()->level, 9.5);
    s.feed({3, 11, 12, 13, 14, 15});  // swing low 2.5 is confirmed by the fifth
    s.feed({2});
    EXPECT_EQ(s.breaks.last()->direction, -1);
    EXPECT_TRUE(s.breaks.last()->reversal) << "against the trend";
    EXPECT_EQ(s.breaks.last()->level, 2.5);
}

TEST(Example, OrderBlockIsTheLastOppositeBarBeforeDisplacement) {
    OrderBlocks blocks;
    blocks.update(bar(0, 11, 11.2, 9.8, 10), 1, 10);         // down
    blocks.update(bar(1, 10, 10.6, 9.9, 10.5), 1, 10);       // up
    blocks.update(bar(2, 10.5, 12.2, 10.4, 12, 15), 1, 10);  // body 1.5 ATR on 1.5 times the volume
    ASSERT_EQ(blocks.active().size(), 1U);
    EXPECT_EQ(blocks.active()[0].direction, 1);
    EXPECT_EQ(blocks.active()[0].low, 9.8);
    EXPECT_EQ(blocks.active()[0].high, 11.2);
    blocks.update(bar(3, 12, 12, 10.5, 11), 1, 10);
    EXPECT_EQ(blocks.active().size(), 1U) << "half of it is 10.5";
    blocks.update(bar(4, 11, 11, 10.4, 11), 1, 10);
    EXPECT_TRUE(blocks.active().empty()) << "mitigated";
    blocks.update(bar(5, 11, 12.6, 11, 12.5, 14), 1, 10);
    EXPECT_TRUE(blocks.active().empty()) << "too little volume";
}

TEST(Example, EqualHighsHoldStopsUntilSwept) {
    SwingDetector swings;
    LiquidityPools pools;
    int minute = 0;
    const auto feed = [&](std::initializer_list<double> closes) {
        for (const double close : closes) {
            const Bar next = bar(minute++, close, close + 0.5, close - 0.5, close);
            swings.update(next, ms_per_minute);
            pools.update(next, swings, 10);
        }
    };
    feed({1, 2, 3, 4, 5,   9, 5, 4, 3, 2, 1,
          2, 3, 4, 5, 8.5, 5, 4, 3, 2, 1});  // highs 9.5 and 9: within 0.1 · 10
    ASSERT_EQ(pools.open().size(), 1U);
    EXPECT_TRUE(pools.open()[0].high);
    EXPECT_EQ(pools.open()[0].price, 9.5);
    feed({9.1});  // its high is 9.6
    EXPECT_TRUE(pools.open().empty());
}

TEST(Example, VolumeProfileAndValueArea) {
    VolumeProfile profile;
    // Range 0…100, so that a bin is one unit wide; nothing outside the named prices.
    profile.update(flat(0, 0.0, 0));
    profile.update(flat(1, 100.0, 0));
    for (int i = 2; i < 60; ++i) {
        profile.update(flat(i, 50.5, 1));  // 58 in bin 50
    }
    for (int i = 60; i < 72; ++i) {
        profile.update(flat(i, 51.5, 1));  // 12 in bin 51
    }
    for (int i = 72; i < 92; ++i) {
        profile.update(flat(i, 49.5, 1));  // 20 in bin 49
    }
    for (int i = 92; i < 102; ++i) {
        profile.update(flat(i, 80.5, 1));  // 10 in bin 80
    }
    const auto area = profile.value_area();
    ASSERT_TRUE(area);
    EXPECT_DOUBLE_EQ(area->point_of_control, 50.5);
    // 58 of 100 is too little; the heavier neighbour, bin 49, makes it 78.
    EXPECT_DOUBLE_EQ(area->low, 49);
    EXPECT_DOUBLE_EQ(area->high, 51);
}

TEST(Example, ABarsVolumeIsSpreadOverWhatItCovers) {
    VolumeProfile profile;
    profile.update(bar(0, 0, 100, 0, 100, 100));
    for (const double volume : profile.volumes()) {
        EXPECT_NEAR(volume, 1, 1e-9);
    }
}

TEST(Example, VwapStartsAnewAtMidnightAndHasDeviation) {
    auto day = SessionVwap::daily();
    day.update(flat(0, 10, 1));
    day.update(flat(1, 20, 3));
    EXPECT_DOUBLE_EQ(*day.value(), 17.5);
    // √((1·7.5² + 3·2.5²) / 4)
    EXPECT_NEAR(*day.deviation(), std::sqrt(18.75), 1e-12);
    day.update(flat(1'440, 30, 2));
    EXPECT_DOUBLE_EQ(*day.value(), 30);
    EXPECT_EQ(*day.deviation(), 0);
}

TEST(Example, YangZhangOfAlternatingSessions) {
    YangZhang estimator;
    // Sessions of ±1 % in logs without gaps between them, each trending from extreme to extreme.
    double price = 100;
    for (int i = 0; i <= 24; ++i) {
        const double next = price * std::exp(i % 2 == 0 ? 0.01 : -0.01);
        estimator.update(bar(i, price, std::max(price, next), std::min(price, next), next));
        price = next;
    }
    // Overnight 0; Rogers–Satchell 0; session variance 24/23 · 1e-4 around mean 0.
    const double k = 0.34 / (1.34 + 25.0 / 23.0);
    ASSERT_TRUE(estimator.value());
    EXPECT_NEAR(*estimator.value(), std::sqrt(k * 24.0 / 23.0 * 1e-4), 1e-9);
}

TEST(Example, LiquidationsFadeWithTheirHalfLife) {
    LiquidationPressure pressure;
    const ExchangeTime begin{1'700'000'100'000};  // on a bin's border
    const auto event = [&](PositionSide side, std::int64_t price) {
        return Liquidation{begin, side, {price * decimal_scale}, {decimal_scale}};
    };
    pressure.add(event(PositionSide::long_position, 400));
    pressure.add(event(PositionSide::short_position, 900));
    const auto now = pressure.totals(begin);
    EXPECT_NEAR(now.shorts / now.longs, 1.5, 1e-12) << "√900 / √400";
    const auto later = pressure.totals(begin + static_cast<std::int64_t>(3.5 * ms_per_hour));
    EXPECT_NEAR(later.longs / now.longs, 0.5, 1e-12);
    EXPECT_EQ(later.long_quote, 400);
    EXPECT_EQ(pressure.totals(begin + 25 * ms_per_hour).events, 0U);
}

TEST(Example, VpinOfOneSidedAndBalancedFlow) {
    Vpin vpin;
    vpin.set_daily_volume(500);  // buckets of 10
    const auto trade = [&](std::int64_t size) { vpin.add({{1}, {decimal_scale}, size * decimal_scale}); };
    for (int i = 0; i < 25; ++i) {
        trade(10);
    }
    EXPECT_FALSE(vpin.value());
    for (int i = 0; i < 25; ++i) {
        trade(5);
        trade(-5);
    }
    ASSERT_TRUE(vpin.value());
    EXPECT_DOUBLE_EQ(*vpin.value(), 0.5) << "25 buckets of 1, 25 of 0";
}

TEST(Example, VolumeDeltaPrefersTheTapeAndEstimatesWithoutIt) {
    VolumeDelta delta;
    for (int i = 0; i < 10; ++i) {
        Bar seen = flat(i, 10, 4);
        seen.taker_buy = 3;
        seen.taker_sell = 1;
        delta.update(seen);  // +2 of 4
    }
    for (int i = 10; i < 20; ++i) {
        delta.update(bar(i, 10, 12, 8, 9, 4));  // (2·9 − 12 − 8)/4 = −½ of 4
    }
    ASSERT_TRUE(delta.value());
    EXPECT_DOUBLE_EQ(delta.value()->ratio, 0);
    EXPECT_EQ(delta.value()->estimated_bars, 10);
}

TEST(Example, SlopeAndRelativeVolume) {
    RollingSlope<4> slope;
    for (const double value : {5.0, 8.0, 9.0, 14.0}) {
        slope.update(value);
    }
    // Σ (x − 1.5)(y − 9) / Σ (x − 1.5)² = 14 / 5
    EXPECT_DOUBLE_EQ(*slope.value(), 2.8);
    RelativeVolume relative;
    for (int i = 0; i < 30; ++i) {
        relative.update(2);
    }
    EXPECT_FALSE(relative.value());
    relative.update(5);
    EXPECT_DOUBLE_EQ(*relative.value(), 2.5);
}

TEST(Example, SwingsNearEachOtherMakeOneLevel) {
    BoundedRing<Swing> swings(8);
    swings.push({100, true, 2, 90, {}});
    swings.push({100.2, false, 2, 95, {}});
    swings.push({110, true, 1, 99, {}});
    PriceLevels levels;
    levels.rebuild(swings, 100, 1);  // bandwidth 0.5
    ASSERT_EQ(levels.levels().size(), 2U);
    EXPECT_EQ(levels.levels()[0].touches, 2);
    EXPECT_EQ(levels.levels()[0].strength, 1);
    EXPECT_GT(levels.levels()[0].price, 100);
    EXPECT_LT(levels.levels()[0].price, 100.2);
    EXPECT_EQ(levels.levels()[1].price, 110);
}

}  // namespace
}  // namespace virtuoso
