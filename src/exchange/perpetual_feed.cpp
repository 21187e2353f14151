#include "exchange/perpetual_feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t check_every_ms = 100;
constexpr std::size_t checks_a_look = 5;
constexpr std::int64_t clock_every_ms = 5 * ms_per_minute;
constexpr std::int64_t clock_again_ms = 15'000;  ///< when what is heard is not of its present
constexpr std::int64_t silences_every_ms = 2'000;
constexpr std::size_t silences_named = 4;
/// Tickers of the whole exchange, while not all of it is followed: breadth speaks of them.
constexpr std::int64_t market_every_ms = 10'000;
constexpr std::int64_t market_every_max_ms = 45'000;  ///< by each of many parts: older tickers do not count
/// A connection is doubted when so many of its books fail, and one in so many.
constexpr std::size_t failing_min = 3;
constexpr std::size_t failing_part = 4;

constexpr bool is_power_of_ten(std::uint64_t count) {
    while (count >= 10 && count % 10 == 0) {
        count /= 10;
    }
    return count == 1;
}
constexpr std::uint32_t market_poll_rank = 3;  ///< behind the listing and its turnover

}  // namespace

PerpetualFeed::PerpetualFeed(Transport& transport, std::unique_ptr<const ExchangeDialect> dialect,
                             FeedSink& sink, FeedOptions options)
    : transport_(transport),
      sink_(sink),
      options_(std::move(options)),
      dialect_(std::move(dialect)),
      clock_(transport),
      rest_(transport, *dialect_, sink, options_.seed, options_.partition.count),
      replay_(*dialect_, sink),
      instruments_(
          {*dialect_, rest_,
           [this](std::int64_t ms, std::function<void()> call) { transport_.after(ms, std::move(call)); },
           *this},
          {.symbols = options_.symbols,
           .symbols_max = options_.symbols_max,
           .excluded = options_.excluded,
           .classes = options_.asset_classes,
           .included = options_.included,
           .turnover_min = options_.turnover_min,
           .hysteresis = options_.rank_hysteresis,
           .partition = options_.partition}),
      random_(options_.seed) {}

void PerpetualFeed::start() {
    load_clock();
    instruments_.read();
    every(check_every_ms, [this] { check(); });
    every(clock_every_ms, [this] { load_clock(); });
    every(std::min(market_every_ms * options_.partition.count, market_every_max_ms),
          [this] { load_market(); });
    if (options_.history) {
        for (const auto& poll : dialect_->market_polls()) {
            const auto ask = [this, target = poll.target] {
                rest_.ask({.target = target, .urgency = RestUrgency::session, .rank = market_poll_rank});
            };
            ask();
            every(poll.every_ms, ask);
        }
    }
    every(options_.instruments_every_ms, [this] {
        if (instruments_.started()) {
            instruments_.read();
        }
    });
    if (options_.symbols_max > 0) {
        every(options_.rerank_every_ms, [this] { instruments_.rerank(); });
    }
}

void PerpetualFeed::every(std::int64_t ms, std::function<void()> call) {
    transport_.after(ms, [this, ms, kept = std::move(call)] {
        kept();
        every(ms, kept);
    });
}

void PerpetualFeed::load_clock() {
    // The time of the attempt that is answered, not of the first.
    const auto asked = std::make_shared<LocalTime>();
    clock_asked_ = clock_.now();
    rest_.ask({.target = dialect_->clock_target(),
               .urgency = RestUrgency::session,
               .sent = [asked](LocalTime now) { *asked = now; },
               .done =
                   [this, asked](const Result<RestReply>& reply) {
                       if (const auto* const server = reply ? std::get_if<ServerTime>(&*reply) : nullptr) {
                           clock_.measure(server->time, *asked);
                       }
                   }});
}

// One request for all of them; their events are the sink's, as those of any answer.
void PerpetualFeed::load_market() {
    if (!instruments_.started() || instruments_.follows_all() || std::exchange(market_in_flight_, true)) {
        return;
    }
    rest_.ask({.target = dialect_->tickers_target(),
               .urgency = RestUrgency::history,
               .rank = 0,
               .done = [this](const Result<RestReply>&) { market_in_flight_ = false; }});
}

