// The recent trades of one symbol.
#pragma once

#include "base/packed_ring.hpp"
#include "market/event.hpp"
#include "market/trade_ids.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace virtuoso {

/// One trade as kept: the sign of `signed_size` is the taker's side.
struct TapeTrade {
    ExchangeTime time;  ///< never before the trade in front of it
    Price price;
    std::int64_t signed_size = 0;
    bool retail = false;  ///< not of the visible book

    [[nodiscard]] Side taker() const noexcept { return signed_size < 0 ? Side::sell : Side::buy; }
    [[nodiscard]] Size size() const noexcept { return {signed_size < 0 ? -signed_size : signed_size}; }
};

template <>
struct PackedColumns<TapeTrade> {
    static constexpr std::size_t columns = 4;
    static constexpr std::uint32_t reals = 0;
    static constexpr std::size_t block = 256;
    using Numbers = std::array<std::int64_t, columns>;

    static Numbers numbers_of(const TapeTrade& trade) noexcept {
        return {trade.time.ms, trade.price.units, trade.signed_size, trade.retail ? 1 : 0};
    }
    static TapeTrade record_of(const Numbers& numbers) noexcept {
        return {{numbers[0]}, {numbers[1]}, numbers[2], numbers[3] != 0};
    }
};

/// The id of a trade that was seen, at a time.
struct RecentTradeId {
    ExchangeTime time;
    std::uint64_t id;
};

template <>
struct PackedColumns<RecentTradeId> {
    static constexpr std::size_t columns = 2;
    static constexpr std::uint32_t reals = 0;
    static constexpr std::size_t block = 64;
    using Numbers = std::array<std::int64_t, columns>;

    static Numbers numbers_of(const RecentTradeId& seen) noexcept {
        return {seen.time.ms, std::bit_cast<std::int64_t>(seen.id)};
    }
    static RecentTradeId record_of(const Numbers& numbers) noexcept {
        return {{numbers[0]}, std::bit_cast<std::uint64_t>(numbers[1])};
    }
};

enum class TradeOutcome : std::uint8_t {
    added,
    late,      ///< older than the tape's newest by more than the tolerance: not added
    duplicate  ///< its id was seen
};

/// Keeps the longer of 15 minutes and 2 000 trades, at most 20 000 (the oldest go first). Trades up to
/// one second late are kept, timed as the newest; O(1) amortised.
class TradeTape {
  public:
    static constexpr std::size_t trades_max = 20'000;
    static constexpr std::size_t trades_min = 2'000;
    static constexpr std::int64_t span_ms = 15 * ms_per_minute;
    static constexpr std::int64_t late_tolerance_ms = 1'000;

    TradeTape() : trades_(trades_max), recent_ids_(recent_ids_max) {}

    /// `ids_ascend`: ids are numbers of a sequence. A trade whose id was seen is a repetition, however it
    /// came, but for the retail part of the same trade; of hashed ids only the newest are kept, and an older
    /// trade is one if the tape has its like.
    TradeOutcome add(const TradePrint& print, bool ids_ascend);

    /// Forgets what the next trade would make it forget if it came at `now`, and gives memory back; returns
    /// the number of trades that went.
    std::size_t compact(ExchangeTime now);

    /// Gives up all but the newest so many, and memory; returns the number of trades that went.
    std::size_t keep_newest(std::size_t count);

    [[nodiscard]] const PackedRing<TapeTrade>& trades() const noexcept { return trades_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return trades_.bytes() + recent_ids_.bytes() + rising_ids_.bytes();
    }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.trades_, self.recent_ids_, self.rising_ids_, self.last_id_, self.last_was_retail_);
    }

  private:
    static constexpr std::size_t recent_ids_max = 2'048;

    [[nodiscard]] bool seen(const TradePrint& print) const;
    [[nodiscard]] bool has_like(const TradePrint& print) const;
    std::size_t drop_old(ExchangeTime now, std::size_t keep);

    PackedRing<TapeTrade> trades_;
    PackedRing<RecentTradeId> recent_ids_;
    RisingIds rising_ids_;
    std::uint64_t last_id_ = 0;  ///< of those that rise, the last one taken
    bool last_was_retail_ = false;
};

}  // namespace virtuoso
