// Noticing what one symbol no longer hears.
#pragma once

#include "base/time.hpp"
#include "exchange/call_guard.hpp"
#include "exchange/topic_watch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

class ExchangeDialect;
class RestAsker;
class SeededRandom;
struct Poll;

/// Watches whether the book and ticker topics make progress, asks for the confirmations of 1m candles that
/// did not come (a candle also tells whether trades are missing), and polls what no topic tells. O(1) a
/// call, O(polls) a check.
class SilenceWatch {
  public:
    static constexpr std::int64_t confirmation_grace_ms = 10'000;

    struct Symbol {
        std::string name;
        std::uint32_t rank = 0;  ///< by turnover
    };

    SilenceWatch(const ExchangeDialect& dialect, RestAsker& rest, Symbol symbol);
    ~SilenceWatch();

    /// First asked at a random moment of its interval: all at once would hold up more urgent requests. It is
    /// not asked again before it was answered: where the exchange allows fewer requests, polls grow slower.
    void add_poll(Poll poll, LocalTime now, SeededRandom& random);

    void note_book(ExchangeTime time, LocalTime now) { book_.note(time, now); }
    void note_ticker(ExchangeTime time, LocalTime now) { ticker_.note(time, now); }
    /// A 1m candle that began at `open_time` is final.
    void note_confirmed(ExchangeTime open_time) { confirmed_ = std::max(confirmed_, open_time); }
    void book_subscribed(LocalTime now) { book_.restart(now); }
    void ticker_subscribed(LocalTime now) { ticker_.restart(now); }

    /// Whether `ask_due` has something to ask.
    [[nodiscard]] bool due(LocalTime now, ExchangeTime exchange_now) const noexcept;
    void ask_due(LocalTime now, ExchangeTime exchange_now);

    [[nodiscard]] bool book_stale(LocalTime now) const noexcept { return book_.stale(now); }
    [[nodiscard]] bool ticker_stale(LocalTime now) const noexcept { return ticker_.stale(now); }
    /// Seconds without progress, when that is too long; then the measure begins anew.
    [[nodiscard]] std::optional<std::int64_t> take_book_silence(LocalTime now);
    /// True when the ticker was silent for too long; then the measure begins anew.
    [[nodiscard]] bool take_ticker_silence(LocalTime now);

    /// Beginning of the newest 1m candle that was confirmed or asked for; 0 before the first check.
    [[nodiscard]] ExchangeTime confirmed() const noexcept { return confirmed_; }

  private:
    struct PollClock;

    void ask_candles(std::int64_t missing);
    void ask_poll(std::size_t index, LocalTime now);
    [[nodiscard]] std::int64_t missing_candles(ExchangeTime now) const noexcept;

    const ExchangeDialect& dialect_;
    RestAsker& rest_;
    Symbol symbol_;
    TopicWatch book_;
    TopicWatch ticker_;
    ExchangeTime confirmed_;
    bool candles_in_flight_ = false;  ///< they are asked for
    std::vector<PollClock> polls_;
    CallGuard guard_;
};

}  // namespace virtuoso
