#include "engine/pipeline.hpp"

#include <algorithm>
#include <iterator>

namespace virtuoso {

namespace {

constexpr std::size_t symbols_max = 4'096;

// Binance sends updates of the whole book, far levels included; Bybit at most 1000 levels a side.
BookLimits limits_of(std::string_view exchange) {
    return exchange.starts_with("binance") ? BookLimits{.levels_max = 8'192, .ladder_ticks = 8'192}
                                           : BookLimits{};
}

bool is_market_wide(const MarketEvent& event) {
    const auto* const ticker = std::get_if<TickerUpdate>(&event.payload);
    return ticker != nullptr && ticker->market_wide;
}

std::string key_of(std::string_view exchange, std::string_view symbol) {
    return std::string(exchange) + '/' + std::string(symbol);
}

}  // namespace

TrackedSymbol* Pipeline::find(std::string_view exchange, std::string_view symbol) const {
    const auto market = index_.find(exchange);
    if (market == index_.end()) {
        return nullptr;
    }
    TrackedSymbol* const* const found = market->second.find(symbol);
    return found == nullptr ? nullptr : *found;
}

TrackedSymbol* Pipeline::find_or_add(std::string_view exchange, std::string_view symbol) {
    if (last_ != nullptr && last_->state.symbol() == symbol && last_->exchange == exchange) {
        return last_;
    }
    auto market = index_.find(exchange);
    if (market == index_.end()) {
        market = index_.emplace(exchange, SymbolIndex{}).first;
    }
    if (TrackedSymbol* const* const found = market->second.find(symbol)) {
        last_ = *found;
        return last_;
    }
    if (symbols_met_.size() >= symbols_max) {
        return nullptr;
    }
    symbols_met_.emplace_back(symbol);
    TrackedSymbol* added = nullptr;
    if (options_.symbol.empty() || options_.symbol == symbol) {
        added = symbols_
                    .emplace_back(std::make_unique<TrackedSymbol>(std::string(exchange), std::string(symbol),
                                                                  limits_of(exchange), options_.weights,
                                                                  options_.thresholds))
                    .get();
        if (free_numbers_.empty()) {
            added->number = symbols_made_++;
        } else {
            added->number = free_numbers_.back();
            free_numbers_.pop_back();
        }
        if (const auto before = rejected_before_.find(key_of(exchange, symbol));
            before != rejected_before_.end()) {
            added->state.reject(false, before->second);
            rejected_before_.erase(before);
        }
        if (const auto told = funding_intervals_.find(key_of(exchange, symbol));
            told != funding_intervals_.end()) {
            added->state.tell_funding_interval(told->second);
        }
    }
    market->second.add(symbol, added);
    return added;
}

void Pipeline::feed(const RawRecord& record) {
    if (options_.until && received_after(record, *options_.until)) {
        return;
    }
    ++records_;
    SourceDecoders::Source& source = sources_.of(record.channel);
    if (!source.decoder) {
        note_refusal(source.error);
        return;
    }
    const auto events = source.decoder->decode(record.channel, record.frame);
    if (!events) {
        refuse(source.decoder->exchange(), events.error(), source.decoder->refused_symbol(),
               source.decoder->refused_book());
        return;
    }
    if (const auto* const skipped = source.decoder->skipped(); skipped != nullptr && skipped->count() > 0) {
        skip(source.decoder->exchange(), *skipped);
    }
    take_events(source.decoder->exchange(), *events);
}

void Pipeline::take(std::string_view exchange, std::span<const MarketEvent> events) {
    ++records_;
    take_events(exchange, events);
}

void Pipeline::take_events(std::string_view exchange, std::span<const MarketEvent> events) {
    const auto is_later = [this](const MarketEvent& event) { return event.time > *options_.until; };
    if (options_.until && std::any_of(events.begin(), events.end(), is_later)) {
        kept_.clear();
        std::remove_copy_if(events.begin(), events.end(), std::back_inserter(kept_), is_later);
        events = kept_;
    }
    tickers_.take(exchange, events);
    for (const auto& event : events) {
        apply(exchange, event);
    }
}

void Pipeline::apply(std::string_view exchange, const MarketEvent& event) {
    newest_ = std::max(newest_, event.time);
    if (is_market_wide(event)) {
        note_funding_interval(exchange, event);
        return;
    }
    TrackedSymbol* const symbol = find_or_add(exchange, event.symbol);
    if (symbol == nullptr) {
        return;
    }
    const StateChange change = symbol->state.apply(event);
    symbol->analysis.update(symbol->state, change);
    if (options_.on_change) {
        options_.on_change(*symbol, change);
    }
}

// Some exchanges tell it in a list of all contracts only, which may come before anything else of a symbol.
void Pipeline::note_funding_interval(std::string_view exchange, const MarketEvent& event) {
    const auto minutes = std::get<TickerUpdate>(event.payload).funding_interval_minutes;
    if (!minutes) {
        return;
    }
    if (TrackedSymbol* const found = find(exchange, event.symbol)) {
        found->state.tell_funding_interval(*minutes);
    }
    std::string key = key_of(exchange, event.symbol);
    if (funding_intervals_.size() < MarketTickers::symbols_max || funding_intervals_.contains(key)) {
        funding_intervals_[std::move(key)] = *minutes;
    }
}

void Pipeline::disconnect(std::string_view exchange, std::string_view symbol) {
    if (TrackedSymbol* const found = find(exchange, symbol)) {
        found->state.disconnect();
    }
}

void Pipeline::forget(std::string_view exchange, std::string_view symbol) {
    const auto market = index_.find(exchange);
    if (market == index_.end()) {
        return;
    }
    TrackedSymbol* const* const found = market->second.find(symbol);
    if (found == nullptr) {
        return;
    }
    const TrackedSymbol* const kept = *found;
    market->second.erase(symbol);
    if (const auto met = std::ranges::find(symbols_met_, symbol); met != symbols_met_.end()) {
        symbols_met_.erase(met);
    }
    if (kept != nullptr) {
        last_ = nullptr;
        free_numbers_.push_back(kept->number);
        std::erase_if(symbols_, [kept](const auto& tracked) { return tracked.get() == kept; });
    }
}

void Pipeline::note_refusal(const Error& error, std::uint64_t count) {
    refused_ += count;
    Refusals& refusals = refusals_[error.code];
    if (refusals.count == 0) {
        refusals.first_message = error.message;
    }
    refusals.count += count;
}

// What is refused of a symbol before anything of it was understood counts once it is.
void Pipeline::note_rejected(std::string_view exchange, std::string_view symbol, bool book_update,
                             std::uint64_t count) {
    if (TrackedSymbol* const found = find(exchange, symbol)) {
        found->state.reject(book_update, count);
        return;
    }
    const std::string key = key_of(exchange, symbol);
    const auto before = rejected_before_.find(key);
    if (before != rejected_before_.end()) {
        before->second += count;
    } else if (!symbol.empty() && rejected_before_.size() < symbols_max) {
        rejected_before_.emplace(key, count);
    }
}

void Pipeline::skip(std::string_view exchange, const SkippedElements& skipped) {
    for (const auto& kind : skipped.kinds()) {
        note_refusal(kind.first, kind.count);
        note_rejected(exchange, kind.symbol, false, kind.count);
    }
    if (skipped.untold() > 0) {
        note_refusal(skipped.kinds().back().first, skipped.untold());
    }
}

void Pipeline::refuse(std::string_view exchange, const Error& error, std::string_view symbol,
                      bool book_update) {
    note_refusal(error);
    note_rejected(exchange, symbol, book_update, 1);
}

Confluence Pipeline::evaluate(TrackedSymbol& symbol) {
    return evaluate(symbol, options_.until.value_or(symbol.state.as_of()));
}

Confluence Pipeline::evaluate(TrackedSymbol& symbol, ExchangeTime now) {
    if (now > symbol.state.as_of()) {
        symbol.state.advance(now);
        symbol.analysis.update(symbol.state, {});
    }
    const ExchangeTime as_of = symbol.state.as_of();
    if (breadth_version_ != tickers_.version() || breadth_time_ != as_of) {
        breadth_ = breadth(as_of);
        breadth_version_ = tickers_.version();
        breadth_time_ = as_of;
    }
    Confluence confluence = symbol.analysis.evaluate(symbol.state, as_of, &breadth_);
    const Verdict held = symbol.side.update(confluence);
    if (confluence.score) {
        confluence.verdict = held;
    }
    return confluence;
}

}  // namespace virtuoso
