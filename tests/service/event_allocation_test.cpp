// Watching for events costs no memory while there is nothing to tell.
#include "service/symbol_events.hpp"
#include "support/counted_memory.hpp"

#include <gtest/gtest.h>

#include <array>

namespace virtuoso {
namespace {

TEST(SymbolEventsMemory, NothingIsAllocatedWhileNothingFires) {
    const EventSettings settings;
    TrackedSymbol symbol("bybit", "XUSDT", {}, Weights::standard());
    SymbolEvents watch(settings);
    std::size_t told = 0;
    const EventSink sink = [&](const NotableEvent&) { ++told; };
    ExchangeTime time{1'717'588'800'000};
    std::uint64_t used = 0;
    const auto counted = [&](auto&& call) {
        const std::uint64_t before = test::allocations();
        call();
        used += test::allocations() - before;
    };
    for (int i = 0; i < 5'000; ++i) {
        time = time + 100;
        const std::array prints{
            TradePrint{.time = time, .price = {decimal_scale}, .size = {decimal_scale}},
            TradePrint{.time = time, .price = {decimal_scale}, .size = {3 * decimal_scale}}};
        const MarketEvent trades{"XUSDT", time, Trades{.prints = prints}};
        const StateChange change = symbol.state.apply(trades);
        symbol.analysis.update(symbol.state, change);
        counted([&] { watch.on_change(symbol, change, sink); });
        if (i % 3'000 == 0) {
            const std::array one{
                Liquidation{time, PositionSide::long_position, {decimal_scale}, {decimal_scale}}};
            const StateChange more = symbol.state.apply({"XUSDT", time, Liquidations{one}});
            counted([&] { watch.on_change(symbol, more, sink); });
        }
        if (i % 100 == 0) {
            const Confluence confluence = symbol.analysis.evaluate(symbol.state, time);
            counted([&] { watch.on_evaluation(symbol, confluence, sink); });
        }
    }
    EXPECT_EQ(used, 0U);
    EXPECT_EQ(told, 0U);
    EXPECT_GE(symbol.state.totals().trades, 10'000U);
    const std::array whale{
        TradePrint{.time = time, .price = {decimal_scale}, .size = {1'000'000 * decimal_scale}}};
    const StateChange change = symbol.state.apply({"XUSDT", time, Trades{.prints = whale}});
    symbol.analysis.update(symbol.state, change);
    counted([&] { watch.on_change(symbol, change, sink); });
    EXPECT_EQ(told, 1U);
    EXPECT_GT(used, 0U) << "what is told takes memory: the count counts";
    EXPECT_LE(sizeof(SymbolEvents), 320U);
}

}  // namespace
}  // namespace virtuoso
