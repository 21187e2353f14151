// Everything known about one symbol, within bounds.
#pragma once

#include "base/bounded_ring.hpp"
#include "base/packed_ring.hpp"
#include "market/candle_book.hpp"
#include "market/event.hpp"
#include "market/minute_volumes.hpp"
#include "market/order_book.hpp"
#include "market/trade_tape.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace virtuoso {

/// The newest value of every ticker field; each stays until it is replaced.
using Ticker = TickerUpdate;

/// Counts since the symbol was first seen.
struct FeedTotals {
    std::uint64_t messages = 0;
    std::uint64_t trades = 0;         ///< prints that belong to flow
    std::uint64_t block_trades = 0;   ///< kept out of flow
    std::uint64_t off_market = 0;     ///< insurance fund, auto-deleveraging and empty prints: of no candle
    std::uint64_t duplicates = 0;     ///< repeated trades and book frames
    std::uint64_t late_trades = 0;    ///< too old for the tape; counted in volumes and candles
    std::uint64_t minutes_short = 0;  ///< confirmed 1m klines with more volume than the trades received
    std::uint64_t gaps = 0;           ///< times the book lost its sequence
    std::uint64_t crossings = 0;      ///< times the book crossed
    std::uint64_t rejected = 0;       ///< frames, and candles of a history, that were refused
    std::uint64_t sizes_capped = 0;   ///< sizes beyond the exact range, kept as its largest: too small
    Int128 buy_volume = 0;            ///< taker buys, units of 1e-8 base
    Int128 sell_volume = 0;           ///< taker sells, units of 1e-8 base

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.messages, self.trades, self.block_trades, self.off_market, self.duplicates,
                self.late_trades, self.minutes_short, self.gaps, self.crossings, self.rejected,
                self.sizes_capped, self.buy_volume, self.sell_volume);
    }
};

/// One liquidation as kept: the sign of `signed_size` is the position's, long positive.
struct KeptLiquidation {
    ExchangeTime time;
    Price price;
    std::int64_t signed_size = 0;

    [[nodiscard]] Liquidation event() const noexcept {
        return signed_size < 0 ? Liquidation{time, PositionSide::short_position, price, {-signed_size}}
                               : Liquidation{time, PositionSide::long_position, price, {signed_size}};
    }
};

template <>
struct PackedColumns<KeptLiquidation> {
    static constexpr std::size_t columns = 3;
    static constexpr std::uint32_t reals = 0;
    static constexpr std::size_t block = 128;
    using Numbers = std::array<std::int64_t, columns>;

    static Numbers numbers_of(const KeptLiquidation& kept) noexcept {
        return {kept.time.ms, kept.price.units, kept.signed_size};
    }
    static KeptLiquidation record_of(const Numbers& numbers) noexcept {
        return {{numbers[0]}, {numbers[1]}, numbers[2]};
    }
};

/// What `SymbolState::compact` found to trim. Candles and open interest are bounded by their number, which
/// every insertion enforces: of them there is never anything.
struct Compaction {
    std::size_t candles = 0;
    std::size_t open_interest = 0;
    std::size_t trades = 0;
    std::size_t liquidations = 0;
    std::size_t bytes = 0;  ///< given back
};

/// What an event changed, for incremental consumers.
struct StateChange {
    bool book = false;               ///< the book moved on and is valid
    bool book_broken = false;        ///< the book became invalid
    bool book_thin = false;          ///< `OrderBook::thin` became true
    std::uint32_t trades = 0;        ///< trades added to the tape
    bool open_interest = false;      ///< open-interest points were added or their prices learned
    std::uint32_t liquidations = 0;  ///< liquidations added
    bool funding_history = false;
    bool restated = false;  ///< prices continue in another unit (a split): everything before is forgotten
    bool account_ratio = false;
    /// Beginning of a minute whose candle holds more volume than the trades received.
    std::optional<ExchangeTime> trades_missing = {};
};

/// Owns the market state of one symbol. Retention (METHODOLOGY §0) is enforced at every insertion.
/// Applying an event is O(levels or trades in it); it allocates only while rings grow to their bounds.
class SymbolState {
  public:
    static constexpr std::size_t open_interest_max = 288;
    static constexpr std::int64_t open_interest_step_ms = 5 * ms_per_minute;
    static constexpr std::size_t funding_max = 270;
    static constexpr std::size_t account_ratio_max = 288;
    static constexpr std::size_t liquidations_max = 10'000;
    static constexpr std::int64_t liquidation_span_ms = ms_per_day;

    explicit SymbolState(std::string symbol, BookLimits limits = {});

    StateChange apply(const MarketEvent& event);
    /// Notes frames of this symbol, or elements of a list, that could not be decoded. A lost book update
    /// breaks the book.
    void reject(bool book_update, std::uint64_t count = 1);
    /// The interval of the current funding rate, known from a list of all contracts.
    void tell_funding_interval(int minutes);
    /// The connection that fed the book is gone. Until a snapshot there is no book.
    void disconnect();
    /// Lets time pass without an event: candles whose interval is over close.
    void advance(ExchangeTime now);
    /// Enforces retention for what has fallen silent, as the next event of its kind would at `now`, and gives
    /// back memory that holds nothing. Nothing that is evaluated at `now` or later is changed by it.
    /// O(trimmed).
    Compaction compact(ExchangeTime now);

