// The recent trades of one symbol.
#pragma once

#include "base/bounded_ring.hpp"
#include "market/event.hpp"
#include "market/trade_ids.hpp"

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

    [[nodiscard]] const BoundedRing<TapeTrade>& trades() const noexcept { return trades_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return trades_.bytes() + recent_ids_.bytes() + rising_ids_.bytes();
    }

  private:
    struct RecentId {
        ExchangeTime time;
        std::uint64_t id;
    };
    static constexpr std::size_t recent_ids_max = 2'048;

    [[nodiscard]] bool seen(const TradePrint& print) const;
    [[nodiscard]] bool has_like(const TradePrint& print) const;

    BoundedRing<TapeTrade> trades_;
    BoundedRing<RecentId> recent_ids_;
    RisingIds rising_ids_;
    std::uint64_t last_id_ = 0;  ///< of those that rise, the last one taken
    bool last_was_retail_ = false;
};

}  // namespace virtuoso
