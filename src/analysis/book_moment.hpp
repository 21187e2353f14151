// What a book says at one moment: signals that live for seconds.
#pragma once

#include "indicators/book_top.hpp"
#include "indicators/flow_bins.hpp"

#include <optional>

namespace virtuoso {

/// METHODOLOGY §5. They enter the score averaged over half a minute and stand beside it as the pulse.
struct BookMoment {
    double imbalance = 0;     ///< level-weighted, 25 levels, −1…1
    double ratio_top5 = 0;    ///< of the five best levels, −1…1
    double micro_offset = 0;  ///< (micro-price − mid) in half spreads, −1…1 (Stoikov 2018, first order)
    double bid_quote = 0;     ///< notional of the side as far as it is held, quote currency
    double ask_quote = 0;
    double notional = 0;      ///< quote currency that the costs below are of
    double buy_cost_bps = 0;  ///< of taking it from the asks, as distance from the mid
    double sell_cost_bps = 0;

    /// Precondition: two-sided. O(levels). `top` are the best levels of `book`.
    [[nodiscard]] static BookMoment of(const BookView& book, const BookTop& top);
};

/// Aggression that meets standing levels, and aggression that ends.
struct Absorption {
    double net_quote = 0;        ///< of takers in 30 s, without retail prints
    double move_sigmas_30s = 0;  ///< of the price, in its own σ of 10 min
    double move_sigmas_60s = 0;
    double rate_of_peak = 1;  ///< traded per second in 10 s, of the busiest 10 s of the minute
    double bids = 0;          ///< 0…1, how far bids absorb selling
    double asks = 0;
    double exhaustion = 0;  ///< −1…1, positive where selling ends after a fall

    [[nodiscard]] double strength() const noexcept { return 1.5 * (bids - asks) + exhaustion; }
    /// nullopt before a minute of trades and 20 seconds with trades, and while the price never moved.
    [[nodiscard]] static std::optional<Absorption> of(const FlowBins& flow, const BookTop& top,
                                                      ExchangeTime as_of);
};

}  // namespace virtuoso