    /// Where there is no room for them: closed candles, open interest, funding and ratios are gone, and grow
    /// again from what comes; whoever follows this state has to begin with them anew. Returns the bytes.
    std::size_t give_up_history();
    /// Of the trades only as many stay as a tape keeps of a quiet symbol. Returns the bytes.
    std::size_t give_up_tape();
    /// Of candles longer than a minute the older half of what a full series keeps goes; whoever follows this
    /// state has read them and goes on. Returns the bytes.
    std::size_t give_up_older() { return candles_.give_up_older(); }
    /// What that would give back, about. O(timeframes).
    [[nodiscard]] std::size_t older_bytes() const noexcept { return candles_.older_bytes(); }
    /// What `give_up_history` would give back. O(blocks).
    [[nodiscard]] std::size_t history_bytes() const noexcept;

    [[nodiscard]] const std::string& symbol() const noexcept { return symbol_; }
    /// Newest exchange time of any event applied.
    [[nodiscard]] ExchangeTime as_of() const noexcept { return as_of_; }
    [[nodiscard]] const OrderBook& book() const noexcept { return book_; }
    [[nodiscard]] const TradeTape& tape() const noexcept { return tape_; }
    [[nodiscard]] const CandleBook& candles() const noexcept { return candles_; }
    [[nodiscard]] const Ticker& ticker() const noexcept { return ticker_; }
    /// The ticker's, else of the newest trade.
    [[nodiscard]] std::optional<Price> last_price() const noexcept;
    [[nodiscard]] const BoundedRing<OpenInterestPoint>& open_interest() const noexcept { return interest_; }
    [[nodiscard]] const BoundedRing<FundingPoint>& funding() const noexcept { return funding_; }
    [[nodiscard]] const BoundedRing<AccountRatioPoint>& account_ratio() const noexcept { return ratio_; }
    [[nodiscard]] const PackedRing<KeptLiquidation>& liquidations() const noexcept { return liquidations_; }
    [[nodiscard]] const FeedTotals& totals() const noexcept { return totals_; }

    /// Memory held, with the object itself.
    [[nodiscard]] std::size_t bytes() const noexcept;

    /// For `base/archive.hpp`: everything but the book, as if its connection were lost.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.as_of_, self.tape_, self.minute_volumes_, self.candles_, self.ticker_, self.interest_,
                self.funding_, self.ratio_, self.liquidations_, self.totals_);
        auto feed = self.trade_feed_.value_or(TradeFeed::individual);
        auto known = self.trade_feed_.has_value();
        archive(known);
        archive.choice(feed, 2);
        if constexpr (Archive::reads) {
            self.trade_feed_ = known ? std::optional(feed) : std::nullopt;
        }
    }

  private:
    void apply_payload(const BookSnapshot& snapshot, StateChange& change);
    void apply_payload(const BookDelta& delta, StateChange& change);
    void apply_payload(const Trades& trades, StateChange& change);
    void apply_payload(const TickerUpdate& update, StateChange& change);
    void apply_payload(const KlineUpdate& update, StateChange& change);
    void apply_payload(const Liquidations& batch, StateChange& change);
    void apply_payload(const KlineHistory& history, StateChange& change);
    void apply_payload(const OpenInterestHistory& history, StateChange& change);
    void apply_payload(const FundingHistory& history, StateChange& change);
    void apply_payload(const AccountRatioHistory& history, StateChange& change);

    [[nodiscard]] bool wanted_depth(int depth) const noexcept;
    [[nodiscard]] bool is_restatement(const BookSnapshot& snapshot) const noexcept;
    void forget_past();
    std::size_t drop_liquidations(ExchangeTime now, std::size_t keep);
    void count_fault(BookFault fault) noexcept;
    void audit(const Candle& minute, StateChange& change);
    [[nodiscard]] bool short_of_trades(const Candle& minute);
    void price_open_interest(StateChange& change);
    void sample_open_interest(ExchangeTime time, StateChange& change);
    [[nodiscard]] Price last_traded() const noexcept;

    std::string symbol_;
    ExchangeTime as_of_;
    OrderBook book_;
    int book_depth_ = -1;  ///< depth of the feed that owns the book; −1 before the first
    TradeTape tape_;
    MinuteVolumes minute_volumes_;
    std::optional<TradeFeed> trade_feed_;  ///< the first one seen; the other would count volume twice
    CandleBook candles_;
    Ticker ticker_;
    BoundedRing<OpenInterestPoint> interest_;
    std::uint64_t candles_priced_ = 0;  ///< version of those that prices of open interest were taken from
    BoundedRing<FundingPoint> funding_;
    BoundedRing<AccountRatioPoint> ratio_;
    PackedRing<KeptLiquidation> liquidations_;
    FeedTotals totals_;
};

}  // namespace virtuoso
