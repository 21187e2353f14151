// Keeping one symbol's trades in order and without holes.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "exchange/call_guard.hpp"
#include "exchange/growing_pause.hpp"
#include "exchange/rest_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso {

class RestAsker;
struct RawRecord;

/// From the moment a subscription begins its trades wait until REST has told what came before them. A hole
/// that REST cannot close is counted, and a concern until it has left the tape. O(1) a frame, at most
/// `held_max` of them are kept.
class TradeGate {
  public:
    static constexpr std::size_t held_max = 1'024;
    static constexpr std::int64_t held_ms_max = 30'000;
    static constexpr std::int64_t tape_span_ms = 15 * ms_per_minute;  ///< then a hole has left the tape
    /// Between requests for trades that are missing again and again.
    static constexpr GrowingPause::Limits pauses{.first_ms = 1'000, .max_ms = 60'000, .calm_ms = 30'000};

    /// A frame that waits for what came before it.
    struct Frame {
        LocalTime received;
        std::uint32_t connection = 0;
        ExchangeTime time;  ///< of its newest trade
        std::string bytes;
    };
    /// Where frames go that waited.
    class Outlet {
      public:
        virtual ~Outlet() = default;
        virtual void hand_on(const Frame& frame) = 0;
    };
    /// Over all symbols of a feed.
    struct Totals {
        std::uint64_t fills = 0;  ///< REST loads that told what came before
        std::uint64_t gaps = 0;   ///< holes that stay
    };
    /// What has to be known of a contract that was dropped, should it come back.
    struct Memory {
        std::uint64_t gaps = 0;
        ExchangeTime verified;  ///< trades up to here are whole; 0 when nothing is known
    };
    struct Needs {
        const Clock& clock;
        RestAsker& rest;
        Outlet& outlet;
        Totals& totals;
    };

    /// `target`: of the newest trades. `rank`: of the symbol by turnover.
    TradeGate(Needs needs, std::string target, std::uint32_t rank, Memory before);

    /// True: `record` is to be handed on now. Else it waits here. `newest`: time of its newest trade.
    [[nodiscard]] bool pass(const RawRecord& record, ExchangeTime newest);
    /// The topic's subscription was accepted.
    void subscribed();
    /// The stream is gone.
    void lost();
    /// Trades at or after `since` did not come; 0 when it is not known since when. They are asked for at
    /// once, or after a pause when that happened not long ago.
    void missing(ExchangeTime since);
    /// Trades that waited too long go on: what comes before them is added to the totals when it comes, too
    /// late for the tape.
    void check(LocalTime now);
    [[nodiscard]] bool overdue(LocalTime now) const noexcept {
        return held_too_long(now) || (fill_due_ && pause_.over(now));
    }

    /// Newest trade that was handed on.
    [[nodiscard]] ExchangeTime last_trade() const noexcept { return last_trade_; }
    /// Holes that could not be filled, so far.
    [[nodiscard]] std::uint64_t gaps() const noexcept { return gaps_; }
    /// `confirmed`: beginning of the newest minute whose candle was held against the trades.
    [[nodiscard]] Memory memory(ExchangeTime confirmed) const;
    void add_concerns(std::vector<std::string>& reasons) const;

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;

    [[nodiscard]] bool held_too_long(LocalTime now) const noexcept {
        return holds_ && !held_.empty() && now - held_.front().received > held_ms_max * ns_per_ms;
    }
    void begin_fill();
    void finish_fill(const Result<RestReply>& reply);
    void note_overlap(const Result<RestReply>& reply, ExchangeTime until);
    [[nodiscard]] bool bridges(ExchangeTime oldest, ExchangeTime until) const;
    void note_gap(std::string reason, LocalTime at);
    void release();
    void resume_without_fill();

    Needs needs_;
    std::string target_;
    std::uint32_t rank_;
    bool subscribed_ = false;
    bool holds_ = true;
    bool fill_in_flight_ = false;
    bool fill_again_ = false;
    bool fill_due_ = false;  ///< some are missing, to be asked for once the pause is over
    GrowingPause pause_;
    LocalTime missed_;  ///< when some were found missing last
    ExchangeTime last_trade_;
    ExchangeTime resumed_;  ///< first trade after the hole that went on before REST told; 0: none did
    LocalTime resumed_at_;
    ExchangeTime whole_until_;  ///< newest trade before the hole to be filled; 0 when there is none
    std::vector<Frame> held_;
    std::size_t held_before_ = 0;  ///< of them, those of earlier subscriptions
    std::string gap_;              ///< the last hole that could not be filled, in words
    LocalTime gap_at_;             ///< when it ended
    std::uint64_t gaps_ = 0;
    CallGuard guard_;
};

}  // namespace virtuoso
