#include "service/shard_session.hpp"

#include "analysis/orderbook_component.hpp"
#include "exchange/perpetual_feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t window_ns = 2 * ns_per_ms;
constexpr int evaluations_a_window = 12;  ///< about half a millisecond of work
constexpr int evaluations_a_turn = 24;
constexpr std::int64_t status_every_ns = 1'000 * ns_per_ms;
constexpr std::int64_t memory_every_ns = 10'000 * ns_per_ms;
constexpr std::int64_t market_every_ns = 5'000 * ns_per_ms;
constexpr std::int64_t books_every_ns = 1'000 * ns_per_ms;
constexpr std::string_view bitcoin = "BTCUSDT";

struct ClassOf {
    MessageClass operator()(const BookSnapshot&) const { return MessageClass::book; }
    MessageClass operator()(const BookDelta&) const { return MessageClass::book; }
    MessageClass operator()(const Trades&) const { return MessageClass::trades; }
    MessageClass operator()(const TickerUpdate& ticker) const {
        return ticker.market_wide ? MessageClass::rest : MessageClass::ticker;
    }
    MessageClass operator()(const KlineUpdate&) const { return MessageClass::kline; }
    MessageClass operator()(const Liquidations&) const { return MessageClass::liquidation; }
    MessageClass operator()(const auto&) const { return MessageClass::rest; }
};

bool closes_candles(const MarketEvent& event) {
    const auto* const kline = std::get_if<KlineUpdate>(&event.payload);
    return (kline != nullptr && kline->confirmed) || std::holds_alternative<KlineHistory>(event.payload);
}

/// Of a ticker that arrives with every change of its many fields a score has no use at once.
bool calls_for_evaluation(const StateChange& change) {
    return change.book || change.book_broken || change.trades > 0 || change.liquidations > 0 ||
           change.open_interest || change.funding_history || change.account_ratio || change.restated;
}

