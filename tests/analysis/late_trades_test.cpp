// Trades that come late one by one correct candles with each: what is evaluated has every one of them, and
// yet the candles are not worked through again for each.
#include "analysis/symbol_analysis.hpp"
#include "support/candle_exchange.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t first_day = 1'717'200'000'000;
constexpr std::int64_t joined_ms = first_day + ms_per_day + 7 * ms_per_hour + 61'000;

/// What candles alone decide.
std::vector<std::string> lines_of(const Confluence& confluence) {
    std::vector<std::string> lines;
    for (const ComponentId id : {ComponentId::technical, ComponentId::volume, ComponentId::price_structure}) {
        for (const auto& sub : confluence.component(id).sub_scores()) {
            std::string line = fmt::format("{} {}", sub.name, sub.lean.value_or(9));
            for (std::size_t i = 0; i < sub.raw_count; ++i) {
                line += fmt::format(" {}={}", sub.raw[i].name, sub.raw[i].value);
            }
            lines.push_back(line);
        }
    }
    return lines;
}

TEST(LateTrades, AreInEveryEvaluationAndReadOnceASecondAtMost) {
    const test::CandleExchange exchange(
        {.seed = 4, .begin_ms = first_day, .end_ms = joined_ms, .trade_every_ms = 3'000});
    SymbolState state("X");
    SymbolAnalysis analysis;
    const auto apply = [&](std::int64_t ms, const MarketPayload& payload) {
        analysis.update(state, state.apply({"X", {ms}, payload}));
    };
    for (const Timeframe timeframe : all_timeframes) {
        const auto rows = exchange.rows(timeframe, joined_ms, 600);
        apply(joined_ms, KlineHistory{timeframe, {joined_ms}, rows});
    }
    SeededRandom random(3);
    constexpr std::int64_t step_ms = 20;
    constexpr std::int64_t seconds = 150;
    int read_again = 0;
    int corrected = 0;
    for (std::int64_t passed = 0; passed < seconds * ms_per_second; passed += step_ms) {
        const std::int64_t now = joined_ms + passed;
        const bool late = random.below(2) == 0;
        const std::int64_t minutes_ago = late ? 2 + static_cast<std::int64_t>(random.below(9)) : 0;
        const TradePrint print{.time = {now - minutes_ago * ms_per_minute},
                               .price = exchange.trades().back().price,
                               .size = {decimal_scale},
                               .taker = random.below(3) == 0 ? Side::sell : Side::buy};
        const bool behind = analysis.candles().behind(state.candles());
        apply(now, Trades{.prints = {&print, 1}});
        read_again += behind && !analysis.candles().behind(state.candles()) ? 1 : 0;
        corrected += late ? 1 : 0;
        if (random.below(100) == 0) {
            SymbolAnalysis fresh;
            fresh.update(state, {});
            ASSERT_EQ(lines_of(analysis.evaluate(state, state.as_of(), nullptr)),
                      lines_of(fresh.evaluate(state, state.as_of(), nullptr)))
                << passed << " ms";
        }
    }
    EXPECT_GT(corrected, 10 * seconds);
    EXPECT_GT(read_again, 0);
    EXPECT_LE(read_again, seconds * static_cast<std::int64_t>(analysis_timeframes.size()));
}

}  // namespace
}  // namespace virtuoso
