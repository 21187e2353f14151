#include "exchange/perpetual_feed.hpp"

#include "exchange/text_hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t check_every_ms = 100;
constexpr std::int64_t clock_every_ms = 5 * ms_per_minute;
constexpr std::int64_t book_answer_ms = 3'000;  ///< a snapshot follows a subscription within milliseconds
constexpr int book_attempts_max = 4;
constexpr std::int64_t confirmation_grace_ms = 10'000;
constexpr std::int64_t tape_span_ns = 15 * ms_per_minute * ns_per_ms;  ///< then the hole has left the tape

}  // namespace

PerpetualFeed::PerpetualFeed(Transport& transport, std::unique_ptr<const ExchangeDialect> dialect,
                             FeedSink& sink, FeedOptions options)
    : transport_(transport),
      sink_(sink),
      options_(std::move(options)),
      dialect_(std::move(dialect)),
      queue_(transport, dialect_->rest_rules(), dialect_->rest_limits(), options_.seed),
      rest_codec_(dialect_->rest_codec()),
      held_codec_(dialect_->stream_codec()),
      rest_channel_(fmt::format("{}/rest", dialect_->exchange())),
      stream_channel_(fmt::format("{}/ws", dialect_->exchange())),
      random_(options_.seed) {}

void PerpetualFeed::start() {
    load_clock();
    load_instruments({});
    every(check_every_ms, [this] { check(); });
    every(clock_every_ms, [this] { load_clock(); });
    every(options_.instruments_every_ms, [this] {
        if (started_) {
            load_instruments({});
        }
    });
}

void PerpetualFeed::every(std::int64_t ms, std::function<void()> call) {
    transport_.after(ms, [this, ms, kept = std::move(call)] {
        kept();
        every(ms, kept);
    });
}

ExchangeTime PerpetualFeed::exchange_now() const {
    return {transport_.now().ns / ns_per_ms + offset_ms_};
}

std::string PerpetualFeed::trouble() const {
    if (started_) {
        return {};
    }
    return trouble_.empty() ? queue_.last_fault() : trouble_;
}

// ---- frames ----

SymbolFeed* PerpetualFeed::find(std::string_view symbol) const {
    const auto found = feeds_.find(symbol);
    return found == feeds_.end() ? nullptr : found->second.get();
}

void PerpetualFeed::on_market(TopicStream&, const RawRecord& record, const DecodedFrame& frame) {
    ++statistics_.frames;
    statistics_.bytes += record.frame.size;
    if (frame.events.empty()) {
        sink_.on_record(record);
        return;
    }
    // All events of a frame are of one topic and so of one symbol.
    SymbolFeed* const symbol = find(frame.events.front().symbol);
    if (symbol == nullptr || !pass(*symbol, record, frame.events.front())) {
        return;
    }
    sink_.on_record(record);
    sink_.on_events(frame.events);
}

bool PerpetualFeed::pass(SymbolFeed& symbol, const RawRecord& record, const MarketEvent& event) {
    if (std::holds_alternative<BookDelta>(event.payload)) {
        symbol.book_watch.note(event.time, record.received);
        return true;
    }
    if (std::holds_alternative<BookSnapshot>(event.payload)) {
        symbol.book_watch.note(event.time, record.received);
        note_whole(symbol);
        return true;
    }
    if (std::holds_alternative<TickerUpdate>(event.payload)) {
        symbol.ticker_watch.note(event.time, record.received);
        return true;
    }
    if (std::holds_alternative<Liquidations>(event.payload)) {
        const std::uint64_t hash = text_hash(record.frame.text());
        for (std::size_t i = 0; i < symbol.liquidation_frames.size(); ++i) {
            if (symbol.liquidation_frames[i] == hash) {
                ++statistics_.duplicates;
                return false;
            }
        }
        symbol.liquidation_frames.push(hash);
        return true;
    }
    if (const auto* const kline = std::get_if<KlineUpdate>(&event.payload)) {
        if (kline->confirmed) {
            symbol.confirmed = std::max(symbol.confirmed, kline->candle.open_time);
        }
        return true;
    }
    if (!std::holds_alternative<Trades>(event.payload)) {
        return true;
    }
    return pass_trade(symbol, record, event);
}

void PerpetualFeed::on_refused(TopicStream& stream, const RawRecord& record, const Error& error) {
    ++statistics_.frames;
    ++statistics_.refused;
    sink_.on_record(record);
    const std::string symbol(stream.codec().refused_symbol());
    const bool book = stream.codec().refused_book();
    sink_.on_refused(error, symbol, book);
    if (book) {
        book_broken(symbol);
    } else if (!symbol.empty()) {
        const SymbolFeed* const known = find(symbol);
        trades_missing(symbol,
                       known == nullptr ? ExchangeTime{} : known->last_trade);  // it may have been trades
    }  // else: if it was a book's update, the next one shows the gap
}

// ---- subscriptions ----

void PerpetualFeed::on_live(const std::string& topic) {
    SymbolFeed* const symbol = find(dialect_->symbol_of(topic));
    if (symbol == nullptr) {
        return;
    }
    symbol->refused.clear();
    const LocalTime now = transport_.now();
    if (topic == symbol->topics.book) {
        symbol->book_asked = now;
        symbol->book_watch.restart(now);
        if (book_comes_by_request()) {
            load_book(*symbol);
        }
    } else if (topic == symbol->topics.ticker) {
        symbol->ticker_watch.restart(now);
    } else if (topic == symbol->topics.trades) {
        symbol->trades_held = true;
        begin_trade_fill(*symbol);
    }
}