void PerpetualFeed::check() {
    retired_.clear();
    for (const auto& stream : streams_) {
        stream->check();
    }
    const LocalTime now = clock_.now();
    rotate_old_streams(now);
    const ExchangeTime exchange_now = clock_.exchange_now();
    bool any_fails = false;
    bool any_skewed = false;
    std::size_t place = checks_++;  // each symbol's turn for a thorough look comes with every fifth
    for (const auto& [name, symbol] : symbols_) {
        const bool thoroughly = ++place % checks_a_look == 0;
        symbol->check(now, exchange_now, thoroughly);
        if (const auto fetched = symbol->take_fetched(now)) {
            sink_.on_history(*fetched);
        }
        any_fails = any_fails || symbol->book().failing();
        any_skewed = any_skewed || (thoroughly && symbol->skewed());
    }
    if (any_fails) {
        reconnect_failing();
    }
    if (any_skewed && clock_.now() - clock_asked_ > clock_again_ms * 1'000'000) {
        load_clock();  // it may be ours that was set
    }
    tell_silences(now);
}

// A route that goes silent silences thousands of topics: they are told of together.
void PerpetualFeed::tell_silences(LocalTime now) {
    if (now - silences_told_ < silences_every_ms * 1'000'000) {
        return;
    }
    const auto tell = [&](std::vector<std::string>& topics, std::string_view one, std::string_view several) {
        if (topics.empty()) {
            return;
        }
        silences_told_ = now;
        const std::size_t named = std::min(topics.size(), silences_named);
        std::string text =
            fmt::format("{} {}: {}", topics.size(), topics.size() == 1 ? one : several,
                        fmt::join(topics.begin(), topics.begin() + static_cast<std::ptrdiff_t>(named), ", "));
        sink_.on_notice(named < topics.size() ? text + " …" : text);
        topics.clear();
    };
    tell(totals_.fell_silent, "topic delivers nothing though it was accepted, asked for again",
         "topics deliver nothing though they were accepted, asked for again");
    tell(totals_.delivering_again, "topic delivers again", "topics deliver again");
}

// One contract whose snapshot does not come must not cost the others theirs: a connection is the cause when
// books fail together.
void PerpetualFeed::reconnect_failing() {
    for (const auto& stream : streams_) {
        std::size_t carried = 0;
        std::size_t failing = 0;
        for (const auto& [name, symbol] : symbols_) {
            if (symbol->has_book_on(*stream)) {
                ++carried;
                failing += symbol->book().failing() ? 1U : 0U;
            }
        }
        const bool several = failing >= failing_min && failing * failing_part >= carried;
        if (failing > 0 && (several || failing == carried)) {
            stream->reconnect(fmt::format("no snapshots came of {} of its {} books", failing, carried));
        }
    }
}

// ---- symbols ----

SymbolFeed* PerpetualFeed::find(std::string_view symbol) const {
    SymbolFeed* const* const found = by_name_.find(symbol);
    return found == nullptr ? nullptr : *found;
}

TopicStream::Identity PerpetualFeed::next_identity(std::size_t route) {
    ++statistics_.connections;
    const bool ends = dialect_->stream_limits().lifetime_ms > 0;
    return {.route = route,
            .number = ++streams_made_,
            .seed = random_.next(),
            .lifetime_ms = ends ? options_.connection_lifetime_ms : 0};
}

TopicStream& PerpetualFeed::stream_for(std::size_t route, std::size_t cost) {
    for (const auto& stream : streams_) {
        if (stream->route() == route && stream->load() + cost <= dialect_->stream_limits().room) {
            return *stream;
        }
    }
    StreamOwner& owner = *this;
    streams_.push_back(std::make_unique<TopicStream>(transport_, *dialect_, owner, next_identity(route)));
    streams_.back()->open();
    return *streams_.back();
}

std::vector<TopicStream*> PerpetualFeed::streams_for(const SymbolTopics& topics) {
    std::vector<std::size_t> costs(dialect_->stream_routes().size());
    for (const auto& topic : topics.all()) {
        costs[dialect_->route_of(topic)] += dialect_->topic_cost(topic);
    }
    std::vector<TopicStream*> streams(costs.size());
    for (std::size_t route = 0; route < costs.size(); ++route) {
        streams[route] = &stream_for(route, costs[route]);
    }
    return streams;
}

