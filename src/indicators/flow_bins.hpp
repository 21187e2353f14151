// Taker flow of one symbol in one-second bins.
#pragma once

#include "base/bounded_ring.hpp"
#include "indicators/running_statistics.hpp"
#include "indicators/trailing_quantile.hpp"
#include "indicators/trailing_scale.hpp"
#include "market/trade_tape.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

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

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.buy_size, self.sell_size, self.buy_notional, self.sell_notional, self.large_buy,
                self.large_sell, self.retail_buy, self.retail_sell, self.close, self.buys, self.sells,
                self.large_trades, self.large_clusters, self.wash_like);
    }

    /// The notional that can have met visible orders.
    [[nodiscard]] double visible_buy() const noexcept { return buy_notional - retail_buy; }
    [[nodiscard]] double visible_sell() const noexcept { return sell_notional - retail_sell; }
};

/// Base currency bought and sold by takers.
struct FlowSides {
    double buy_size = 0;
    double sell_size = 0;
    int traded_bins = 0;  ///< seconds with trades
};

/// The price over a window of bins.
struct FlowPath {
    double price_change = 0;  ///< last price − price before the window
    double price_square = 0;  ///< Σ (change of price over a second)²
    double last_price = 0;
    int bins = 0;           ///< seconds from the window's beginning, or the first trade, to the newest trade
    int seconds = 0;        ///< the same to the end of the window: how long it really is
    int traded_bins = 0;    ///< seconds with trades
    int traded_blocks = 0;  ///< blocks with trades, `FlowBins::block_seconds` each, aligned to the epoch
};

/// Sum of bins with the price path over them.
struct FlowWindow : FlowPath {
    FlowBin total;
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

/// Fifteen minutes of bins, whatever the number of trades: 96 bytes a second with trades, at most 900 of
/// them. Adding a trade is O(1) amortised; reading a window is O(seconds with trades in it) and exact,
/// nothing accumulates error.
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
    /// Parts of the same, for less.
    [[nodiscard]] FlowPath path(ExchangeTime as_of, int seconds) const;
    [[nodiscard]] FlowSides sides(ExchangeTime as_of, int seconds) const;
    /// How long a window of so many seconds really is: the tape may be younger. `FlowWindow::seconds`.
    [[nodiscard]] int known_seconds(ExchangeTime as_of, int seconds) const noexcept;
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
    /// Gives back memory that holds nothing; returns the bytes.
    std::size_t shrink() { return bins_.shrink() + notional_quantile_.shrink(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return bins_.bytes() + notional_quantile_.bytes(); }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        constexpr std::int64_t seconds_max = plausible_ms_max / ms_per_second;
        archive(self.bins_, self.first_second_, self.second_, self.trades_, self.last_, self.last_large_,
                self.notional_quantile_, self.notional_history_, self.count_history_, self.large_history_,
                self.block_flow_, self.block_move_, self.block_net_, self.block_begin_, self.decayed_signed_,
                self.decayed_total_);
        archive.check(self.first_second_ >= 0 && self.first_second_ <= seconds_max && self.second_ >= -1 &&
                      self.second_ <= seconds_max &&
                      (self.bins_.empty() || self.second_ >= self.first_second_));
    }

  private:
    struct KeptBin {
        FlowBin flow;
        std::uint32_t after = 0;  ///< seconds since the first one ever

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.flow, self.after);
        }
    };
    /// A window's bins, and the seconds that it spans of the time that is kept.
    struct Span {
        std::int64_t first = 0;
        std::int64_t last = -1;
        std::size_t begin = 0;  ///< of the bins
        std::size_t end = 0;
        [[nodiscard]] int seconds() const noexcept {
            return static_cast<int>(std::max<std::int64_t>(last - first + 1, 0));
        }
    };

    template <typename Visit>
    [[nodiscard]] FlowPath follow(ExchangeTime as_of, int seconds, Visit&& visit) const;
    [[nodiscard]] Span span_of(ExchangeTime as_of, int seconds) const;
    [[nodiscard]] std::size_t place_of(std::int64_t second) const;
    [[nodiscard]] std::int64_t second_of(const KeptBin& bin) const noexcept {
        return first_second_ + bin.after;
    }
    [[nodiscard]] double close_before(std::size_t place) const;
    void move_to(std::int64_t second);
    void close_block();
    void add_large(FlowBin& into, const TapeTrade& trade, double notional);

    BoundedRing<KeptBin> bins_;  ///< of seconds with trades, the newest that of `second_`
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
