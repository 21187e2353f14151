// Compaction forgets only what nothing will read: whoever is compacted says the same as whoever is not.
#include "analysis/symbol_analysis.hpp"
#include "base/seeded_random.hpp"
#include "support/confluence_digest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace virtuoso {
namespace {

struct Followed {
    SymbolState state{"X"};
    SymbolAnalysis analysis;

    void apply(ExchangeTime now, const MarketPayload& payload) {
        analysis.update(state, state.apply({"X", now, payload}));
    }
    [[nodiscard]] std::string evaluate(ExchangeTime now) {
        state.advance(now);
        analysis.update(state, {});
        return test::digest(analysis.evaluate(state, state.as_of()));
    }
};

/// A market of bursts and long silences, told to two followers.
class FitfulMarket {
  public:
    explicit FitfulMarket(std::uint64_t seed) : random_(seed) {}

    Followed plain;
    Followed compacted;
    Compaction trimmed;

    void burst() {
        for (std::uint64_t left = 500 + random_.below(4'000); left > 0; --left) {
            now_ = now_ + below(400);
            trade();
            if (random_.below(20) == 0) {
                liquidate();
            }
            if (random_.below(200) == 0) {
                kline();
                tell_again();
            }
        }
    }
    void silence() {
        now_ = now_ + (random_.below(3) == 0 ? below(60 * ms_per_hour) : below(40 * ms_per_minute));
    }
    /// True when both say the same, before and after.
    bool compact_and_compare() {
        const Compaction now = compacted.state.compact(now_);
        trimmed.trades += now.trades;
        trimmed.liquidations += now.liquidations;
        trimmed.bytes += now.bytes + compacted.analysis.shrink();
        return plain.evaluate(now_) == compacted.evaluate(now_);
    }

    /// True when both say the same of what the past is not needed for.
    bool flow_and_book_agree() {
        const auto said = [this](Followed& one) {
            Confluence all = one.analysis.evaluate(one.state, now_);
            Confluence some;
            for (const ComponentId id : {ComponentId::orderflow, ComponentId::orderbook}) {
                some.components[static_cast<std::size_t>(id)] = all.components[static_cast<std::size_t>(id)];
            }
            return test::digest(some);
        };
        return said(plain) == said(compacted);
    }

  private:
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(limit)));
    }
    void tell(const MarketPayload& payload) {
        plain.apply(now_, payload);
        compacted.apply(now_, payload);
    }
    void trade() {
        price_ += (below(21) - 10) * decimal_scale / 100;
        recent_.push_back({.time = now_,
                           .price = {price_},
                           .size = {(1 + below(900)) * decimal_scale / 100},
                           .taker = random_.below(2) == 0 ? Side::buy : Side::sell,
                           .id = random_.below(UINT64_MAX) | 1U,
                           .retail = random_.below(30) == 0});
        if (recent_.size() > 1'000) {
            recent_.erase(recent_.begin());
        }
        tell(Trades{.prints = {&recent_.back(), 1}});
    }
    /// What an exchange tells over REST: its newest trades, known or not.
    void tell_again() { tell(Trades{.prints = recent_}); }
    void liquidate() {
        const Liquidation event{
            now_,
            random_.below(2) == 0 ? PositionSide::long_position : PositionSide::short_position,
            {price_},
            {decimal_scale * (1 + below(50))}};
        tell(Liquidations{{&event, 1}});
    }
    void kline() {
        const ExchangeTime begin{(now_.ms / ms_per_minute - 1) * ms_per_minute};
        const Candle candle{.open_time = begin,
                            .open = {price_},
                            .high = {price_ + decimal_scale},
                            .low = {price_ - decimal_scale},
                            .close = {price_},
                            .volume = static_cast<double>(1 + below(5'000))};
        tell(KlineUpdate{now_, Timeframe::m1, true, candle});
    }

    SeededRandom random_;
    ExchangeTime now_{1'717'200'000'000};
    std::int64_t price_ = 60'000 * decimal_scale;
    std::vector<TradePrint> recent_;
};

TEST(Compaction, ChangesNothingThatIsEvaluated) {
    Compaction trimmed;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        FitfulMarket market(seed);
        for (int round = 0; round < 12; ++round) {
            market.burst();
            ASSERT_TRUE(market.compact_and_compare()) << "seed " << seed << ", after burst " << round;
            market.silence();
            ASSERT_TRUE(market.compact_and_compare()) << "seed " << seed << ", after silence " << round;
        }
        trimmed.trades += market.trimmed.trades;
        trimmed.liquidations += market.trimmed.liquidations;
        trimmed.bytes += market.trimmed.bytes;
        EXPECT_EQ(market.plain.state.totals().duplicates, market.compacted.state.totals().duplicates);
        EXPECT_LE(market.compacted.state.bytes(), market.plain.state.bytes());
    }
    EXPECT_GT(trimmed.trades, 1'000U) << "else nothing was shown";
    EXPECT_GT(trimmed.liquidations, 1'000U);
    EXPECT_GT(trimmed.bytes, 10'000U);
}

TEST(Compaction, FindsNothingInASymbolThatTrades) {
    FitfulMarket market(3);
    market.burst();
    market.compact_and_compare();
    market.burst();
    const std::size_t trades = market.compacted.state.tape().trades().size();
    const Compaction now = market.compacted.state.compact(market.compacted.state.as_of());
    EXPECT_LE(now.trades, 1U) << "what the next trade would push out";
    EXPECT_EQ(now.candles + now.open_interest, 0U);
    EXPECT_GE(market.compacted.state.tape().trades().size() + 1, trades);
}

// Under pressure of memory: the past is gone, flow and book go on as if nothing had happened.
TEST(GivingUp, CostsWhatIsReadOfTheHistoryAndNothingElse) {
    std::size_t freed = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        FitfulMarket market(seed);
        market.burst();
        market.burst();
        SymbolState& state = market.compacted.state;
        const std::size_t promised = state.history_bytes();
        const std::size_t before = state.bytes();
        const std::size_t gone = state.give_up_history();
        EXPECT_EQ(before - state.bytes(), gone);
        EXPECT_GE(gone + 1'000, promised);
        EXPECT_LT(state.history_bytes(), 1'000U);
        EXPECT_TRUE(state.candles().series(Timeframe::m1).closed().empty());
        market.compacted.analysis.forget_history(state);
        freed += gone;
        for (int round = 0; round < 6; ++round) {
            EXPECT_TRUE(market.flow_and_book_agree()) << "seed " << seed << ", round " << round;
            market.burst();
        }
    }
    EXPECT_GT(freed, 10'000U) << "else nothing was shown";
}

TEST(GivingUp, LeavesOfATapeWhatIsKeptOfAQuietSymbol) {
    FitfulMarket market(5);
    for (int i = 0; i < 4; ++i) {
        market.burst();
    }
    SymbolState& state = market.compacted.state;
    ASSERT_GT(state.tape().trades().size(), TradeTape::trades_min);
    const TapeTrade newest = state.tape().trades().newest(0);
    const std::size_t before = state.bytes();
    const std::size_t gone = state.give_up_tape();
    EXPECT_GT(gone, 0U);
    EXPECT_EQ(before - state.bytes(), gone);
    EXPECT_EQ(state.tape().trades().size(), TradeTape::trades_min);
    EXPECT_EQ(state.tape().trades().newest(0).price, newest.price);
    EXPECT_EQ(state.give_up_tape(), 0U);
    market.burst();
    EXPECT_TRUE(market.flow_and_book_agree());
}

}  // namespace
}  // namespace virtuoso
