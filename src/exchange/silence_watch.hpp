// Noticing what one symbol no longer hears.
#pragma once

#include "base/time.hpp"
#include "exchange/call_guard.hpp"
#include "exchange/growing_pause.hpp"
#include "exchange/rest_reply.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace virtuoso {

class ExchangeDialect;
class RestAsker;
class SeededRandom;
struct Poll;

/// Asks for the confirmations of 1m candles that did not come, each until it is answered (a candle also tells
/// whether trades are missing), and polls what no topic tells. O(1) a call, O(polls) a check.
class SilenceWatch {
  public:
    static constexpr std::int64_t confirmation_grace_ms = 10'000;
    /// As many candles are asked for at most: both exchanges serve them at once.
    static constexpr std::int64_t candles_max = 1'000;

    struct Symbol {
        std::string name;
        std::uint32_t rank = 0;  ///< by turnover
    };

    /// `on_candles`: hears the candles that had to be asked for.
    SilenceWatch(const ExchangeDialect& dialect, RestAsker& rest, Symbol symbol,
                 std::function<void(const KlineHistory&)> on_candles = {});
    ~SilenceWatch();

    /// First asked at a random moment of its interval: all at once would hold up more urgent requests. It is
    /// not asked again before it was answered: where the exchange allows fewer requests, polls grow slower.
    void add_poll(Poll poll, LocalTime now, SeededRandom& random);

    /// A 1m candle that began at `open_time` is final.
    void note_confirmed(ExchangeTime open_time);
    /// What a history of 1m candles holds as final needs no confirmation; what it holds as open does, though
    /// its minute may have ended before the subscription.
    void note_history(const KlineHistory& history);

    /// Whether `ask_due` has something to ask.
    [[nodiscard]] bool due(LocalTime now, ExchangeTime exchange_now) const noexcept;
    void ask_due(LocalTime now, ExchangeTime exchange_now);

    /// Beginning of the newest 1m candle that, like all before it, was confirmed or asked for; 0 before the
    /// first check.
    [[nodiscard]] ExchangeTime confirmed() const noexcept { return confirmed_; }
    /// The same without those that are asked for and not there yet.
    [[nodiscard]] ExchangeTime known() const noexcept {
        return candles_in_flight_ ? std::min(confirmed_, asked_from_) : confirmed_;
    }

  private:
    struct PollClock;

    static constexpr GrowingPause::Limits pauses{
        .first_ms = 30'000, .max_ms = 10 * ms_per_minute, .calm_ms = 60 * ms_per_minute};

    void begin(ExchangeTime confirmed);
    void take_ahead();
    [[nodiscard]] bool candles_due(LocalTime now, ExchangeTime exchange_now) const noexcept;
    void ask_candles(LocalTime now, std::int64_t missing);
    void finish_candles(const Result<RestReply>& reply);
    void ask_poll(std::size_t index, LocalTime now);
    [[nodiscard]] std::int64_t missing_candles(ExchangeTime now) const noexcept;

    const ExchangeDialect& dialect_;
    RestAsker& rest_;
    Symbol symbol_;
    std::function<void(const KlineHistory&)> on_candles_;
    ExchangeTime begun_;  ///< what `confirmed_` was at first
    ExchangeTime confirmed_;
    ExchangeTime ahead_;              ///< newest that was confirmed with a hole before it
    ExchangeTime asked_from_;         ///< `confirmed_` before candles were asked for
    bool candles_in_flight_ = false;  ///< they are asked for
    bool candles_failed_ = false;     ///< the last time they were asked for
    GrowingPause candles_pause_;
    std::vector<PollClock> polls_;
    CallGuard guard_;
};

}  // namespace virtuoso