void PerpetualFeed::on_topic_refused(const std::string& topic, std::string_view reason) {
    ++statistics_.subscriptions_refused;
    if (SymbolFeed* const symbol = find(dialect_->symbol_of(topic))) {
        symbol->refused = fmt::format("{} is refused: {}", topic, reason);
        sink_.on_notice(symbol->refused);
    }
}

void PerpetualFeed::on_lost(TopicStream& stream, const Error& reason, bool was_open) {
    if (!was_open) {
        trouble_ = reason.message;
        return;
    }
    ++statistics_.disconnects;
    statistics_.dead_peers += reason.message.starts_with("nothing was heard") ? 1U : 0U;
    sink_.on_notice(fmt::format("connection {} lost: {}", stream.number(), reason.message));
    for (const auto& [name, symbol] : feeds_) {
        if (symbol->stream != &stream) {
            continue;
        }
        forget_book(*symbol, "reconnecting");
        symbol->trades_held = true;
        if (symbol->trades_until.ms == 0) {  // else an older hole is not closed yet
            symbol->trades_until = symbol->last_trade;
        }
        sink_.on_disconnect(name);
    }
}

// ---- watching ----

void PerpetualFeed::check() {
    for (const auto& stream : streams_) {
        stream->check();
    }
    const LocalTime now = transport_.now();
    for (const auto& [name, symbol] : feeds_) {
        check_symbol(*symbol, now);
    }
}

// A confirmation that does not come is asked for: its candle also tells whether trades are missing.
void PerpetualFeed::check_candles(SymbolFeed& symbol) {
    const ExchangeTime now = exchange_now();
    if (symbol.confirmed.ms == 0) {
        symbol.confirmed = {now.ms - now.ms % ms_per_minute};  // the histories hold what was before
        return;
    }
    const std::int64_t missing = (now - symbol.confirmed - confirmation_grace_ms) / ms_per_minute - 1;
    if (missing > 0) {
        symbol.confirmed = symbol.confirmed + missing * ms_per_minute;
        ask(dialect_->kline_target(symbol.name, Timeframe::m1, static_cast<std::size_t>(missing + 2)),
            RestUrgency::recovery, symbol.rank, [](const Result<RestReply>&) {});
    }
}

void PerpetualFeed::check_polls(SymbolFeed& symbol, LocalTime now) {
    for (auto& [poll, due] : symbol.polls) {
        if (now >= due) {
            due = {now.ns + poll.every_ms * ns_per_ms};
            ask(poll.target, RestUrgency::background, symbol.rank, [](const Result<RestReply>&) {});
        }
    }
}

void PerpetualFeed::check_symbol(SymbolFeed& symbol, LocalTime now) {
    if (!symbol.stream->is_live(symbol.topics.book)) {
        return;
    }
    check_candles(symbol);
    check_polls(symbol, now);
    check_held(symbol, now);
    if (!symbol.book_whole && !symbol.book_in_flight &&
        now - symbol.book_asked > book_answer_ms * ns_per_ms) {
        if (symbol.book_attempts >= book_attempts_max) {
            symbol.book_attempts = 0;
            symbol.stream->reconnect(
                fmt::format("no snapshot of {} after {} requests", symbol.name, book_attempts_max));
            return;
        }
        symbol.book_reason = "the snapshot did not come";
        renew_book(symbol);
        return;
    }
    if (symbol.book_whole && symbol.book_watch.stale(now)) {
        ++statistics_.stale_topics;
        const std::int64_t silent_s = symbol.book_watch.silent_ms(now) / 1'000;
        symbol.book_watch.restart(now);
        forget_book(symbol, fmt::format("no progress for {} s", silent_s));
        symbol.stream->renew(symbol.topics.book);
    }
    if (symbol.stream->is_live(symbol.topics.ticker) && symbol.ticker_watch.stale(now)) {
        ++statistics_.stale_topics;
        symbol.ticker_watch.restart(now);
        symbol.stream->renew(symbol.topics.ticker);
    }
}

std::vector<std::string> PerpetualFeed::concerns(std::string_view name) const {
    const SymbolFeed* const symbol = find(name);
    if (symbol == nullptr) {
        return {"not subscribed"};
    }
    std::vector<std::string> reasons;
    if (!symbol->refused.empty()) {
        reasons.push_back(symbol->refused);
    }
    if (!symbol->book_whole) {
        reasons.push_back("book: " + symbol->book_reason);
    }
    if (symbol->trades_held || symbol->fill_in_flight) {
        reasons.emplace_back("trades: waiting for those before the subscription");
    }
    if (!symbol->trade_gap.empty() && transport_.now() - symbol->trade_gap_at < tape_span_ns) {
        reasons.push_back("trades: " + symbol->trade_gap);
    }
    if (symbol->history_waiting > 0) {
        reasons.push_back(fmt::format("history: {} requests to go", symbol->history_waiting));
    }
    if (symbol->history_failed > 0) {
        reasons.push_back(fmt::format("history: {} requests failed", symbol->history_failed));
    }
    return reasons;
}

FeedStatistics PerpetualFeed::statistics() const {
    FeedStatistics result = statistics_;
    const RestStatistics& rest = queue_.statistics();
    result.requests = rest.sent;
    result.request_retries = rest.retried;
    result.request_failures = rest.failed;
    result.requests_waiting = queue_.waiting();
    return result;
}

}  // namespace virtuoso
