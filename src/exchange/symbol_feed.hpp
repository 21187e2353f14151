// One symbol of an exchange, live.
#pragma once

#include "exchange/book_sync.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/feed.hpp"
#include "exchange/history_loader.hpp"
#include "exchange/recent_frames.hpp"
#include "exchange/silence_watch.hpp"
#include "exchange/symbol_delivery.hpp"
#include "exchange/trade_gate.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

class ExchangeClock;
class TopicStream;

/// Joins what keeps one symbol whole: its book, its trades, its histories, and the watch over its topics.
/// Single-threaded.
class SymbolFeed final : private BookSync::Topic {
  public:
    /// Over all symbols of a feed.
    struct Totals {
        BookSync::Totals books;
        TradeGate::Totals trades;
        std::uint64_t stale_topics = 0;             ///< asked for again because they made no progress
        std::uint64_t duplicates = 0;               ///< liquidation frames that came twice
        std::vector<std::string> fell_silent;       ///< topics, since it was told
        std::vector<std::string> delivering_again;  ///< likewise
    };
    /// What all symbols of a feed share.
    struct Shared {
        const ExchangeDialect& dialect;
        const ExchangeClock& clock;
        RestAsker& rest;
        TradeGate::Outlet& outlet;
        Totals& totals;
        int book_depth = 0;  ///< levels a side
    };
    struct Start {
        std::string name;
        SymbolTopics topics;
        std::uint32_t rank = 0;    ///< by turnover
        TradeGate::Memory before;  ///< when it was followed before
        std::uint64_t seed = 0;    ///< of its pauses
    };

    /// `streams`: that carry its topics, one for each of the dialect's routes.
    SymbolFeed(const Shared& shared, std::vector<TopicStream*> streams, Start start);

    /// What no topic tells. `random` spreads the polls of many symbols.
    void add_polls(SeededRandom& random);
    void subscribe();
    void unsubscribe();
    /// What is known until then need not be asked for; 0: nothing is known.
    void load_history(ExchangeTime known_until);
    void reload_history();
    /// Once after every `load_history`, when the last of its answers is there.
    [[nodiscard]] std::optional<FetchedHistory> take_fetched(LocalTime now);

    /// True when the record is to be handed on now. `event`: the first of its events.
    [[nodiscard]] bool pass(const RawRecord& record, const MarketEvent& event);
    void on_live(std::string_view topic);
    void on_topic_refused(std::string_view topic, std::string reason);
    /// A frame of it that was no book update could not be decoded.
    void on_frame_refused(std::string_view message);
    /// This stream is gone: what it carried breaks, and nothing else.
    void on_lost(const TopicStream& stream);
    /// Call every 100 ms or so, a few comparisons while there is nothing to do; every 500 ms or so
    /// `thoroughly`: for what is late, or too quiet, by seconds.
    void check(LocalTime now, ExchangeTime exchange_now, bool thoroughly);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// The same of one topic, whose subscription goes on: `on_live` follows.
    void on_topic_lost(std::string_view topic);
    /// `successor` carries the topics of `stream` from here on.
    void move(const TopicStream& stream, TopicStream& successor);
    /// Whether this stream carries its book.
    [[nodiscard]] bool has_book_on(const TopicStream& stream) const {
        return &stream_of(topics_.book) == &stream;
    }
    /// The times that it hears are not the exchange's present.
    [[nodiscard]] bool skewed() const noexcept { return delivery_.skewed(); }
    [[nodiscard]] bool is_book(std::string_view topic) const { return topic == topics_.book; }
    [[nodiscard]] BookSync& book() noexcept { return book_; }
    [[nodiscard]] TradeGate& trades() noexcept { return trades_; }
    /// What to give to it, should it come back.
    [[nodiscard]] TradeGate::Memory memory() const { return trades_.memory(watch_.confirmed()); }
    /// As Feed's.
    [[nodiscard]] KnownPast known_past() const;
    /// Why its data is not whole; empty when it is.
    [[nodiscard]] std::vector<std::string> concerns() const;

  private:
    void renew() override;
    [[nodiscard]] TopicStream& stream_of(std::string_view topic) const;
    [[nodiscard]] bool is_live(const std::string& topic) const;
    void check_delivery(LocalTime now);
    void ask_again(TopicRole role, LocalTime now);
    void add_stream_concerns(std::vector<std::string>& reasons) const;

    Shared shared_;
    std::vector<TopicStream*> streams_;  ///< by route
    std::string name_;
    SymbolTopics topics_;
    BookSync book_;
    TradeGate trades_;
    HistoryLoader history_;
    std::uint32_t rank_;
    std::optional<LocalTime> history_asked_;  ///< until it is told that all of it came
    bool history_loaded_ = false;             ///< it was asked for, ever
    SilenceWatch watch_;
    SymbolDelivery delivery_;
    RecentFrames liquidations_;
    std::string refused_;        ///< a topic that the exchange refuses, with its reason
    std::string refused_frame_;  ///< the last frame that could not be decoded: why
    LocalTime refused_frame_at_;
};

}  // namespace virtuoso
