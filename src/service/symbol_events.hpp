// What is notable about one symbol.
#pragma once

#include "analysis/confluence.hpp"
#include "engine/pipeline.hpp"
#include "indicators/running_statistics.hpp"
#include "service/event_settings.hpp"
#include "service/liquidation_cascade.hpp"
#include "service/notable_event.hpp"

#include <functional>
#include <optional>

namespace virtuoso {

/// Where events go; they are not yet held back by any cooldown.
using EventSink = std::function<void(NotableEvent)>;

/// Watches one symbol, on the thread that owns it. Conditions that last are told when they begin and again
/// only after they were over, with some distance between beginning and being over. Runs on the exchange's
/// time alone, so a replay finds the same. 200 bytes or so a symbol, and nothing on the heap.
class SymbolEvents {
  public:
    /// `settings` outlives it, and may change between calls.
    explicit SymbolEvents(const EventSettings& settings) : settings_(settings) {}

    /// Call after every event that was applied: whale trades, liquidation cascades. O(new trades and
    /// liquidations); allocates only for what it tells.
    void on_change(const TrackedSymbol& symbol, const StateChange& change, const EventSink& sink);
    /// Call after every evaluation: funding, leverage, spread, depth, volume, the signal, and the ends of
    /// cascades. O(1).
    void on_evaluation(const TrackedSymbol& symbol, const Confluence& confluence, const EventSink& sink);

  private:
    /// A condition that has to hold for a while before it counts, and that is over at another bound.
    struct Condition {
        ExchangeTime since;  ///< it holds without a break; 0: it does not
        bool told = false;

        /// True once, when it has held for so long.
        [[nodiscard]] bool begins(bool holds, bool over, ExchangeTime now, double hold_s);
    };
    /// 0: none; told again only when it rises, or after it was over.
    struct Level {
        int told = 0;
        [[nodiscard]] bool rises(int now, bool over);
    };

    void watch_trades(const TrackedSymbol& symbol, std::uint32_t count, const EventSink& sink) const;
    void watch_cascade(const TrackedSymbol& symbol, std::uint32_t count, ExchangeTime now,
                       const EventSink& sink);
    void watch_funding(const TrackedSymbol& symbol, const Confluence& confluence, const EventSink& sink);
    void watch_leverage(const TrackedSymbol& symbol, const Confluence& confluence, const EventSink& sink);
    void watch_spread(const TrackedSymbol& symbol, const Confluence& confluence, const EventSink& sink);
    void watch_depth(const TrackedSymbol& symbol, const Confluence& confluence, const EventSink& sink);
    void watch_volume(const TrackedSymbol& symbol, const Confluence& confluence, const EventSink& sink);
    void watch_signal(const TrackedSymbol& symbol, const Confluence& confluence, const EventSink& sink);
    void tell_spread(const TrackedSymbol& symbol, ExchangeTime time, double spread, double usual,
                     const EventSink& sink) const;

    /// So many seconds of an open book are the usual spread of an hour.
    static constexpr double spread_span = 3'600;
    static constexpr std::uint64_t spread_samples_min = 300;

    const EventSettings& settings_;
    LiquidationCascade cascade_;
    Level funding_;
    Level leverage_;
    Condition wide_;
    Condition thin_;
    RunningStatistics log_spread_{spread_span};
    std::int64_t spread_second_ = -1;
    ExchangeTime volume_minute_;  ///< of the newest candles that were looked at
    ExchangeTime volume_five_;
    std::optional<Verdict> side_;
};

}  // namespace virtuoso
