#include "exchange/symbol_feed.hpp"

#include "exchange/exchange_clock.hpp"
#include "exchange/topic_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t refused_frame_ms = ms_per_minute;  ///< so long a frame that was refused is a concern

}  // namespace

SymbolFeed::SymbolFeed(const Shared& shared, std::vector<TopicStream*> streams, Start start)
    : shared_(shared),
      streams_(std::move(streams)),
      name_(std::move(start.name)),
      topics_(std::move(start.topics)),
      book_({shared.clock, shared.rest, *this, shared.totals.books},
            {name_, shared.dialect.book_target(name_, shared.book_depth), start.rank, start.seed}),
      trades_({shared.clock, shared.rest, shared.outlet, shared.totals.trades},
              shared.dialect.recent_trades_target(name_), start.rank, start.before),
      history_(shared.rest, start.rank, start.seed,
               [this](const KlineHistory& history) { watch_.note_history(history); }),
      rank_(start.rank),
      watch_(shared.dialect, shared.rest, {name_, start.rank},
             [this](const KlineHistory& history) { delivery_.note_candles(history); }),
      delivery_(topics_, shared.clock, start.seed) {}

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

void SymbolFeed::load_history(ExchangeTime known_until) {
    history_asked_ = shared_.clock.now();
    history_loaded_ = true;
    history_.load(known_until.ms == 0
                      ? shared_.dialect.history_of(name_)
                      : shared_.dialect.history_since(
                            name_, {.from = known_until, .to = shared_.clock.exchange_now()}));
}

KnownPast SymbolFeed::known_past() const {
    const ExchangeTime minute = watch_.known();
    const bool complete = history_loaded_ && history_.complete() && minute.ms > 0;
    return {.until = complete ? minute + ms_per_minute : ExchangeTime{},
            .trades_until = trades_.memory(minute).verified};
}

std::optional<FetchedHistory> SymbolFeed::take_fetched(LocalTime now) {
    if (!history_asked_ || history_.waiting() > 0) {
        return std::nullopt;
    }
    const LocalTime asked = *std::exchange(history_asked_, std::nullopt);
    return FetchedHistory{
        .symbol = name_, .rank = rank_, .duration_ns = now - asked, .failed = history_.failed()};
}

void SymbolFeed::reload_history() {
    history_.reload(shared_.dialect.history_of(name_));
}

bool SymbolFeed::pass(const RawRecord& record, const MarketEvent& event) {
    delivery_.note(event, record.received);
    if (std::holds_alternative<BookDelta>(event.payload)) {
        book_.update_came();
    } else if (std::holds_alternative<BookSnapshot>(event.payload)) {
        book_.snapshot_came();
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
    if (const auto role = delivery_.role_of(topic)) {
        delivery_.watch(*role).subscribed(shared_.clock.now());
    }
    if (topic == topics_.book) {
        book_.subscribed();
    } else if (topic == topics_.trades) {
        trades_.subscribed();
    }
}

void SymbolFeed::on_topic_refused(std::string_view topic, std::string reason) {
    refused_ = std::move(reason);
    if (const auto role = delivery_.role_of(topic)) {
        delivery_.watch(*role).lost();
    }
}

void SymbolFeed::on_frame_refused(std::string_view message) {
    refused_frame_ = message;
    refused_frame_at_ = shared_.clock.now();
}

void SymbolFeed::on_lost(const TopicStream& stream) {
    for (const auto& topic : topics_.all()) {
        if (&stream_of(topic) == &stream) {
            on_topic_lost(topic);
        }
    }
}

void SymbolFeed::on_topic_lost(std::string_view topic) {
    if (const auto role = delivery_.role_of(topic)) {
        delivery_.watch(*role).lost();
    }
    if (topic == topics_.book) {
        book_.lost();
    } else if (topic == topics_.trades) {
        trades_.lost();
    }
}

void SymbolFeed::move(const TopicStream& stream, TopicStream& successor) {
    std::ranges::replace(streams_, &stream, &successor);
}

// Looking up a topic costs more than all comparisons together: it comes last.
void SymbolFeed::check(LocalTime now, ExchangeTime exchange_now, bool thoroughly) {
    if (thoroughly) {
        check_delivery(now);
        history_.check(now);
    }
    const bool to_ask = thoroughly && watch_.due(now, exchange_now);
    const bool trades_due = trades_.overdue(now);
    const bool book_due = book_.overdue(now);
    if ((to_ask || trades_due) && is_live(topics_.trades)) {
        if (to_ask) {
            watch_.ask_due(now, exchange_now);
        }
        trades_.check(now);
    }
    if (book_due && is_live(topics_.book)) {
        book_.check(now);
    }
}

void SymbolFeed::check_delivery(LocalTime now) {
    for (const TopicRole role : topic_roles) {
        DeliveryWatch& topic = delivery_.watch(role);
        if (topic.check(now)) {
            shared_.totals.fell_silent.push_back(
                fmt::format("{} for {} s", delivery_.topic_of(role), topic.quiet_ms(now) / ms_per_second));
        } else if (topic.take_end()) {
            shared_.totals.delivering_again.push_back(delivery_.topic_of(role));
        }
        if (topic.take_renewal(now)) {
            ask_again(role, now);
        }
    }
}

void SymbolFeed::ask_again(TopicRole role, LocalTime now) {
    const std::string& topic = delivery_.topic_of(role);
    ++shared_.totals.stale_topics;
    if (role == TopicRole::book) {
        book_.silent(delivery_.watch(role).quiet_ms(now) / ms_per_second);
    }
    stream_of(topic).renew(topic);
}

void SymbolFeed::renew() {
    stream_of(topics_.book).renew(topics_.book);
}

// A symbol has as many streams as the exchange has routes.
void SymbolFeed::add_stream_concerns(std::vector<std::string>& reasons) const {
    for (const TopicStream* const stream : streams_) {
        if (!stream->is_open()) {
            reasons.push_back(fmt::format("connection {}: {}", stream->number(), stream->trouble()));
        }
    }
}

std::vector<std::string> SymbolFeed::concerns() const {
    const LocalTime now = shared_.clock.now();
    std::vector<std::string> reasons;
    add_stream_concerns(reasons);
    if (!refused_.empty()) {
        reasons.push_back(refused_);
    }
    book_.add_concerns(reasons);
    delivery_.add_concerns(reasons, now);
    trades_.add_concerns(reasons);
    if (!refused_frame_.empty() && now - refused_frame_at_ < refused_frame_ms * 1'000'000) {
        reasons.push_back("refused: " + refused_frame_);
    }
    history_.add_concerns(reasons);
    return reasons;
}

}  // namespace virtuoso
