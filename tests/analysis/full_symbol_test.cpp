// What one symbol costs when every ring of it is full, and how it comes to that.
#include "analysis/symbol_analysis.hpp"
#include "base/seeded_random.hpp"
#include "support/counted_memory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace virtuoso {
namespace {

using test::MemoryOwner;

constexpr std::int64_t begin_ms = 1'717'200'000'000;
constexpr std::size_t full_max = 900'000;
constexpr std::size_t followed = 560;

struct Symbol {
    SymbolState state{"BTCUSDT"};
    SymbolAnalysis analysis;
};

/// A liquid perpetual: prices of six digits in ticks of 0.1, sizes in lots of 0.001, candles with turnover.
class LiquidMarket {
  public:
    LiquidMarket() {
        const test::MemoryScope scope(MemoryOwner::exchange);
        symbol_ = std::make_unique<Symbol>();
    }
    ~LiquidMarket() {
        const test::MemoryScope scope(MemoryOwner::exchange);
        symbol_.reset();
    }
    LiquidMarket(const LiquidMarket&) = delete;
    LiquidMarket& operator=(const LiquidMarket&) = delete;

    [[nodiscard]] Symbol& symbol() { return *symbol_; }
    [[nodiscard]] std::size_t bytes() const {
        constexpr std::size_t padding = sizeof(Symbol) - sizeof(SymbolState) - sizeof(SymbolAnalysis);
        return symbol_->state.bytes() + symbol_->analysis.bytes() + padding;
    }
    [[nodiscard]] static std::size_t counted() {
        return static_cast<std::size_t>(test::live_bytes(MemoryOwner::exchange));
    }
    /// Of the state, and the bytes that the analysis gave back.
    [[nodiscard]] std::pair<Compaction, std::size_t> compact() {
        const test::MemoryScope scope(MemoryOwner::exchange);
        const Compaction trimmed = symbol_->state.compact(now_);
        return {trimmed, symbol_->analysis.shrink()};
    }
    /// The most that one event has added.
    [[nodiscard]] std::int64_t step_max() const { return step_max_; }
    void forget_steps() { step_max_ = 0; }

    void advance(std::int64_t ms) { now_ = now_ + ms; }
    [[nodiscard]] ExchangeTime now() const { return now_; }

