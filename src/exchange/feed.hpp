// The live traffic of one exchange, whichever it is.
#pragma once

#include "exchange/raw_record.hpp"
#include "exchange/skipped_elements.hpp"
#include "exchange/symbol_partition.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "market/order_book.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

struct FeedOptions {
    std::vector<std::string> symbols = {};  ///< empty: every perpetual that is trading
    std::size_t symbols_max = 0;            ///< the most traded ones; 0: no limit
    std::vector<std::string> excluded = {};
    std::vector<AssetClass> asset_classes = {AssetClass::crypto};
    int book_depth = 200;  ///< levels a side
    bool history = true;   ///< load candles, open interest, funding and ratios
    std::int64_t instruments_every_ms = 60'000;
    std::uint64_t seed = 1;                   ///< of jitter
    std::int64_t connection_lifetime_ms = 0;  ///< then replaced; 0: as the exchange demands
    // Of the most traded ones, where `symbols_max` is a limit:
    std::vector<std::string> included = {};  ///< among them whatever they are worth
    double turnover_min = 0;                 ///< quote currency in 24 h
    std::int64_t rerank_every_ms = 5 * ms_per_minute;
    double rank_hysteresis = 0.1;  ///< a newcomer is traded by so much more than whom it displaces, a share
    /// One of several feeds of the same exchange that share its symbols, and what it allows an address.
    SymbolPartition partition = {};
};

/// Up to when a symbol's past is known without holes.
struct KnownPast {
    ExchangeTime until;         ///< of candles, open interest, funding and ratios; 0: nothing is known
    ExchangeTime trades_until;  ///< 0: nothing is known
};

/// All histories of one symbol were asked for and answered.
struct FetchedHistory {
    std::string_view symbol;
    std::uint32_t rank = 0;        ///< of the symbol by turnover when it was added
    std::int64_t duration_ns = 0;  ///< since they were asked for, with the time they had to wait
    std::size_t failed = 0;        ///< requests without an answer that can be used: they are asked again
};

/// Receives everything a feed hears. Called on the transport's thread.
class FeedSink {
  public:
    virtual ~FeedSink() = default;
    /// Every frame and REST body, before it is interpreted.
    virtual void on_record(const RawRecord& record) = 0;
    /// The events of the record that came last. Valid during the call.
    virtual void on_events(std::span<const MarketEvent> events) = 0;
    /// The record that came last was refused. `symbol` may be empty.
    virtual void on_refused(const Error& error, std::string_view symbol, bool book_update) = 0;
    /// The connection that carries this symbol's book is gone.
    virtual void on_disconnect(std::string_view symbol) = 0;
    /// It is followed from now on: what of its past need not be asked for.
    virtual KnownPast on_added(std::string_view symbol) {
        static_cast<void>(symbol);
        return {};
    }
    /// It is followed no more. `trading`: because others are traded more, not because its trading ended.
    virtual void on_dropped(std::string_view symbol, bool trading) {
        static_cast<void>(symbol);
        static_cast<void>(trading);
    }
    /// The exchange began to trade it, or ended, whether it is followed or not.
    virtual void on_listing(std::string_view symbol, bool listed) {
        static_cast<void>(symbol);
        static_cast<void>(listed);
    }
    /// Elements of the record that came last were refused, the rest of it was not.
    virtual void on_skipped(const SkippedElements& skipped) { static_cast<void>(skipped); }
    virtual void on_history(const FetchedHistory& fetched) { static_cast<void>(fetched); }
    /// Something an operator wants to know.
    virtual void on_notice(std::string_view text) = 0;
};

struct FeedStatistics {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    std::uint64_t refused = 0;       ///< frames that could not be decoded
    std::uint64_t connections = 0;   ///< opened so far
    std::uint64_t disconnects = 0;   ///< of them lost
    std::uint64_t dead_peers = 0;    ///< lost to silence
    std::uint64_t rotations = 0;     ///< replaced because of their age, without a seam
    std::uint64_t resyncs = 0;       ///< books asked for again
    std::uint64_t stale_topics = 0;  ///< topics asked for again because they made no progress
    std::uint64_t duplicates = 0;    ///< liquidation frames that came twice
    std::uint64_t trade_fills = 0;   ///< REST loads that closed a gap in the trades
    std::uint64_t trade_gaps = 0;    ///< gaps that the exchange no longer serves
    std::uint64_t subscriptions_refused = 0;
    std::uint64_t requests = 0;
    std::uint64_t request_retries = 0;
    std::uint64_t request_failures = 0;
    std::size_t requests_waiting = 0;
    double request_weight = 0;        ///< of the requests sent, as the exchange counts it
    double request_weight_limit = 0;  ///< that may be sent in a second
};

/// Keeps a set of symbols whole: subscribes, watches, mends. Single-threaded, driven by a Transport.
class Feed {
  public:
    virtual ~Feed() = default;
    virtual void start() = 0;

    /// The state found a book broken: ask for a snapshot.
    virtual void book_broken(std::string_view symbol, BookFault why) = 0;
    /// The state found that a book nears what its snapshot did not tell (`OrderBook::thin`): ask for another.
    virtual void book_thin(std::string_view symbol) = 0;
    /// The state found that trades at or after `since` are missing: load them.
    virtual void trades_missing(std::string_view symbol, ExchangeTime since) = 0;
    /// What is known of the symbol's past no longer holds: load its histories anew.
    virtual void histories_stale(std::string_view symbol) { static_cast<void>(symbol); }
    /// There is no room for a symbol that is followed: it is dropped like one that is not chosen, until
    /// `follow_again`.
    virtual void leave_out(std::string_view symbol) { static_cast<void>(symbol); }
    virtual void follow_again(std::string_view symbol) { static_cast<void>(symbol); }

    [[nodiscard]] virtual std::string_view exchange() const noexcept = 0;
    /// Most traded first, once the instruments are known.
    [[nodiscard]] virtual const std::vector<std::string>& symbols() const noexcept = 0;
    /// Why this symbol's data is not whole; empty when it is.
    [[nodiscard]] virtual std::vector<std::string> concerns(std::string_view symbol) const = 0;
    /// What `FeedSink::on_added` may answer when the symbol is followed again, if what was handed on so far
    /// is kept. `until` is 0 before its histories are there.
    [[nodiscard]] virtual KnownPast known_past(std::string_view symbol) const {
        static_cast<void>(symbol);
        return {};
    }
    /// Holes in this symbol's trades that could not be filled, so far.
    [[nodiscard]] virtual std::uint64_t trade_gaps(std::string_view symbol) const = 0;
    /// Exchange time now, by the measured offset of the clocks.
    [[nodiscard]] virtual ExchangeTime exchange_now() const = 0;
    /// Exchange clock minus ours.
    [[nodiscard]] virtual std::int64_t clock_offset_ms() const noexcept = 0;
    [[nodiscard]] virtual FeedStatistics statistics() const = 0;
    /// Why nothing was heard of the exchange yet; its message is empty while there is no reason.
    [[nodiscard]] virtual Error trouble() const = 0;
};

}  // namespace virtuoso
