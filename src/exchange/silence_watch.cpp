#include "exchange/silence_watch.hpp"

#include "base/seeded_random.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/rest_asker.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::uint32_t poll_rank = 1;  ///< of every symbol: in turns, so that none is left out

}  // namespace

struct SilenceWatch::PollClock {
    Poll poll;
    LocalTime due;
    bool in_flight = false;
};

SilenceWatch::SilenceWatch(const ExchangeDialect& dialect, RestAsker& rest, Symbol symbol,
                           std::function<void(const KlineHistory&)> on_candles)
    : dialect_(dialect),
      rest_(rest),
      symbol_(std::move(symbol)),
      on_candles_(std::move(on_candles)),
      candles_pause_(pauses, symbol_.rank) {}

SilenceWatch::~SilenceWatch() = default;

void SilenceWatch::add_poll(Poll poll, LocalTime now, SeededRandom& random) {
    const auto part = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(poll.every_ms)));
    polls_.push_back({std::move(poll), {now.ns + part * ns_per_ms}});
}

void SilenceWatch::begin(ExchangeTime confirmed) {
    begun_ = confirmed;
    confirmed_ = confirmed;
}

/// What was confirmed beyond a hole counts once the hole is closed.
void SilenceWatch::take_ahead() {
    if (ahead_ <= confirmed_ + ms_per_minute) {
        confirmed_ = std::max(confirmed_, ahead_);
    }
}

void SilenceWatch::note_confirmed(ExchangeTime open_time) {
    if (confirmed_.ms == 0) {
        begin({open_time.ms - ms_per_minute});
    }
    ahead_ = std::max(ahead_, open_time);
    take_ahead();
}

void SilenceWatch::note_history(const KlineHistory& history) {
    ExchangeTime over;
    for (const Candle& candle : history.candles) {
        if (candle.open_time + ms_per_minute <= history.time) {
            over = std::max(over, candle.open_time);
        }
    }
    if (history.timeframe != Timeframe::m1 || over.ms == 0) {
        return;
    }
    if (confirmed_.ms == 0 || over < begun_) {
        begin(over);
    } else if (over > confirmed_) {
        confirmed_ = over;
    }
    take_ahead();
}

std::int64_t SilenceWatch::missing_candles(ExchangeTime now) const noexcept {
    return (now - confirmed_ - confirmation_grace_ms) / ms_per_minute - 1;
}

bool SilenceWatch::candles_due(LocalTime now, ExchangeTime exchange_now) const noexcept {
    return !candles_in_flight_ && missing_candles(exchange_now) > 0 && candles_pause_.over(now);
}

bool SilenceWatch::due(LocalTime now, ExchangeTime exchange_now) const noexcept {
    return confirmed_.ms == 0 || candles_due(now, exchange_now) ||
           std::ranges::any_of(
               polls_, [now](const PollClock& clock) { return !clock.in_flight && now >= clock.due; });
}

void SilenceWatch::ask_due(LocalTime now, ExchangeTime exchange_now) {
    if (confirmed_.ms == 0) {
        // The minute that is open now will be confirmed. A history that tells less of those before says so.
        begin({exchange_now.ms - exchange_now.ms % ms_per_minute - ms_per_minute});
    } else if (candles_due(now, exchange_now)) {
        ask_candles(now, missing_candles(exchange_now));
    }
    for (std::size_t i = 0; i < polls_.size(); ++i) {
        if (!polls_[i].in_flight && now >= polls_[i].due) {
            ask_poll(i, now);
        }
    }
}

void SilenceWatch::ask_candles(LocalTime now, std::int64_t missing) {
    if (candles_failed_) {
        candles_pause_.asked(now);
    }
    asked_from_ = confirmed_;
    confirmed_ = confirmed_ + missing * ms_per_minute;
    take_ahead();
    candles_in_flight_ = true;
    const auto limit = static_cast<std::size_t>(std::min(missing + 2, candles_max));
    rest_.ask({.target = dialect_.kline_target(symbol_.name, Timeframe::m1, limit),
               .urgency = RestUrgency::recovery,
               .rank = symbol_.rank,
               .done = guard_([this](const Result<RestReply>& reply) { finish_candles(reply); })});
}

void SilenceWatch::finish_candles(const Result<RestReply>& reply) {
    candles_in_flight_ = false;
    const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
    candles_failed_ = market == nullptr;
    if (candles_failed_) {
        confirmed_ = std::min(confirmed_, asked_from_);
        take_ahead();
        return;
    }
    candles_pause_ = GrowingPause(pauses, symbol_.rank);
    if (!on_candles_) {
        return;
    }
    for (const auto& event : market->events) {
        if (const auto* const history = std::get_if<KlineHistory>(&event.payload)) {
            on_candles_(*history);
        }
    }
}

void SilenceWatch::ask_poll(std::size_t index, LocalTime now) {
    PollClock& clock = polls_[index];
    clock.due = {now.ns + clock.poll.every_ms * ns_per_ms};
    clock.in_flight = true;
    rest_.ask({.target = clock.poll.target,
               .urgency = RestUrgency::background,
               .rank = poll_rank,
               .done = guard_([this, index](const Result<RestReply>&) { polls_[index].in_flight = false; })});
}

}  // namespace virtuoso