/// Of the newest point against the one so long before it; nullopt where there is none within two steps.
std::optional<double> interest_change(const SymbolState& state, std::int64_t span_ms) {
    const auto& points = state.open_interest();
    if (points.empty()) {
        return std::nullopt;
    }
    const OpenInterestPoint& newest = points.back();
    for (std::size_t age = 1; age < points.size(); ++age) {
        const OpenInterestPoint& before = points.newest(age);
        const std::int64_t distance = newest.time - before.time;
        if (distance >= span_ms) {
            const bool near = distance <= span_ms + 2 * SymbolState::open_interest_step_ms;
            return near && before.open_interest > 0
                       ? std::optional(newest.open_interest / before.open_interest - 1)
                       : std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

ShardSession::ShardSession(ShardSettings settings, Transport& transport,
                           std::unique_ptr<const ExchangeDialect> dialect, const Clock& clock,
                           ShardOutput& output)
    : settings_(std::move(settings)),
      clock_(clock),
      output_(output),
      session_([&] {
          LiveOptions options = live_options();
          options.exchange = std::string(dialect->exchange());
          return options;
      }()),
      feed_(std::make_unique<PerpetualFeed>(transport, std::move(dialect), session_, settings_.feed)),
      saver_({.saver = settings_.saver, .shard = settings_.shard, .every_ns = settings_.save_every_ns},
             clock.now()),
      rounds_(settings_.fetch_round) {
    session_.set_feed(*feed_);
    tell_event_ = [this](NotableEvent event) {
        output_.put(std::make_shared<const NotableEvent>(std::move(event)));
    };
    status_.shard = settings_.shard;
    status_.life = settings_.life;
}

ShardSession::~ShardSession() = default;

LiveOptions ShardSession::live_options() {
    LiveOptions options;
    options.pipeline = settings_.pipeline;
    options.on_notice = [this](std::string_view text) { output_.put(FeedNotice{std::string(text)}); };
    options.on_change = [this](const TrackedSymbol& symbol, const StateChange& change) {
        on_change(symbol, change);
    };
    options.on_applied = [this](std::span<const MarketEvent> events) { on_applied(events); };
    options.on_added = [this](std::string_view symbol) { return on_added(symbol); };
    options.on_listing = [this](std::string_view symbol, bool listed) {
        const ExchangeTime now = feed_->exchange_now();
        tell_event_(listed ? listed_event(symbol, now) : delisted_event(symbol, now));
    };
    options.on_dropped = [this](std::string_view symbol, bool) { on_dropped(symbol); };
    options.on_history = [this](const FetchedHistory& fetched) { note_fetched(fetched); };
    return options;
}

void ShardSession::start() {
    feed_->start();
}

void ShardSession::set_deep(const std::set<std::string, std::less<>>& symbols) {
    deep_ = symbols;
    for (std::size_t number = 0; number < followed_.size(); ++number) {
        Followed& followed = followed_[number];
        if (followed.symbol != nullptr) {
            followed.deep = deep_.contains(followed.symbol->state.symbol());
            schedule_.set_interval(number, interval_of(followed));
            if (followed.deep) {
                read_history_again(followed.symbol->state.symbol());
            }
        }
    }
}

void ShardSession::on_change(const TrackedSymbol& symbol, const StateChange& change) {
    if (symbol.number >= followed_.size() || followed_[symbol.number].symbol == nullptr) {
        follow_new_symbols();
    }
    followed_[symbol.number].events->on_change(symbol, change, tell_event_);
    if (calls_for_evaluation(change)) {
        note_changed(symbol.number);
    }
}

void ShardSession::follow_new_symbols() {
    const auto symbols = session_.pipeline().symbols();
    for (const auto& symbol : symbols) {
        if (symbol->number >= followed_.size()) {
            followed_.resize(symbol->number + 1);
        }
        Followed& followed = followed_[symbol->number];
        if (followed.symbol == nullptr) {
            followed.symbol = symbol.get();
            followed.events = std::make_unique<SymbolEvents>(settings_.events);
            followed.deep = deep_.contains(symbol->state.symbol());
            schedule_.add(symbol->number, interval_of(followed), clock_.now());
        }
    }
}

// A life that follows another begins with nothing: what was saved may be what ended the one before.
KnownPast ShardSession::on_added(std::string_view symbol) {
    if (settings_.saved == nullptr || settings_.life > 0) {
        return {};
    }
    const auto saved = settings_.saved->take(symbol);
    const std::int64_t missed_ms = saved ? feed_->exchange_now() - saved->known.until : 0;
    const bool young = saved && missed_ms >= 0 &&
                       missed_ms <= std::min(settings_.saved_age_ms_max, ExchangeDialect::catch_up_ms_max);
    if (!young || !session_.resume(symbol, saved->form)) {
        return {};
    }
    saver_.note_resumed(symbol, saved->known.until);
    ++resumed_;
    resumed_ms_ = std::max(resumed_ms_, missed_ms);
    return saved->known;
}

void ShardSession::stop() {
    saver_.finish(session_, *feed_, clock_,
                  [this](std::string_view symbol) { return lacks_history(symbol); });
}

// A service that goes on for months meets more symbols than it follows at one time.
void ShardSession::on_dropped(std::string_view symbol) {
    if (const TrackedSymbol* const known = session_.find(symbol)) {
        schedule_.remove(known->number);
        if (known->number < followed_.size()) {
            followed_[known->number] = {};
        }
        session_.forget(symbol);
    }
    without_history_.erase(std::string(symbol));
    trimmed_.erase(std::string(symbol));
    saver_.forget(symbol);
}

void ShardSession::note_changed(std::size_t number) {
    if (std::ranges::find(changed_, number) == changed_.end()) {
        changed_.push_back(number);
    }
}

void ShardSession::on_applied(std::span<const MarketEvent> events) {
    if (events.empty()) {
        return;
    }
    const LocalTime now = clock_.now();
    const LocalTime received = session_.last_received();
    const auto message = static_cast<std::size_t>(std::visit(ClassOf{}, events.front().payload));
    ++status_.messages[message];
    status_.socket_to_state[message].add(now - received);
    for (const auto& event : events) {
        if (const TrackedSymbol* const symbol =
                closes_candles(event) ? session_.find(event.symbol) : nullptr) {
            note_changed(symbol->number);
        }
    }
    for (const std::size_t number : changed_) {
        if (schedule_.changed(number, received, now) && may_evaluate(now)) {
            evaluate(number);
            const LocalTime scored = clock_.now();
            status_.socket_to_score[message].add(scored - received);
            status_.state_to_score.add(scored - now);
        }
    }
    changed_.clear();
}

bool ShardSession::may_evaluate(LocalTime now) {
    if (now - window_ >= window_ns || now < window_) {
        window_ = now;
        evaluated_in_window_ = 0;
    }
    return evaluated_in_window_ < evaluations_a_window;
}

void ShardSession::evaluate(std::size_t number) {
    Followed& followed = followed_[number];
    const LocalTime begun = clock_.now();
    const auto result = result_of(followed);
    const LocalTime done = clock_.now();
    result->evaluated = done;
    result->evaluation_ns = done - begun;
    followed.events->on_evaluation(*followed.symbol, result->confluence, tell_event_);
    ++evaluated_in_window_;
    ++status_.evaluations;
    status_.evaluation.add(done - begun);
    if (const auto oldest = schedule_.evaluated(number, begun)) {
        status_.score_age.add(done - *oldest);
    }
    output_.put(ResultPointer(result));
}

// Made where it stays: a confluence is tens of kilobytes.
std::shared_ptr<SymbolResult> ShardSession::result_of(Followed& followed) {
    TrackedSymbol& symbol = *followed.symbol;
    const SymbolState& state = symbol.state;
    const Ticker& ticker = state.ticker();
    const bool given_up = without_history_.contains(state.symbol());
    std::shared_ptr<SymbolResult> result(
        new SymbolResult{.exchange = symbol.exchange,
                         .symbol = state.symbol(),
                         .shard = settings_.shard,
                         .number = ++followed.evaluations,
                         .deep = followed.deep,
                         .confluence = session_.evaluate(symbol),
                         .last_price = state.last_price(),
                         .change_24h = ticker.change_24h,
                         .turnover_24h = ticker.turnover_24h,
                         .funding_rate = ticker.funding_rate,
                         .open_interest = ticker.open_interest,
                         .open_interest_change_1h = interest_change(state, ms_per_hour),
                         .newest = state.as_of(),
                         .bytes = followed.bytes,
                         .history_given_up = given_up,
                         .concerns = feed_->concerns(state.symbol())});
    if (given_up) {
        result->concerns.emplace_back("history given up: memory is nearly out");
    }
    return result;
}

void ShardSession::evaluate_waiting() {
    for (int done = 0; done < evaluations_a_turn; ++done) {
        const auto number = schedule_.next_waiting(clock_.now());
        if (!number) {
            return;
        }
        evaluate(*number);
    }
}

void ShardSession::turn() {
    evaluate_waiting();
    const LocalTime now = clock_.now();
    saver_.turn(session_, *feed_, now, [this](std::string_view symbol) { return lacks_history(symbol); });
    tell_resumed();
    if (now - memory_measured_ >= memory_every_ns) {
        memory_measured_ = now;
        measure_memory();
    }
    if (now - market_sampled_ >= market_every_ns && (status_.started || !feed_->symbols().empty())) {
        market_sampled_ = now;
        sample_market();
    }
    if (now - books_looked_ >= books_every_ns) {
        books_looked_ = now;
        look_at_books();
    }
    if (now - status_told_ >= status_every_ns) {
        status_told_ = now;
        forget_left_out();
        output_.put(std::make_shared<const ShardStatus>(status()));
    }
}

void ShardSession::tell_resumed() {
    if (resumed_ == 0) {
        return;
    }
    output_.put(FeedNotice{fmt::format(
        "{} of {} symbols go on from what was saved up to {:.1f} minutes ago", std::exchange(resumed_, 0),
        feed_->symbols().size(), static_cast<double>(resumed_ms_) / static_cast<double>(ms_per_minute))});
}

ShardStatus ShardSession::status() {
    status_.at = clock_.now();
    status_.names = feed_->symbols();
    status_.started = status_.started || !status_.names.empty();  // all of them may have been left out since
    status_.trouble = feed_->trouble().message;
    status_.feed = feed_->statistics();
    status_.clock_offset_ms = feed_->clock_offset_ms();
    status_.symbols = status_.names.size();
    status_.refused = session_.pipeline().refused();
    status_.whole = static_cast<std::size_t>(std::ranges::count_if(
        status_.names, [this](const std::string& name) { return feed_->concerns(name).empty(); }));
    return status_;
}

void ShardSession::note_fetched(const FetchedHistory& fetched) {
    if (!std::exchange(rounds_begun_, true)) {
        rounds_.begin(feed_->symbols().size());
    }
    if (const auto round = rounds_.take(fetched, clock_.now())) {
        output_.put(*round);
    }
}

void ShardSession::sample_market() {
    MarketSample sample{
        .shard = settings_.shard, .as_of = feed_->exchange_now(), .tickers = {}, .bitcoin = {}};
    sample.tickers = session_.pipeline().tickers().sample(feed_->exchange(), sample.as_of);
    if (const TrackedSymbol* const symbol = session_.find(bitcoin)) {
        sample.bitcoin = RealisedVolatility::of(symbol->state.candles().series(Timeframe::h1));
    }
    output_.put(std::make_shared<const MarketSample>(std::move(sample)));
}

void ShardSession::look_at_books() {
    const ExchangeTime now = feed_->exchange_now();
    for (Followed& followed : followed_) {
        if (!followed.deep || followed.symbol == nullptr) {
            followed.book.reset();
            continue;
        }
        const auto book = followed.symbol->state.book().view(now, OrderbookComponent::stale_after_ms);
        if (book) {
            if (followed.book == nullptr) {
                followed.book = std::make_unique<BookHistory>();
            }
            followed.book->look(now, *book);
        }
    }
}

const BookHistory* ShardSession::book_history(std::string_view name) const {
    const TrackedSymbol* const symbol = session_.find(name);
    return symbol != nullptr && symbol->number < followed_.size() ? followed_[symbol->number].book.get()
                                                                  : nullptr;
}

Compaction ShardSession::compact(std::size_t first, std::size_t count) {
    Compaction found;
    const auto symbols = session_.pipeline().symbols();
    const ExchangeTime now = feed_->exchange_now();
    for (std::size_t i = first; i < std::min(symbols.size(), first + count); ++i) {
        const Compaction one = symbols[i]->state.compact(now);
        found.candles += one.candles;
        found.open_interest += one.open_interest;
        found.trades += one.trades;
        found.liquidations += one.liquidations;
        found.bytes += one.bytes + symbols[i]->analysis.shrink();
    }
    return found;
}

void ShardSession::measure_memory() {
    ShardMemory memory;
    for (const auto& symbol : session_.pipeline().symbols()) {
        const SymbolState& state = symbol->state;
        const std::size_t book = state.book().bytes();
        const std::size_t tape = state.tape().bytes();
        const std::size_t candles = state.candles().bytes();
        memory.books += book;
        memory.tapes += tape;
        memory.candles += candles;
        memory.other_state += state.bytes() - book - tape - candles;
        memory.analysis += symbol->analysis.bytes();
    }
    for (Followed& followed : followed_) {
        const std::size_t book = followed.book != nullptr ? followed.book->bytes() : 0;
        memory.books += book;
        followed.bytes = followed.symbol != nullptr ? followed.symbol->bytes() + book : 0;
    }
    status_.memory = memory;
}

}  // namespace virtuoso
