#include "analysis/price_context.hpp"

#include "analysis/orderbook_component.hpp"

#include <cmath>

namespace virtuoso {

namespace {

std::optional<double> mid_of(const SymbolState& state, ExchangeTime as_of) {
    const auto book = state.book().view(as_of, OrderbookComponent::stale_after_ms);
    return book && book->two_sided()
               ? std::optional((book->best_bid()->price.value() + book->best_ask()->price.value()) / 2)
               : std::nullopt;
}

// The close of minutes, or of the shortest candles there are.
std::optional<double> last_price(const SymbolState& state, const CandleTracks& tracks) {
    if (const auto& trades = state.tape().trades(); !trades.empty()) {
        return trades.back().price.value();
    }
    if (tracks.base().candles.bars() > 0) {
        return tracks.base().candles.last().close;
    }
    for (const Timeframe timeframe : all_timeframes) {
        if (const auto& closed = state.candles().series(timeframe).closed(); !closed.empty()) {
            return closed.back().close.value();
        }
    }
    return std::nullopt;
}

}  // namespace

PriceContext PriceContext::of(const SymbolState& state, const CandleTracks& tracks, ExchangeTime as_of) {
    PriceContext result;
    result.mid = mid_of(state, as_of);
    result.from_book = result.mid.has_value();
    result.mid = result.from_book ? result.mid : last_price(state, tracks);
    if (!result.mid) {
        return result;
    }
    const double mid = *result.mid;
    // Preferred first: 30m, then shorter ones.
    for (const std::size_t i : {std::size_t{2}, std::size_t{1}, std::size_t{0}}) {
        const auto& track = tracks.tracks()[i];
        const Timeframe timeframe = analysis_timeframes[i].timeframe;
        const auto atr = track.candles.atr14.value();
        if (!result.atr && atr && *atr > 0) {
            const std::int64_t bars = interval_ms(Timeframe::m30) / interval_ms(timeframe);
            result.atr = *atr * std::sqrt(static_cast<double>(bars));
            result.atr_timeframe = timeframe;
        }
        if (!result.swing_low && !result.swing_high && i > 0) {
            const auto& swings = track.structure.swings.swings();
            for (std::size_t k = 0; k < swings.size(); ++k) {
                const double price = swings[k].price;
                if (!swings[k].high && price < mid && (!result.swing_low || price > *result.swing_low)) {
                    result.swing_low = price;
                }
                if (swings[k].high && price > mid && (!result.swing_high || price < *result.swing_high)) {
                    result.swing_high = price;
                }
            }
            result.swing_timeframe = timeframe;
        }
    }
    for (std::size_t i = 1; i < analysis_timeframes.size(); ++i) {
        std::size_t taken = 0;
        for (const auto& level : tracks.tracks()[i].structure.levels.levels()) {
            if (level.strength >= strength_min && taken++ < result.levels_.size() / 3) {
                result.levels_[result.count_++] = {level.price, level.strength,
                                                   analysis_timeframes[i].timeframe};
            }
        }
    }
    return result;
}

const KeyLevel* PriceContext::nearest(bool above) const noexcept {
    const KeyLevel* best = nullptr;
    for (const auto& level : levels()) {
        const bool beyond = mid && (above ? level.price > *mid : level.price < *mid);
        if (beyond && (best == nullptr || std::fabs(level.price - *mid) < std::fabs(best->price - *mid))) {
            best = &level;
        }
    }
    return best;
}

}  // namespace virtuoso