void PerpetualFeed::on_added(const std::string& name, std::uint32_t rank) {
    const KnownPast known = sink_.on_added(name);
    const SymbolFeed::Shared shared{*dialect_, clock_, rest_, replay_, totals_, options_.book_depth};
    SymbolFeed::Start start{.name = name,
                            .topics = dialect_->topics_of(name, options_.book_depth),
                            .rank = rank,
                            .before = {.gaps = 0, .verified = known.trades_until},
                            .seed = random_.next()};
    if (const auto before = departed_.extract(name)) {
        start.before = before.mapped();
    }
    abandon_rotation(clock_.now());  // its topics would no longer be those of the connection
    auto streams = streams_for(start.topics);
    const auto added =
        symbols_.emplace(name, std::make_unique<SymbolFeed>(shared, std::move(streams), std::move(start)))
            .first;
    by_name_.add(name, added->second.get());
    if (options_.history) {
        added->second->add_polls(random_);
    }
    added->second->subscribe();
    if (options_.history) {
        added->second->load_history(known.until);
    }
}

void PerpetualFeed::drop(const std::string& name) {
    abandon_rotation(clock_.now());
    const auto found = symbols_.find(name);
    found->second->unsubscribe();
    departed_[name] = found->second->memory();
    by_name_.erase(name);
    symbols_.erase(found);
    sink_.on_disconnect(name);
}

void PerpetualFeed::on_dropped(const std::string& name, bool trading) {
    drop(name);
    sink_.on_notice(trading ? fmt::format("{} is no longer among the most traded: dropped", name)
                            : fmt::format("{} is no longer trading: dropped", name));
    sink_.on_dropped(name, trading);
}

void PerpetualFeed::leave_out(std::string_view symbol) {
    const std::string name(symbol);
    if (instruments_.leave_out(name)) {
        drop(name);
        sink_.on_dropped(name, true);
    }
}

// ---- streams ----

void PerpetualFeed::on_market(TopicStream& stream, const RawRecord& record, const DecodedFrame& frame) {
    hand_on(record, frame);
    if (rotation_ != nullptr && rotation_->replaces(stream)) {
        rotation_->handed_on(record, frame);
    }
}

void PerpetualFeed::hand_on(const RawRecord& record, const DecodedFrame& frame) {
    ++statistics_.frames;
    statistics_.bytes += record.frame.size;
    if (frame.events.empty()) {
        sink_.on_record(record);
        return;
    }
    // All events of a frame are of one topic and so of one symbol.
    SymbolFeed* const symbol = find(frame.events.front().symbol);
    if (symbol != nullptr && symbol->pass(record, frame.events.front())) {
        sink_.on_record(record);
        sink_.on_events(frame.events);
    }
}

void PerpetualFeed::on_refused(TopicStream& stream, const RawRecord& record, const Error& error) {
    ++statistics_.frames;
    ++statistics_.refused;
    sink_.on_record(record);
    const std::string name(stream.codec().refused_symbol());
    const RefusedTopic topic = stream.codec().refused_topic();
    sink_.on_refused(error, name, topic == RefusedTopic::book);
    note_refusal(error, topic);
    SymbolFeed* const symbol = find(name);
    if (symbol == nullptr) {
        return;  // if it was a book's update, the next one shows the gap
    }
    if (topic == RefusedTopic::book) {
        symbol->book().broken("an update was refused: " + error.message);
        return;
    }
    symbol->on_frame_refused(error.message);
    if (topic == RefusedTopic::trades) {
        symbol->trades().missing(symbol->trades().last_trade());
    }
}

// The first of each kind is told, then how many there were, ever more seldom.
void PerpetualFeed::note_refusal(const Error& error, RefusedTopic topic) {
    const std::uint64_t count = ++refusals_[{error.code, topic}];
    if (is_power_of_ten(count)) {
        sink_.on_notice(fmt::format("a frame ({}) was refused{}: {}", name_of(topic),
                                    count == 1 ? std::string{} : fmt::format(", {} so far, the last", count),
                                    error.text()));
    }
}

