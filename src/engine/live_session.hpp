// One exchange, live: its feed, the state of its symbols, and what is recorded of it.
#pragma once

#include "base/bounded_ring.hpp"
#include "engine/pipeline.hpp"
#include "exchange/feed.hpp"
#include "journal/journal_rotation.hpp"

#include <functional>
#include <memory>
#include <string>

namespace virtuoso {

struct LiveOptions {
    PipelineOptions pipeline = {};
    std::string exchange = "bybit";
    std::function<void(std::string_view)> on_notice = {};
    /// Called after every event that was applied.
    std::function<void(const TrackedSymbol&, const StateChange&)> on_change = {};
    /// Called after the events of every record were applied; a test looks at the books here.
    std::function<void(std::span<const MarketEvent>)> on_applied = {};
    std::function<void(const FetchedHistory&)> on_history = {};
    /// As FeedSink's functions of these names.
    std::function<KnownPast(std::string_view symbol)> on_added = {};
    std::function<void(std::string_view symbol, bool listed)> on_listing = {};
    std::function<void(std::string_view symbol, bool trading)> on_dropped = {};
};

/// Joins a feed and a pipeline: events go down, gaps that the state finds go back up. Owns neither the
/// feed nor its transport. Single-threaded.
class LiveSession final : public FeedSink {
  public:
    explicit LiveSession(LiveOptions options);

    /// The feed that was made with this session as its sink.
    void set_feed(Feed& feed) { feed_ = &feed; }
    void record_to(JournalRotation& journal) { journal_ = &journal; }

    [[nodiscard]] Pipeline& pipeline() noexcept { return pipeline_; }
    [[nodiscard]] const Pipeline& pipeline() const noexcept { return pipeline_; }
    /// nullptr before its first event.
    [[nodiscard]] TrackedSymbol* find(std::string_view symbol) const {
        return pipeline_.find(options_.exchange, symbol);
    }
    /// As `Pipeline::resume`.
    [[nodiscard]] bool resume(std::string_view symbol, std::string_view saved) {
        return pipeline_.resume(options_.exchange, symbol, saved);
    }
    void forget(std::string_view symbol) { pipeline_.forget(options_.exchange, symbol); }
    /// When the record was received that was handed on last.
    [[nodiscard]] LocalTime last_received() const noexcept { return last_received_; }
    /// As of the exchange's present time.
    [[nodiscard]] Confluence evaluate(TrackedSymbol& symbol) {
        return pipeline_.evaluate(symbol, feed_->exchange_now());
    }

    void on_record(const RawRecord& record) override;
    void on_events(std::span<const MarketEvent> events) override;
    void on_refused(const Error& error, std::string_view symbol, bool book_update) override;
    void on_disconnect(std::string_view symbol) override;
    void on_skipped(const SkippedElements& skipped) override;
    void on_history(const FetchedHistory& fetched) override;
    KnownPast on_added(std::string_view symbol) override;
    void on_listing(std::string_view symbol, bool listed) override;
    void on_dropped(std::string_view symbol, bool trading) override;
    void on_notice(std::string_view text) override;

  private:
    void hear(const TrackedSymbol& symbol, const StateChange& change);

    LiveOptions options_;
    Pipeline pipeline_;
    Feed* feed_ = nullptr;
    JournalRotation* journal_ = nullptr;
    LocalTime last_received_;
};

}  // namespace virtuoso
