// Every sentence says what is: read back and held against the raw values.
#include "analysis/sentences.hpp"

#include "analysis/symbol_analysis.hpp"
#include "support/confluence_reader.hpp"
#include "support/synthetic_market.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace virtuoso {
namespace {

using test::ConfluenceReader;
using test::MarketShape;
using test::SyntheticMarket;

void read_market(ConfluenceReader& reader, const MarketShape& shape, const test::MarketTransform& transform) {
    SymbolState state{std::string(SyntheticMarket::symbol)};
    SymbolAnalysis analysis;
    const MarketBreadth rising{.advancers = 300, .decliners = 200, .symbols = 500, .turnover_z = 0.5};
    std::int64_t next = SyntheticMarket::live_begin_ms + 20'000;
    SyntheticMarket market(shape, transform, [&](const MarketEvent& event) {
        if (event.time.ms >= next) {
            reader.read(analysis.evaluate(state, state.as_of(), &rising), SyntheticMarket::symbol);
            next += 20'000;
        }
        analysis.update(state, state.apply(event));
    });
    market.play();
}

struct Kind {
    ComponentId component;
    SubScore sub;
};

Kind kind_of(ComponentId component, std::string_view name, double lean, Reading reading,
             std::initializer_list<RawValue> raws, std::optional<Timeframe> timeframe = std::nullopt) {
    Kind kind{component, ComponentResult(component).sub(name)};
    kind.sub.set_lean(lean);
    kind.sub.reading = reading;
    kind.sub.timeframe = timeframe;
    for (const auto& [raw_name, value] : raws) {
        kind.sub.add_raw(raw_name, value);
    }
    return kind;
}

/// Sentences that quiet markets do not bring about.
std::vector<Kind> rare_kinds() {
    using enum ComponentId;
    return {
        kind_of(orderbook, "absorption_exhaustion", -0.2, Reading::buying_exhausted,
                {{"exhaustion_30s", -0.213}, {"mean_s", 24}}),
        kind_of(orderbook, "manipulation", 0, Reading::clean,
                {{"fake_bid_quote", 10},
                 {"fake_ask_quote", 20},
                 {"usual_fake_quote", 40},
                 {"wash_like_share", 0.0721}}),
        kind_of(orderbook, "manipulation", -0.1, Reading::fake_bids,
                {{"fake_bid_quote", 8.74e6},
                 {"fake_ask_quote", 1.21e6},
                 {"usual_fake_quote", 9.94e6},
                 {"likelihood", 0.0931},
                 {"wash_like_share", 0}}),
        kind_of(orderflow, "trade_flow", 0, Reading::neutral, {{"signed_over_unsigned", 0}}),
        kind_of(orderflow, "open_interest", 0, Reading::neutral, {{"span_5m_s", 300}}),
        kind_of(orderflow, "cvd", 0.4, Reading::bid_absorption,
                {{"window_s", 342},
                 {"net_base", -3},
                 {"buy_share", 0.41},
                 {"notional_quote", 1.41e9},
                 {"price_change_bps", 0.31}}),
        kind_of(price_structure, "range_analysis", 0.3, Reading::break_up,
                {{"5m", 1.2}, {"volume_of_mean", 1.4999}}, Timeframe::m5),
        kind_of(price_structure, "range_analysis", -0.5, Reading::break_down,
                {{"1m", -0.1}, {"volume_of_mean", 2.31}}, Timeframe::m1),
        kind_of(price_structure, "structure_breaks", 0.02, Reading::neutral, {{"30m", 0.05}}, Timeframe::m30),
        kind_of(price_structure, "institutional_zones", 0, Reading::neutral, {{"30m", 0}}, Timeframe::m30),
        kind_of(sentiment, "liquidations", 0.7, Reading::cascade, {{"cascade_age_min", 5}}),
        kind_of(sentiment, "liquidations", -0.3, Reading::cascade, {{"cascade_age_min", 25}}),
        kind_of(sentiment, "funding_rate", 0.3, Reading::bullish,
                {{"rate_8h", 0.00005}, {"z_history", -1.4}, {"history_days", 30}}),
    };
}

TEST(Sentences, OfWholeMarketsSayWhatIs) {
    ConfluenceReader reader;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        for (const bool mirror : {false, true}) {
            test::MarketTransform transform;
            transform.mirror = mirror;
            // Coarse and dear, with fixed amounts of quote currency that bind; then fine and cheap.
            transform.tick_units *= seed % 2 == 0 ? 500 : 1;
            transform.lot_units *= seed % 3 == 0 ? 2'000 : 1;
            MarketShape shape;
            shape.seed = seed;
            shape.feed_depth = seed < 4 ? 40 : 200;  // full, and so cut; then whole
            shape.history_step = 4 + 8 * static_cast<int>(seed % 2);
            read_market(reader, shape, transform);
        }
    }
    EXPECT_GT(reader.sentences(), 10'000U);
    for (const auto& kind : rare_kinds()) {
        EXPECT_EQ(
            reader.checker().fault_of(kind.component, kind.sub, sentence(kind.component, kind.sub, "USDT")),
            "");
    }
    for (const auto& [kind, count] : reader.checker().read()) {
        EXPECT_GT(count, 0U) << "never met: " << kind;
    }
}

// What the checker holds against the raw values fails when either is altered.
TEST(Sentences, AWrongNumberSignOrWindowIsFound) {
    test::SentenceChecker checker;
    for (const auto& [component, sub] : rare_kinds()) {
        const auto text = sentence(component, sub, "USDT");
        ASSERT_EQ(checker.fault_of(component, sub, text), "");
        SubScore mirrored = sub;
        mirrored.lean = sub.lean == 0.0 ? 0.5 : -*sub.lean;
        if (sub.name != "depth" || *sub.lean != 0) {
            EXPECT_NE(checker.fault_of(component, mirrored, text), "") << "the other side: " << text;
        }
        std::size_t altered_found = 0;
        for (std::size_t i = 0; i < sub.raw_count; ++i) {
            SubScore altered = sub;
            altered.raw[i].value = altered.raw[i].value * 1.7 + 3;
            altered_found += checker.fault_of(component, altered, text).empty() ? 0 : 1;
        }
        EXPECT_TRUE(altered_found > 0 || sub.raw_count == 0) << text;
        EXPECT_NE(checker.fault_of(component, sub, text + " indeed"), "") << "an unknown sentence";
    }
}

}  // namespace
}  // namespace virtuoso
