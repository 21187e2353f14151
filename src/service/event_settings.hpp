// From where on something is an event, and how often it is told.
#pragma once

#include <cstdint>

namespace virtuoso {

// A member is named as kinds of events are (`name_of(EventKind)`). `cooldown_s`: seconds of the exchange's
// time within which the same kind is told of the same symbol once; 0 tells all of them.

/// A taker's order, counted as one where its prints share side and millisecond.
struct WhaleTradeSettings {
    bool enabled = true;
    double cooldown_s = 60;
    double multiple = 10;  ///< of the symbol's usual large trade, its trailing 95th percentile; ≥ 1
    double notional_min = 250'000;  ///< USDT, and at least so much
    double warning_multiple = 5;    ///< a warning from so many times both of these; ≥ 1
};

/// METHODOLOGY §7, over five minutes that slide.
struct LiquidationCascadeSettings {
    bool enabled = true;
    double cooldown_s = 900;
    std::int64_t liquidations_min = 10;  ///< in five minutes
    double multiple = 3;                 ///< of what the last day had in five minutes; ≥ 1
    double critical_multiple = 3;        ///< critical from so many times both of these; ≥ 1
};

/// Of the rate that would be paid in eight hours, of either sign, as a share: 0.001 is 0.1 %.
struct FundingExtremeSettings {
    bool enabled = true;
    double cooldown_s = 3'600;
    double warning = 0.001;
    double critical = 0.0015;
};

/// Open interest over the turnover of a day, as a robust z against its own history.
struct LeverageExtremeSettings {
    bool enabled = true;
    double cooldown_s = 3'600;
    double warning_z = 3;
    double critical_z = 5;  ///< at most 6, where a z ends
};

/// Against what the symbol's spread has been for the last hour.
struct SpreadWideningSettings {
    bool enabled = true;
    double cooldown_s = 600;
    double multiple = 5;        ///< of the usual spread; > 1
    double spread_bps_min = 5;  ///< and at least so much
    double hold_s = 3;          ///< for so long without a break
};

/// Of either side within 25 bps (or as far as the book is known), against its median of five minutes.
struct DepthCollapseSettings {
    bool enabled = true;
    double cooldown_s = 600;
    double share_max = 0.2;  ///< of the median; 0…1
    double hold_s = 3;
};

/// The volume of a candle that closed, over the mean of the thirty before it.
struct VolumeBurstSettings {
    bool enabled = true;
    double cooldown_s = 1'800;
    double multiple_1m = 10;
    double multiple_5m = 5;
    double turnover_min = 100'000;  ///< USDT in that candle
};

/// The side that a symbol's scores hold became another one.
struct SignalChangeSettings {
    bool enabled = true;
    double cooldown_s = 60;
};

/// Of the market as a whole: the share of contracts that stand above their price 24 h ago, or below it.
struct BreadthExtremeSettings {
    bool enabled = true;
    double cooldown_s = 3'600;
    double share = 0.85;     ///< of all contracts, on one side; 0.5…1
    double critical = 0.95;  ///< critical from this share on
};

/// Of kinds that are told by what happens, without a threshold.
struct PlainEventSettings {
    bool enabled = true;
    double cooldown_s = 0;
};

/// What is received is not whole.
struct FeedTroubleSettings {
    bool enabled = true;
    double cooldown_s = 300;
    double symbol_s = 300;  ///< a symbol is told of when it is not whole for so long
};

struct EventSettings {
    std::int64_t kept = 10'000;  ///< events that can be read back, the oldest leave first
    WhaleTradeSettings whale_trade;
    LiquidationCascadeSettings liquidation_cascade;
    FundingExtremeSettings funding_extreme;
    LeverageExtremeSettings leverage_extreme;
    SpreadWideningSettings spread_widening;
    DepthCollapseSettings depth_collapse;
    VolumeBurstSettings volume_burst;
    SignalChangeSettings signal_change;
    BreadthExtremeSettings breadth_extreme;
    PlainEventSettings listed;
    PlainEventSettings delisted;
    FeedTroubleSettings feed_trouble;
    PlainEventSettings shard_trouble;
    PlainEventSettings keeper_trouble{.enabled = true, .cooldown_s = 60};
};

}  // namespace virtuoso
