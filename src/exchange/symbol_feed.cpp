#include "exchange/symbol_feed.hpp"

#include "exchange/exchange_clock.hpp"
#include "exchange/topic_stream.hpp"

#include <utility>

namespace virtuoso {

SymbolFeed::SymbolFeed(const Shared& shared, std::vector<TopicStream*> streams, Start start)
    : shared_(shared),
      streams_(std::move(streams)),
      name_(std::move(start.name)),
      topics_(std::move(start.topics)),
      book_({shared.clock, shared.rest, *this, shared.totals.books},
            {name_, shared.dialect.book_target(name_, shared.book_depth), start.rank, start.seed}),
      trades_({shared.clock, shared.rest, shared.outlet, shared.totals.trades},
              shared.dialect.recent_trades_target(name_), start.rank, start.before),
      history_(shared.rest, start.rank),
      watch_(shared.dialect, shared.rest, {name_, start.rank}) {}

void SymbolFeed::add_polls(SeededRandom& random) {
    for (auto& poll : shared_.dialect.polls_of(name_)) {
        watch_.add_poll(std::move(poll), shared_.clock.now(), random);
    }
}

TopicStream& SymbolFeed::stream_of(std::string_view topic) const {
    return *streams_[shared_.dialect.route_of(topic)];
}

bool SymbolFeed::is_live(const std::string& topic) const {
    return stream_of(topic).is_live(topic);
}

void SymbolFeed::subscribe() {
    for (const auto& topic : topics_.all()) {
        stream_of(topic).add(topic);
    }
}

void SymbolFeed::unsubscribe() {
    for (const auto& topic : topics_.all()) {
        stream_of(topic).remove(topic);
    }
}

void SymbolFeed::load_history() {
    history_.load(shared_.dialect.history_of(name_));
}

bool SymbolFeed::pass(const RawRecord& record, const MarketEvent& event) {
    if (std::holds_alternative<BookDelta>(event.payload)) {
        watch_.note_book(event.time, record.received);
        book_.update_came();
    } else if (std::holds_alternative<BookSnapshot>(event.payload)) {
        watch_.note_book(event.time, record.received);
        book_.snapshot_came();
    } else if (std::holds_alternative<TickerUpdate>(event.payload)) {
        watch_.note_ticker(event.time, record.received);
    } else if (std::holds_alternative<Liquidations>(event.payload)) {
        if (liquidations_.came_before(record.frame.text())) {
            ++shared_.totals.duplicates;
            return false;
        }
    } else if (const auto* const kline = std::get_if<KlineUpdate>(&event.payload)) {
        if (kline->confirmed) {
            watch_.note_confirmed(kline->candle.open_time);
        }
    } else if (std::holds_alternative<Trades>(event.payload)) {
        return trades_.pass(record, event.time);
    }
    return true;
}

void SymbolFeed::on_live(std::string_view topic) {
    refused_.clear();
    const LocalTime now = shared_.clock.now();
    if (topic == topics_.book) {
        watch_.book_subscribed(now);
        book_.subscribed();
    } else if (topic == topics_.ticker) {
        watch_.ticker_subscribed(now);
    } else if (topic == topics_.trades) {
        trades_.subscribed();
    }
}

void SymbolFeed::on_lost(const TopicStream& stream) {
    if (has_book_on(stream)) {
        book_.lost();
    }
    if (&stream_of(topics_.trades) == &stream) {
        trades_.lost();
    }
}

bool SymbolFeed::anything_due(LocalTime now, ExchangeTime exchange_now) const {
    return watch_.due(now, exchange_now) || trades_.overdue(now) || book_.overdue(now) ||
           (book_.whole() && watch_.book_stale(now)) || watch_.ticker_stale(now);
}

// Looking up a topic costs more than all comparisons together: it comes last.
void SymbolFeed::check(LocalTime now, ExchangeTime exchange_now) {
    if (!anything_due(now, exchange_now)) {
        return;
    }
    if (is_live(topics_.trades)) {
        watch_.ask_due(now, exchange_now);
        trades_.check(now);
    }
    if (is_live(topics_.book) && book_.check(now)) {
        return;
    }
    check_silence(now);
}

void SymbolFeed::check_silence(LocalTime now) {
    if (book_.whole() && is_live(topics_.book)) {
        if (const auto silent_s = watch_.take_book_silence(now)) {
            ++shared_.totals.stale_topics;
            book_.silent(*silent_s);
            renew();
        }
    }
    if (is_live(topics_.ticker) && watch_.take_ticker_silence(now)) {
        ++shared_.totals.stale_topics;
        stream_of(topics_.ticker).renew(topics_.ticker);
    }
}

void SymbolFeed::renew() {
    stream_of(topics_.book).renew(topics_.book);
}

std::vector<std::string> SymbolFeed::concerns() const {
    std::vector<std::string> reasons;
    if (!refused_.empty()) {
        reasons.push_back(refused_);
    }
    book_.add_concerns(reasons);
    trades_.add_concerns(reasons);
    history_.add_concerns(reasons);
    return reasons;
}

}  // namespace virtuoso