    void histories() {
        for (const Timeframe timeframe : all_timeframes) {
            const std::int64_t interval = interval_ms(timeframe);
            const auto count = static_cast<std::int64_t>(candle_retention(timeframe)) + 1;
            std::vector<Candle> candles;
            for (std::int64_t i = count; i > 0; --i) {
                candles.push_back(candle({now_.ms - now_.ms % interval - i * interval}));
            }
            apply(KlineHistory{timeframe, now_, candles});
        }
        std::vector<OpenInterestPoint> interest;
        for (std::int64_t i = 300; i > 0; --i) {
            interest.push_back({{now_.ms - i * SymbolState::open_interest_step_ms}, 5e4 + volume(), price()});
        }
        apply(OpenInterestHistory{interest});
        std::vector<FundingPoint> funding;
        std::vector<AccountRatioPoint> ratio;
        for (std::int64_t i = 300; i > 0; --i) {
            funding.push_back({{now_.ms - i * 8 * ms_per_hour}, static_cast<double>(below(99)) * 1e-6});
            ratio.push_back({{now_.ms - i * 5 * ms_per_minute}, 0.5 + static_cast<double>(below(99)) * 1e-3});
        }
        apply(FundingHistory{funding});
        apply(AccountRatioHistory{ratio});
    }
    void snapshot() {
        std::vector<BookLevel> bids;
        std::vector<BookLevel> asks;
        for (std::int64_t i = 1; i <= 1'000; ++i) {
            bids.push_back({{middle - 7 * i * tick}, size()});  // beyond the ladder's reach too
            asks.push_back({{middle + 7 * i * tick}, size()});
        }
        apply(BookSnapshot{.time = now_, .update_id = ++update_, .depth = 1'000, .bids = bids, .asks = asks});
    }
    void touch() {
        const BookLevel bid{{middle - 7 * tick}, size()};
        ++update_;
        apply(BookDelta{.time = now_,
                        .first_update_id = update_,
                        .last_update_id = update_,
                        .previous_update_id = update_ - 1,
                        .depth = 1'000,
                        .bids = {&bid, 1}});
    }
    void trade() {
        const TradePrint print{.time = now_,
                               .price = {price_ + (below(2) - 1) * tick},
                               .size = below(50) == 0 ? Size{100 * size().units} : size(),
                               .taker = below(2) == 0 ? Side::buy : Side::sell,
                               .id = random_.below(UINT64_MAX) | 1U,
                               .retail = below(20) == 0};
        apply(Trades{.prints = {&print, 1}});
        price_ += (below(3) - 1) * tick;
    }
    void liquidation() {
        const Liquidation event{now_,
                                below(2) == 0 ? PositionSide::long_position : PositionSide::short_position,
                                price(), size()};
        apply(Liquidations{{&event, 1}});
    }
    void minute() {
        const ExchangeTime begin{(now_.ms / ms_per_minute - 1) * ms_per_minute};
        apply(KlineUpdate{now_, Timeframe::m1, true, candle(begin)});
    }
    void ticker() {
        TickerUpdate update;
        update.time = now_;
        update.last_price = price();
        update.open_interest = 5e4 + volume();
        update.volume_24h = 3e4;
        apply(update);
    }

  private:
    static constexpr std::int64_t tick = decimal_scale / 10;
    static constexpr std::int64_t middle = 98'765 * decimal_scale;  ///< of the book

    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(limit)));
    }
    Price price() { return {price_ + (below(4'001) - 2'000) * tick}; }
    Size size() { return {(1 + below(9'000)) * (decimal_scale / 1'000)}; }
    double volume() { return Size{(1 + below(5'000'000)) * (decimal_scale / 1'000)}.value(); }

    /// Taker sides are known of whole candles.
    Candle candle(ExchangeTime begin) {
        const Price open = price();
        const Price close = price();
        const double traded = volume();
        const double bought = Size{static_cast<std::int64_t>(traded * 40) * (decimal_scale / 100)}.value();
        return {.open_time = begin,
                .open = open,
                .high = {std::max(open, close).units + below(50) * tick},
                .low = {std::min(open, close).units - below(50) * tick},
                .close = close,
                .volume = traded,
                .turnover = traded * close.value(),
                .taker_buy = bought,
                .taker_sell = traded - bought};
    }
    void apply(const MarketPayload& payload) {
        const auto before = test::live_bytes(MemoryOwner::exchange);
        {
            const test::MemoryScope scope(MemoryOwner::exchange);
            symbol_->analysis.update(symbol_->state, symbol_->state.apply({"BTCUSDT", now_, payload}));
        }
        step_max_ = std::max(step_max_, test::live_bytes(MemoryOwner::exchange) - before);
    }

    SeededRandom random_{7};
    ExchangeTime now_{begin_ms};
    std::int64_t price_ = middle;
    std::uint64_t update_ = 100;
    std::int64_t step_max_ = 0;
    std::unique_ptr<Symbol> symbol_;
};

void fill(LiquidMarket& market) {
    market.histories();
    for (std::size_t i = 0; i < SymbolState::liquidations_max + 500; ++i) {
        market.advance(7'500);
        market.liquidation();
    }
    market.histories();
    market.snapshot();
    for (std::size_t i = 0; i < TradeTape::trades_max + 2'000; ++i) {
        market.advance(42);
        market.trade();
        market.touch();
        if (i % 100 == 0) {
            market.ticker();
        }
        if (i % 1'428 == 0) {
            market.minute();
        }
    }
}

TEST(FullSymbol, CostsNoMoreThanItsBoundAndSaysSo) {
    LiquidMarket market;
    fill(market);
    const SymbolState& state = market.symbol().state;
    EXPECT_EQ(state.tape().trades().size(), TradeTape::trades_max);
    EXPECT_EQ(state.liquidations().size(), SymbolState::liquidations_max);
    for (const Timeframe timeframe : all_timeframes) {
        EXPECT_EQ(state.candles().series(timeframe).closed().size(), candle_retention(timeframe));
    }
    EXPECT_EQ(state.open_interest().size(), SymbolState::open_interest_max);
    EXPECT_EQ(state.funding().size(), SymbolState::funding_max);
    EXPECT_EQ(state.account_ratio().size(), SymbolState::account_ratio_max);
    ASSERT_TRUE(state.book().view());
    EXPECT_EQ(state.book().view()->bid_count(), 1'000U);
    const Confluence confluence = market.symbol().analysis.evaluate(state, market.now());
    for (const auto& component : confluence.components) {
        EXPECT_GT(component.coverage, 0) << "of " << spec_of(component.id).name;
    }
    fmt::print("a full symbol: {} bytes; tape {}, candles {}, book {}, liquidations {}, analysis {}\n",
               market.bytes(), state.tape().bytes(), state.candles().bytes(), state.book().bytes(),
               state.liquidations().bytes(), market.symbol().analysis.bytes());
    EXPECT_LE(market.bytes(), full_max);
    EXPECT_EQ(market.bytes(), LiquidMarket::counted()) << "what it says is what it was given";
}

TEST(FullSymbol, CompactionFindsNothingInIt) {
    LiquidMarket market;
    fill(market);
    const std::size_t before = LiquidMarket::counted();
    const auto [trimmed, freed] = market.compact();
    EXPECT_EQ(trimmed.candles + trimmed.open_interest + trimmed.trades + trimmed.liquidations, 0U);
    EXPECT_EQ(trimmed.bytes + freed, 0U);
    EXPECT_EQ(before, LiquidMarket::counted());
}

TEST(FullSymbol, CompactionGivesBackWhatADayOfSilenceLeaves) {
    LiquidMarket market;
    fill(market);
    const std::size_t before = LiquidMarket::counted();
    market.advance(25 * ms_per_hour);
    const auto [trimmed, freed] = market.compact();
    EXPECT_EQ(trimmed.trades, TradeTape::trades_max - TradeTape::trades_min);
    EXPECT_EQ(trimmed.liquidations, SymbolState::liquidations_max - 1);
    EXPECT_GT(trimmed.bytes, 150'000U);
    EXPECT_EQ(before - LiquidMarket::counted(), trimmed.bytes + freed);
    EXPECT_EQ(market.bytes(), LiquidMarket::counted());
}

// A symbol that is followed from its first trade on grows event by event: were 560 to cross the same border
// in one minute, as they do when each minute is a candle, it would be no step for the machine.
TEST(FullSymbol, GrowsWithoutSteps) {
    constexpr std::int64_t block_max = 10 << 10;
    constexpr std::int64_t minute_max = 32 << 10;
    LiquidMarket market;
    market.snapshot();
    market.trade();
    market.touch();
    market.ticker();
    market.forget_steps();
    std::int64_t grown_max = 0;
    for (std::int64_t minute = 0; minute < 1'500; ++minute) {
        const std::size_t before = LiquidMarket::counted();
        for (int i = 0; i < 12; ++i) {
            market.advance(ms_per_minute / 12);
            market.trade();
            market.liquidation();
            market.touch();
        }
        market.minute();
        market.ticker();
        grown_max = std::max(grown_max, static_cast<std::int64_t>(LiquidMarket::counted()) -
                                            static_cast<std::int64_t>(before));
    }
    fmt::print("the most that one event adds is {} bytes, one minute {}; {} symbols: {:.1f} MB\n",
               market.step_max(), grown_max, followed,
               static_cast<double>(grown_max) * static_cast<double>(followed) / 1e6);
    EXPECT_LE(market.step_max(), block_max);
    EXPECT_LE(grown_max, minute_max);
    EXPECT_EQ(market.bytes(), LiquidMarket::counted());
}

}  // namespace
}  // namespace virtuoso
