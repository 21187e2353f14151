// The perpetuals of one exchange, live.
#pragma once

#include "base/name_index.hpp"
#include "exchange/exchange_clock.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/feed.hpp"
#include "exchange/frame_replay.hpp"
#include "exchange/instrument_list.hpp"
#include "exchange/rest_client.hpp"
#include "exchange/stream_rotation.hpp"
#include "exchange/symbol_feed.hpp"
#include "exchange/topic_stream.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso {

/// Follows what the instrument list names: spreads its topics over connections and hands each symbol what
/// is of it. Every route of the exchange has connections of its own. Frames are decoded once, by their
/// stream.
class PerpetualFeed final : public Feed, private StreamOwner, private InstrumentList::Listener {
  public:
    PerpetualFeed(Transport& transport, std::unique_ptr<const ExchangeDialect> dialect, FeedSink& sink,
                  FeedOptions options);

    void start() override;
    void book_broken(std::string_view symbol, BookFault why) override;
    void book_thin(std::string_view symbol) override;
    void trades_missing(std::string_view symbol, ExchangeTime since) override;
    void histories_stale(std::string_view symbol) override;
    void leave_out(std::string_view symbol) override;
    void follow_again(std::string_view symbol) override { instruments_.follow_again(symbol); }

    [[nodiscard]] std::string_view exchange() const noexcept override { return dialect_->exchange(); }
    [[nodiscard]] const std::vector<std::string>& symbols() const noexcept override {
        return instruments_.followed();
    }
    [[nodiscard]] std::vector<std::string> concerns(std::string_view symbol) const override;
    [[nodiscard]] KnownPast known_past(std::string_view symbol) const override;
    [[nodiscard]] std::uint64_t trade_gaps(std::string_view symbol) const override;
    [[nodiscard]] ExchangeTime exchange_now() const override { return clock_.exchange_now(); }
    [[nodiscard]] std::int64_t clock_offset_ms() const noexcept override { return clock_.offset_ms(); }
    [[nodiscard]] FeedStatistics statistics() const override;
    [[nodiscard]] Error trouble() const override;

  private:
    void on_market(TopicStream& stream, const RawRecord& record, const DecodedFrame& frame) override;
    void on_control(const RawRecord& record) override { sink_.on_record(record); }
    void on_refused(TopicStream& stream, const RawRecord& record, const Error& error) override;
    void on_live(const std::string& topic) override;
    void on_topic_refused(const std::string& topic, std::string_view reason) override;
    void on_lost(TopicStream& stream, const Error& reason, bool was_open) override;

    void on_added(const std::string& name, std::uint32_t rank) override;
    void on_dropped(const std::string& name, bool trading) override;
    void on_listing(const std::string& name, bool listed) override { sink_.on_listing(name, listed); }
    void on_changed(const std::string& name) override { histories_stale(name); }
    void on_notice(std::string_view text) override { sink_.on_notice(text); }

    void drop(const std::string& name);
    [[nodiscard]] SymbolFeed* find(std::string_view symbol) const;
    /// With room for these topics of its route, opened if there is none.
    [[nodiscard]] TopicStream& stream_for(std::size_t route, std::size_t cost);
    [[nodiscard]] std::vector<TopicStream*> streams_for(const SymbolTopics& topics);
    [[nodiscard]] TopicStream::Identity next_identity(std::size_t route);
    void hand_on(const RawRecord& record, const DecodedFrame& frame);
    /// One at a time.
    void rotate_old_streams(LocalTime now);
    void finish_rotation();
    void abandon_rotation(LocalTime now);
    void load_clock();
    void check();
    void reconnect_failing();
    void load_market();
    void tell_silences(LocalTime now);
    void note_refusal(const Error& error, RefusedTopic topic);
    void every(std::int64_t ms, std::function<void()> call);

    Transport& transport_;
    FeedSink& sink_;
    FeedOptions options_;
    std::unique_ptr<const ExchangeDialect> dialect_;
    ExchangeClock clock_;
    RestClient rest_;
    FrameReplay replay_;
    SymbolFeed::Totals totals_;
    InstrumentList instruments_;
    SeededRandom random_;
    std::vector<std::unique_ptr<TopicStream>> streams_;
    std::uint32_t streams_made_ = 0;
    std::unique_ptr<StreamRotation> rotation_;
    LocalTime next_rotation_;
    std::vector<std::unique_ptr<TopicStream>> retired_;  ///< may be at work when they are replaced
    std::map<std::string, std::unique_ptr<SymbolFeed>, std::less<>> symbols_;
    NameIndex<SymbolFeed*> by_name_;  ///< the same
    std::map<std::string, TradeGate::Memory, std::less<>> departed_;
    std::map<std::pair<ErrorCode, RefusedTopic>, std::uint64_t> refusals_;
    std::size_t checks_ = 0;
    LocalTime clock_asked_;
    LocalTime silences_told_;
    bool market_in_flight_ = false;
    FeedStatistics statistics_;
};

}  // namespace virtuoso
