// Normalised market events: what every codec produces and SymbolState consumes.
//
// Spans and string views point into the decoder's buffers or the frame and are valid until the next
// frame is decoded.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "market/candle.hpp"
#include "market/instrument.hpp"
#include "market/timeframe.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace virtuoso {

enum class Side : std::int8_t { sell = -1, buy = 1 };

struct BookLevel {
    Price price{};
    Size size{};  ///< absolute; zero deletes the level
    friend constexpr bool operator==(const BookLevel&, const BookLevel&) noexcept = default;

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.price, self.size);
    }
};

/// Where a snapshot came from decides how the first delta must join it.
enum class SnapshotOrigin : std::uint8_t {
    stream,  ///< in sequence with its deltas (Bybit): the next delta follows it
    rest     ///< taken beside the stream (Binance): the first delta must overlap it
};

struct BookSnapshot {
    ExchangeTime time{};
    std::uint64_t update_id = 0;
    int depth = 0;  ///< levels a side of the feed, 0 when the feed is not limited
    SnapshotOrigin origin = SnapshotOrigin::stream;
    bool truncated = false;  ///< deeper levels exist that the snapshot does not hold
    std::span<const BookLevel> bids{};
    std::span<const BookLevel> asks{};
};

struct BookDelta {
    ExchangeTime time{};
    std::uint64_t first_update_id = 0;
    std::uint64_t last_update_id = 0;
    std::uint64_t previous_update_id = 0;  ///< last_update_id of the delta before this one
    int depth = 0;
    std::span<const BookLevel> bids{};
    std::span<const BookLevel> asks{};
};

enum class TradeFeed : std::uint8_t { individual, aggregate };

struct TradePrint {
    ExchangeTime time{};
    Price price{};
    Size size{};
    Side taker = Side::buy;
    bool block = false;       ///< negotiated off the book: not part of flow
    std::uint64_t id = 0;     ///< exchange id, or a hash of it; 0 when unknown
    bool retail = false;      ///< price improvement for retail orders: flow, but not of the visible book
    bool off_market = false;  ///< insurance fund, auto-deleveraging: neither flow nor part of any candle
};

struct Trades {
    TradeFeed feed = TradeFeed::individual;
    bool ids_ascend = false;  ///< ids are sequence numbers
    std::span<const TradePrint> prints{};
};

/// Absent fields did not change (delta) or are not given by the exchange.
struct TickerUpdate {
    ExchangeTime time{};
    bool snapshot = false;
    /// Of a list of every contract of the exchange: speaks for the market as a whole, follows no symbol.
    bool market_wide = false;
    std::optional<Price> last_price{};
    std::optional<Price> mark_price{};
    std::optional<Price> index_price{};
    std::optional<double> open_interest{};        ///< base currency; may be beyond the exact range
    std::optional<double> open_interest_value{};  ///< quote currency
    std::optional<double> funding_rate{};         ///< fraction per funding interval
    std::optional<ExchangeTime> next_funding_time{};
    std::optional<int> funding_interval_minutes{};
    std::optional<double> change_24h{};    ///< fraction
    std::optional<double> turnover_24h{};  ///< quote currency
    std::optional<double> volume_24h{};    ///< base currency
    std::optional<Price> high_24h{};
    std::optional<Price> low_24h{};
    std::optional<BookLevel> best_bid{};
    std::optional<BookLevel> best_ask{};

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.time, self.last_price, self.mark_price, self.index_price, self.open_interest,
                self.open_interest_value, self.funding_rate, self.next_funding_time,
                self.funding_interval_minutes, self.change_24h, self.turnover_24h, self.volume_24h,
                self.high_24h, self.low_24h, self.best_bid, self.best_ask);
    }
};

struct KlineUpdate {
    ExchangeTime time{};
    Timeframe timeframe = Timeframe::m1;
    bool confirmed = false;
    Candle candle{};
};

/// Canonical side: the position that was closed by force. A liquidated long is sold into the market.
enum class PositionSide : std::uint8_t { long_position, short_position };

struct Liquidation {
    ExchangeTime time{};
    PositionSide position = PositionSide::long_position;
    Price price{};  ///< bankruptcy price where the exchange gives it, else average fill
    Size size{};
};

struct Liquidations {
    std::span<const Liquidation> events{};
};

struct OpenInterestPoint {
    ExchangeTime time{};
    double open_interest = 0;  ///< base currency; may be beyond the exact range
    Price price{};             ///< last traded price at that time, zero when unknown

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.time, self.open_interest, self.price);
    }
};
struct FundingPoint {
    ExchangeTime time{};
    double rate = 0;           ///< fraction per funding interval
    int interval_minutes = 0;  ///< of that time; 0 when it is not told

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.time, self.rate, self.interval_minutes);
    }
};
struct AccountRatioPoint {
    ExchangeTime time{};
    double buy_ratio = 0;  ///< share of accounts net long, 0…1

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.time, self.buy_ratio);
    }
};

/// Histories, oldest first whatever order the exchange sends.
struct OpenInterestHistory {
    std::span<const OpenInterestPoint> points{};
};
struct FundingHistory {
    std::span<const FundingPoint> points{};
};
struct AccountRatioHistory {
    std::span<const AccountRatioPoint> points{};
};
struct KlineHistory {
    Timeframe timeframe = Timeframe::m1;
    ExchangeTime time{};  ///< when the exchange answered: a candle is closed if its interval ended by then
    std::span<const Candle> candles{};
};

using MarketPayload = std::variant<BookSnapshot, BookDelta, Trades, TickerUpdate, KlineUpdate, Liquidations,
                                   KlineHistory, OpenInterestHistory, FundingHistory, AccountRatioHistory>;

struct MarketEvent {
    std::string_view symbol{};
    ExchangeTime time{};  ///< newest exchange time the payload speaks of
    MarketPayload payload{};
    std::uint32_t sizes_capped = 0;  ///< sizes in it that were beyond the exact range, kept as its largest
};

}  // namespace virtuoso
