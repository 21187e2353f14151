// Risk: open interest over a day's turnover against its own history, with funding's sign.
#include "analysis/symbol_analysis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t begin_ms = 1'717'200'000'000;  // a whole hour
constexpr int hours = 60;
constexpr int points = 200;

struct World {
    std::vector<Candle> candles;
    std::vector<OpenInterestPoint> interest;
};

/// Hours of changing turnover; open interest over the last 200 points, the newest `last` times the usual.
World world(std::uint64_t seed, double last) {
    std::mt19937_64 random(seed);
    const auto uniform = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(random() % 10'000) / 10'000;
    };
    World result;
    for (int i = 0; i < hours; ++i) {
        const auto price = static_cast<std::int64_t>(uniform(90, 110) * 1e8);
        result.candles.push_back({.open_time = {begin_ms + i * ms_per_hour},
                                  .open = {price},
                                  .high = {price + 100'000'000},
                                  .low = {price - 100'000'000},
                                  .close = {price},
                                  .volume = uniform(50, 150)});
    }
    for (int i = 0; i < points; ++i) {
        const std::int64_t time = begin_ms + hours * ms_per_hour - (points - 1 - i) * 5 * ms_per_minute;
        const double amount = i == points - 1 ? 1'000 * last : uniform(900, 1'100);
        result.interest.push_back({.time = {time}, .open_interest = amount, .price = {}});
    }
    return result;
}

SubScore risk_of(const World& what, double rate, bool interest_first) {
    SymbolState state("X");
    SymbolAnalysis analysis;
    const ExchangeTime now{begin_ms + hours * ms_per_hour + 1'000};
    const auto tell = [&](const MarketPayload& payload) {
        analysis.update(state, state.apply({"X", now, payload}));
    };
    const auto candles = [&] {
        tell(KlineHistory{.timeframe = Timeframe::h1, .time = now, .candles = what.candles});
    };
    if (!interest_first) {
        candles();
    }
    tell(OpenInterestHistory{what.interest});
    if (interest_first) {
        candles();
    }
    tell(TickerUpdate{.time = now, .snapshot = true, .funding_rate = rate});
    return analysis.evaluate(state, now).component(ComponentId::sentiment).sub("risk");
}

double true_median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// The same, spelled out.
double expected_z(const World& what, double& ratio) {
    std::vector<double> ratios;
    for (const auto& point : what.interest) {
        double turnover = 0;
        double close = 0;
        int counted = 0;
        for (std::size_t i = what.candles.size(); i-- > 0 && counted < 24;) {
            const Candle& c = what.candles[i];
            if (c.open_time.ms + ms_per_hour <= point.time.ms) {
                close = counted == 0 ? c.close.value() : close;
                turnover += c.volume * (c.high.value() + c.low.value() + c.close.value()) / 3;
                ++counted;
            }
        }
        ratios.push_back(point.open_interest * close / turnover);
    }
    ratio = ratios.back();
    const double median = true_median(ratios);
    std::vector<double> distances;
    for (const double value : ratios) {
        distances.push_back(std::fabs(value - median));
    }
    return std::clamp((ratio - median) / (1.4826 * true_median(distances)), -6.0, 6.0);
}

TEST(Risk, IsOpenInterestOverADaysTurnoverAgainstItsOwnHistoryWithFundingsSign) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const World built = world(seed, 1.6);
        double ratio = 0;
        const double z = expected_z(built, ratio);
        for (const double rate : {0.0001, -0.0004, 0.002, 0.0}) {
            const SubScore sub = risk_of(built, rate, seed % 2 == 0);
            ASSERT_TRUE(sub.lean) << name_of(sub.absence);
            EXPECT_NEAR(*sub.raw_value("interest_to_turnover"), ratio, 1e-9 * ratio);
            EXPECT_NEAR(*sub.raw_value("leverage_z"), z, 1e-9);
            EXPECT_NEAR(*sub.lean, std::tanh(-0.5 * std::max(z, 0.0) * std::tanh(rate / 0.0005)), 1e-9);
            EXPECT_EQ(*sub.lean<0, z> 0 && rate > 0) << "crowded longs lean bearish";
            EXPECT_NEAR(*sub.lean, -*risk_of(built, -rate, false).lean, 1e-12) << "and shorts the mirror";
        }
    }
}

TEST(Risk, BelowItsNormIsNoBuildUp) {
    const SubScore sub = risk_of(world(7, 0.3), 0.001, false);
    ASSERT_TRUE(sub.lean);
    EXPECT_LT(*sub.raw_value("leverage_z"), -1);
    EXPECT_EQ(*sub.lean, 0);
}

TEST(Risk, NeedsTwentyPointsWithAWholeDayBeforeThem) {
    World built = world(3, 1.5);
    built.interest.erase(built.interest.begin(), built.interest.end() - 19);
    EXPECT_FALSE(risk_of(built, 0.0001, false).lean);
    built = world(3, 1.5);
    built.candles.erase(built.candles.begin() + 50);  // the day has a hole
    EXPECT_FALSE(risk_of(built, 0.0001, false).lean);
}

}  // namespace
}  // namespace virtuoso