void PerpetualFeed::on_live(const std::string& topic) {
    if (SymbolFeed* const symbol = find(dialect_->symbol_of(topic))) {
        symbol->on_live(topic);
    }
}

void PerpetualFeed::on_topic_refused(const std::string& topic, std::string_view reason) {
    ++statistics_.subscriptions_refused;
    if (SymbolFeed* const symbol = find(dialect_->symbol_of(topic))) {
        const std::string text = fmt::format("{} is refused: {}", topic, reason);
        symbol->on_topic_refused(topic, text);
        sink_.on_notice(text);
    }
}

void PerpetualFeed::on_lost(TopicStream& stream, const Error& reason, bool was_open) {
    if (rotation_ != nullptr && rotation_->replaces(stream)) {
        if (rotation_->may_take_over()) {
            finish_rotation();
            return;
        }
        abandon_rotation(clock_.now());
    }
    const StreamRoute& route = dialect_->stream_routes()[stream.route()];
    const auto connection = fmt::format("connection {} ({})", stream.number(), route.name);
    if (!was_open) {
        if (is_power_of_ten(stream.failures())) {
            sink_.on_notice(fmt::format("{} did not open, {} times by now: {}", connection, stream.failures(),
                                        reason.message));
        }
        return;
    }
    ++statistics_.disconnects;
    statistics_.dead_peers += reason.message.starts_with("nothing was heard") ? 1U : 0U;
    sink_.on_notice(fmt::format("{} lost: {}", connection, reason.message));
    for (const auto& [name, symbol] : symbols_) {
        symbol->on_lost(stream);
        if (symbol->has_book_on(stream)) {
            sink_.on_disconnect(name);
        }
    }
}

// ---- questions and reports from above ----

void PerpetualFeed::book_broken(std::string_view name, BookFault why) {
    if (SymbolFeed* const symbol = find(name)) {
        symbol->book().broken(std::string(words_of(why)));
    }
}

void PerpetualFeed::book_thin(std::string_view name) {
    if (SymbolFeed* const symbol = find(name)) {
        symbol->book().thin();
    }
}

void PerpetualFeed::trades_missing(std::string_view name, ExchangeTime since) {
    if (SymbolFeed* const symbol = find(name)) {
        symbol->trades().missing(since);
    }
}

void PerpetualFeed::histories_stale(std::string_view name) {
    SymbolFeed* const symbol = find(name);
    if (symbol != nullptr && options_.history) {
        symbol->reload_history();
    }
}

std::vector<std::string> PerpetualFeed::concerns(std::string_view name) const {
    const SymbolFeed* const symbol = find(name);
    return symbol == nullptr ? std::vector<std::string>{"not subscribed"} : symbol->concerns();
}

KnownPast PerpetualFeed::known_past(std::string_view name) const {
    const SymbolFeed* const symbol = find(name);
    return symbol == nullptr ? KnownPast{} : symbol->known_past();
}

std::uint64_t PerpetualFeed::trade_gaps(std::string_view name) const {
    SymbolFeed* const symbol = find(name);
    return symbol == nullptr ? 0 : symbol->trades().gaps();
}

Error PerpetualFeed::trouble() const {
    if (instruments_.started()) {
        return {ErrorCode::network, {}};
    }
    const std::optional<Error>& trouble = instruments_.trouble();
    const Error& last = rest_.last_error();
    // What the exchange said itself tells more than that the list did not come.
    const bool says_more = trouble && trouble->code == ErrorCode::network && last.code != ErrorCode::network;
    return trouble && !says_more ? *trouble : last;
}

FeedStatistics PerpetualFeed::statistics() const {
    FeedStatistics result = statistics_;
    result.resyncs = totals_.books.resyncs;
    result.stale_topics = totals_.stale_topics;
    result.duplicates = totals_.duplicates;
    result.trade_fills = totals_.trades.fills;
    result.trade_gaps = totals_.trades.gaps;
    const RestStatistics& rest = rest_.statistics();
    result.requests = rest.sent;
    result.request_retries = rest.retried;
    result.request_failures = rest.failed;
    result.requests_waiting = rest_.waiting();
    result.request_weight = rest.weight;
    result.request_weight_limit = rest_.limits().weight_per_second;
    return result;
}

}  // namespace virtuoso
