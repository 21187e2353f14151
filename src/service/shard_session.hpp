// The symbols of one shard: followed, evaluated, told of.
#pragma once

#include "base/clock.hpp"
#include "engine/live_session.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/feed.hpp"
#include "net/transport.hpp"
#include "service/book_history.hpp"
#include "service/evaluation_schedule.hpp"
#include "service/event_settings.hpp"
#include "service/fetch_rounds.hpp"
#include "service/memory_shedding.hpp"
#include "service/saved_symbols.hpp"
#include "service/shard_message.hpp"
#include "service/shard_saver.hpp"
#include "service/symbol_events.hpp"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace virtuoso {

struct ShardSettings {
    std::uint32_t shard = 0;
    std::uint32_t life = 0;  ///< how often it was made anew
    FeedOptions feed = {};
    PipelineOptions pipeline = {};
    std::int64_t deep_interval_ns = 250'000'000;
    std::int64_t interval_ns = 1'000'000'000;
    EventSettings events = {};
    std::size_t fetch_round = 15;              ///< symbols whose histories are told of together
    std::shared_ptr<SavedSymbols> saved = {};  ///< what its first life goes on from; may be null
    std::int64_t saved_age_ms_max = 0;         ///< what is older is not used
    SymbolSaver* saver = nullptr;              ///< outlives it; null: nothing is saved
    std::int64_t save_every_ns = 0;            ///< 0: at the end alone
};

/// Works on its transport's thread only, and nothing in it is shared: what it has to tell goes to `output`.
/// A symbol is evaluated when its book, its tape or its candles have changed, at most once in its interval,
/// at once when it is due; a burst of symbols that are due together is spread over some milliseconds.
class ShardSession {
  public:
    /// Everything that is passed outlives it.
    ShardSession(ShardSettings settings, Transport& transport, std::unique_ptr<const ExchangeDialect> dialect,
                 const Clock& clock, ShardOutput& output);
    ~ShardSession();
    ShardSession(const ShardSession&) = delete;
    ShardSession& operator=(const ShardSession&) = delete;

    void start();
    /// After every few milliseconds of the transport's work: evaluates what waits, tells of itself.
    /// O(symbols).
    void turn();
    /// Nothing comes any more: saves what is known.
    void stop();

    void set_events(const EventSettings& settings) { settings_.events = settings; }
    /// Of so many symbols, beginning with the one of that place among all: enforces retention, gives back
    /// what is not used.
    [[nodiscard]] Compaction compact(std::size_t first, std::size_t count);
    /// What could be given up of so many symbols, beginning with the one of that place among all.
    [[nodiscard]] std::vector<ShedCandidate> holdings(std::size_t first, std::size_t count) const;
    /// False when the symbol is not of this shard.
    bool give_up(std::string_view symbol, ShedStage stage);
    /// There is room again for what was given up.
    void have_again(std::string_view symbol);
    /// Symbols of other shards may be among them.
    void set_deep(const std::set<std::string, std::less<>>& symbols);

    [[nodiscard]] Feed& feed() noexcept { return *feed_; }
    [[nodiscard]] LiveSession& session() noexcept { return session_; }
    /// Of a deep symbol; null when there is none.
    [[nodiscard]] const BookHistory* book_history(std::string_view symbol) const;
    [[nodiscard]] ShardStatus status();

  private:
    struct Followed {
        TrackedSymbol* symbol = nullptr;
        bool deep = false;
        std::uint64_t evaluations = 0;
        std::unique_ptr<SymbolEvents> events;
        std::unique_ptr<BookHistory> book;  ///< while it is deep
        std::size_t bytes = 0;              ///< as last measured
    };

    [[nodiscard]] LiveOptions live_options();
    [[nodiscard]] std::int64_t interval_of(const Followed& followed) const noexcept {
        return followed.deep ? settings_.deep_interval_ns : settings_.interval_ns;
    }
    [[nodiscard]] std::shared_ptr<SymbolResult> result_of(Followed& followed);
    void on_change(const TrackedSymbol& symbol, const StateChange& change);
    void on_applied(std::span<const MarketEvent> events);
    /// False when so much was evaluated just now that the rest has to wait.
    [[nodiscard]] bool may_evaluate(LocalTime now);
    void evaluate(std::size_t number);
    void evaluate_waiting();
    void tell_resumed();
    void forget_left_out();
    void follow_new_symbols();
    [[nodiscard]] KnownPast on_added(std::string_view symbol);
    void on_dropped(std::string_view symbol);
    [[nodiscard]] bool lacks_history(std::string_view symbol) const {
        return without_history_.contains(symbol) || trimmed_.contains(symbol);
    }
    void read_history_again(std::string_view symbol);
    void note_fetched(const FetchedHistory& fetched);
    void measure_memory();
    void sample_market();
    void look_at_books();
    void note_changed(std::size_t number);

    ShardSettings settings_;
    const Clock& clock_;
    ShardOutput& output_;
    LiveSession session_;
    std::unique_ptr<Feed> feed_;
    EvaluationSchedule schedule_;
    std::vector<Followed> followed_;  ///< by the number of the symbol
    std::set<std::string, std::less<>> deep_;
    std::vector<std::size_t> changed_;                    ///< by the record that is being applied
    std::set<std::string, std::less<>> without_history_;  ///< it was given up
    std::set<std::string, std::less<>> trimmed_;          ///< its older half was
    std::set<std::string, std::less<>> left_out_;         ///< all of it was
    ShardSaver saver_;
    std::size_t resumed_ = 0;      ///< symbols that went on from what was saved, not told yet
    std::int64_t resumed_ms_ = 0;  ///< the longest of their pauses
    FetchRounds rounds_;
    bool rounds_begun_ = false;
    LocalTime window_;  ///< of the burst that is being limited
    int evaluated_in_window_ = 0;
    LocalTime status_told_;
    LocalTime memory_measured_;
    LocalTime market_sampled_;
    LocalTime books_looked_;
    EventSink tell_event_;
    ShardStatus status_;
};

}  // namespace virtuoso
