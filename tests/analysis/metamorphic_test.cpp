// Transformed markets must be judged as the transformation says: mirrored, scaled, shifted.
#include "analysis/symbol_analysis.hpp"
#include "support/synthetic_market.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <set>

namespace virtuoso {
namespace {

using test::MarketShape;
using test::MarketTransform;
using test::SyntheticMarket;

constexpr MarketBreadth rising{.advancers = 300, .decliners = 200, .symbols = 500, .turnover_z = 0.5};
constexpr MarketBreadth falling{.advancers = 200, .decliners = 300, .symbols = 500, .turnover_z = 0.5};

/// Confluences every `step` seconds of the live part.
std::vector<Confluence> judged(const MarketShape& shape, const MarketTransform& transform,
                               std::int64_t step_ms) {
    SymbolState state{std::string(SyntheticMarket::symbol)};
    SymbolAnalysis analysis;
    std::vector<Confluence> result;
    std::int64_t next = SyntheticMarket::live_begin_ms + transform.shift_ms + step_ms;
    SyntheticMarket market(shape, transform, [&](const MarketEvent& event) {
        if (event.time.ms >= next) {
            result.push_back(analysis.evaluate(state, state.as_of(), transform.mirror ? &falling : &rising));
            next += step_ms;
        }
        analysis.update(state, state.apply(event));
    });
    market.play();
    return result;
}

/// Name → score, of everything that has one.
std::map<std::string, double> scores_of(const Confluence& confluence) {
    std::map<std::string, double> scores;
    for (const auto& component : confluence.components) {
        const std::string name(spec_of(component.id).name);
        if (component.score) {
            scores[name] = *component.score;
        }
        for (const auto& sub : component.sub_scores()) {
            if (sub.lean) {
                scores[name + "." + std::string(sub.name)] = *sub.score();
            }
        }
    }
    if (confluence.partial_score) {
        scores["whole"] = *confluence.partial_score;
    }
    return scores;
}

using Expected = std::function<double(double)>;

/// Largest distance of each score of `other` from what is expected of its original.
std::map<std::string, double> worst(const std::vector<Confluence>& original,
                                    const std::vector<Confluence>& other, const Expected& expected) {
    EXPECT_EQ(original.size(), other.size());
    std::map<std::string, double> result;
    for (std::size_t i = 0; i < std::min(original.size(), other.size()); ++i) {
        const auto a = scores_of(original[i]);
        const auto b = scores_of(other[i]);
        EXPECT_EQ(a.size(), b.size()) << "the same is absent";
        for (const auto& [name, score] : a) {
            const auto found = b.find(name);
            if (found == b.end()) {
                ADD_FAILURE() << name << " is absent in the other";
                continue;
            }
            result[name] = std::max(result[name], std::fabs(found->second - expected(score)));
        }
    }
    return result;
}

double same(double score) {
    return score;
}
double mirrored(double score) {
    return 100 - score;
}

constexpr std::int64_t step_ms = 20'000;
constexpr MarketShape shape{.seed = 11};

TEST(Metamorphic, TheMarketExercisesEveryScore) {
    std::set<std::string> seen;
    bool all = false;
    for (const auto& confluence : judged(shape, {}, step_ms)) {
        all = all || confluence.present == component_count;
        for (const auto& [name, score] : scores_of(confluence)) {
            seen.insert(name);
        }
    }
    EXPECT_TRUE(all);
    for (const auto& spec : all_components()) {
        for (const auto& sub : spec.sub_indicators) {
            EXPECT_TRUE(seen.contains(std::string(spec.name) + "." + std::string(sub.name)))
                << spec.name << "." << sub.name << " was never present";
        }
    }
}

// Reflection keeps the differences of prices but not their ratios, and double arithmetic loses the
// differences when they are small beside the price. So what rests on differences is mirrored where a tick is
// 1e-7 of the price, and what rests on ratios and notional where it is 6e-11 and prices are exact binary
// numbers.
const std::set<std::string> by_ratio{
    "orderflow.cvd",          "orderflow.trade_flow",   "orderflow.smart_money_flow",
    "orderflow.liquidity",    "orderflow.pressure",     "orderbook.di",
    "orderbook.liquidity",    "orderbook.manipulation", "orderbook.absorption_exhaustion",
    "sentiment.liquidations", "sentiment.risk",         "sentiment.volatility"};

TEST(Metamorphic, MirroringMirrorsEveryScore) {
    const MarketTransform coarse{};
    const MarketTransform fine{.center_units = (1LL << 26) * decimal_scale,
                               .tick_units = decimal_scale / 256};
    for (const auto& [transform, ratios] : {std::pair{coarse, false}, std::pair{fine, true}}) {
        MarketTransform reflected = transform;
        reflected.mirror = true;
        for (const std::uint64_t seed : {11ULL, 12ULL, 13ULL}) {
            MarketShape played = shape;
            played.seed = seed;
            const auto original = judged(played, transform, step_ms);
            const auto other = judged(played, reflected, step_ms);
            for (const auto& [name, distance] : worst(original, other, mirrored)) {
                const bool sub = name.find('.') != std::string::npos;
                if (!sub) {
                    EXPECT_LE(distance, 1e-2) << name;
                } else if (by_ratio.contains(name) == ratios) {
                    EXPECT_LE(distance, ratios ? 5e-6 : 1e-6) << name << " seed " << seed;
                }
            }
        }
    }
}

TEST(Metamorphic, ScalingPricesChangesNothing) {
    MarketTransform scaled{};
    scaled.center_units *= 4;
    scaled.tick_units *= 4;
    for (const auto& [name, distance] :
         worst(judged(shape, {}, step_ms), judged(shape, scaled, step_ms), same)) {
        EXPECT_LE(distance, 1e-6) << name;
    }
}

TEST(Metamorphic, ScalingSizesChangesNothing) {
    MarketTransform scaled{};
    scaled.lot_units *= 8;
    for (const auto& [name, distance] :
         worst(judged(shape, {}, step_ms), judged(shape, scaled, step_ms), same)) {
        EXPECT_LE(distance, 1e-6) << name;
    }
}

TEST(Metamorphic, ShiftingTimeByADayChangesOnlySessions) {
    MarketTransform shifted{};
    shifted.shift_ms = ms_per_day;
    for (const auto& [name, distance] :
         worst(judged(shape, {}, step_ms), judged(shape, shifted, step_ms), same)) {
        if (name != "volume.vwap" && name != "volume" && name != "whole") {
            EXPECT_LE(distance, 1e-9) << name;
        }
    }
    shifted.shift_ms = 7 * ms_per_day;
    for (const auto& [name, distance] :
         worst(judged(shape, {}, step_ms), judged(shape, shifted, step_ms), same)) {
        EXPECT_LE(distance, 1e-9) << name << " by a week";
    }
}

}  // namespace
}  // namespace virtuoso
