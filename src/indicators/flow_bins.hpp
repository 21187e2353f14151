// Taker flow of one symbol in one-second bins.
#pragma once

#include "indicators/running_statistics.hpp"
#include "indicators/trailing_quantile.hpp"
#include "indicators/trailing_scale.hpp"
#include "market/trade_tape.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace virtuoso {

/// What was traded within one second of exchange time.
struct FlowBin {
    double buy_size = 0;  ///< base currency, by takers
    double sell_size = 0;
    double buy_notional = 0;  ///< quote currency
    double sell_notional = 0;
    double large_buy = 0;  ///< part of the notional in large trades
    double large_sell = 0;
    double retail_buy = 0;  ///< part of the notional in retail prints, which no visible order met
    double retail_sell = 0;
    double close = 0;        ///< last price; 0 in a second without trades
    std::uint32_t buys = 0;  ///< number of trades
    std::uint32_t sells = 0;
    std::uint32_t large_trades = 0;
    std::uint32_t large_clusters = 0;  ///< large trades less than 1 s apart on one side count once
    std::uint32_t wash_like = 0;       ///< prints that match the one before in price and size, other side

    /// The notional that can have met visible orders.
    [[nodiscard]] double visible_buy() const noexcept { return buy_notional - retail_buy; }
    [[nodiscard]] double visible_sell() const noexcept { return sell_notional - retail_sell; }
};

/// Sum of bins with the price path over them.
struct FlowWindow {
    FlowBin total;
    double price_change = 0;  ///< last price − price before the window
    double price_square = 0;  ///< Σ (change of price over a second)²
    double last_price = 0;
    int bins = 0;           ///< seconds from the window's beginning, or the first trade, to the newest trade
    int seconds = 0;        ///< the same to the end of the window: how long it really is
    int traded_bins = 0;    ///< seconds with trades
    int traded_blocks = 0;  ///< blocks with trades, `FlowBins::block_seconds` each, aligned to the epoch
};

/// Kyle's λ by side of the net flow: price change in bps per unit of signed notional.
struct PriceImpact {
    double lambda_buy = 0;
    double lambda_sell = 0;
    int buy_bins = 0;
    int sell_bins = 0;
};

/// Shares of the last minute's flow, −1…1 (all sells … all buys).
struct FlowShares {
    std::optional<double> notional;
    std::optional<double> count;
    std::optional<double> large;
    int seconds = 0;  ///< that the tape knows of the minute
};

/// Fifteen minutes of bins, whatever the number of trades: 900 × 96 bytes. Adding a trade is O(1)
/// amortised; reading a window of n seconds is O(n) and exact, nothing accumulates error.
///
/// Large trades lie above the trailing 95th percentile of notional at their time. Flow and price are also
/// measured in blocks of 30 s, longer than the autocorrelation of order splitting.
class FlowBins {
  public:
    static constexpr int history_seconds = 900;
    static constexpr int block_seconds = 30;
    /// A statistic over bins or blocks needs so many of them: one alone is always as extreme as it can be.
    static constexpr int bins_min = 20;

    FlowBins();

    void add(const TapeTrade& trade);

    /// The last `seconds` bins up to the one `as_of` falls into.
    [[nodiscard]] FlowWindow window(ExchangeTime as_of, int seconds) const;
    /// Usual net size of a block with trades, and change of price over it, of the last day; of whole blocks.
    [[nodiscard]] std::optional<double> block_flow() const noexcept { return block_flow_.value(); }
    [[nodiscard]] std::optional<double> block_move() const noexcept { return block_move_.value(); }
    /// Regression through the origin of price change on signed notional (Kyle 1985, Hasbrouck 1991).
    [[nodiscard]] PriceImpact price_impact(ExchangeTime as_of, int seconds) const;
    /// Notional per second of the busiest `span` seconds among the last `seconds`.
    [[nodiscard]] double peak_rate(ExchangeTime as_of, int seconds, int span) const;
    [[nodiscard]] FlowShares shares(ExchangeTime as_of) const;

    /// Signed over unsigned notional with a half-life of 60 s; nullopt before any trade.
    [[nodiscard]] std::optional<double> decayed_ratio() const;
    [[nodiscard]] const RunningStatistics& notional_share_history() const noexcept {
        return notional_history_;
    }
    [[nodiscard]] const RunningStatistics& count_share_history() const noexcept { return count_history_; }
    [[nodiscard]] const RunningStatistics& large_share_history() const noexcept { return large_history_; }
    [[nodiscard]] std::optional<double> large_threshold() const noexcept {
        return notional_quantile_.value();
    }
    [[nodiscard]] std::uint64_t trades() const noexcept { return trades_; }
    [[nodiscard]] ExchangeTime last_time() const noexcept { return last_.time; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return bins_.capacity() * sizeof(FlowBin) + notional_quantile_.bytes();
    }

  private:
    template <typename Visitor>
    void visit(ExchangeTime as_of, int seconds, Visitor&& visitor) const;
    [[nodiscard]] const FlowBin& bin(std::int64_t second) const {
        return bins_[static_cast<std::size_t>(second % history_seconds)];
    }
    [[nodiscard]] int known_seconds(ExchangeTime as_of, int seconds) const noexcept;
    void move_to(std::int64_t second);
    void close_block();
    void add_large(FlowBin& into, const TapeTrade& trade, double notional);

    std::vector<FlowBin> bins_;
    std::int64_t first_second_ = 0;
    std::int64_t second_ = -1;  ///< newest bin
    std::uint64_t trades_ = 0;
    TapeTrade last_;
    TapeTrade last_large_;
    TrailingQuantile notional_quantile_;
    RunningStatistics notional_history_;
    RunningStatistics count_history_;
    RunningStatistics large_history_;
    TrailingScale block_flow_;
    TrailingScale block_move_;
    double block_net_ = 0;    ///< of the block that the newest bin lies in
    double block_begin_ = 0;  ///< price before it; its first where there was none
    double decayed_signed_ = 0;
    double decayed_total_ = 0;
};

}  // namespace virtuoso
