#include "engine/pipeline.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::size_t symbols_max = 4'096;

// Binance sends updates of the whole book, far levels included; Bybit at most 1000 levels a side.
BookLimits limits_of(std::string_view exchange) {
    return exchange.starts_with("binance") ? BookLimits{.levels_max = 8'192, .ladder_ticks = 8'192}
                                           : BookLimits{};
}

}  // namespace

Pipeline::Source& Pipeline::source_of(std::string_view channel) {
    if (last_source_ != nullptr && last_source_->channel == channel) {
        return *last_source_;
    }
    const auto found = std::find_if(sources_.begin(), sources_.end(),
                                    [&](const auto& source) { return source->channel == channel; });
    if (found != sources_.end()) {
        last_source_ = found->get();
        return *last_source_;
    }
    auto source = std::make_unique<Source>();
    source->channel = channel;
    if (auto decoder = SourceDecoder::for_channel(channel)) {
        source->decoder = std::move(*decoder);
    } else {
        source->error = decoder.error();
    }
    last_source_ = sources_.emplace_back(std::move(source)).get();
    return *last_source_;
}

TrackedSymbol* Pipeline::find_or_add(const std::string& exchange, std::string_view symbol) {
    std::pair key(exchange, std::string(symbol));
    if (const auto found = index_.find(key); found != index_.end()) {
        return found->second;
    }
    if (symbols_met_.size() >= symbols_max) {
        return nullptr;
    }
    symbols_met_.push_back(key.second);
    TrackedSymbol* added = nullptr;
    if (options_.symbol.empty() || options_.symbol == symbol) {
        added = symbols_
                    .emplace_back(std::make_unique<TrackedSymbol>(exchange, key.second, limits_of(exchange),
                                                                  options_.weights))
                    .get();
    }
    index_.emplace(std::move(key), added);
    return added;
}

TrackedSymbol* Pipeline::symbol_of(Source& source, std::string_view symbol) {
    if (source.last == nullptr || source.last_symbol != symbol) {
        source.last = find_or_add(source.decoder->exchange(), symbol);
        source.last_symbol = symbol;
    }
    return source.last;
}

void Pipeline::feed(const RawRecord& record) {
    ++records_;
    Source& source = source_of(record.channel);
    if (!source.decoder) {
        refuse(source, source.error);
        return;
    }
    const auto events = source.decoder->decode(record.frame);
    if (!events) {
        refuse(source, events.error());
        return;
    }
    for (const auto& event : *events) {
        apply(source, event);
    }
}

void Pipeline::apply(Source& source, const MarketEvent& event) {
    newest_ = std::max(newest_, event.time);
    TrackedSymbol* const symbol = symbol_of(source, event.symbol);
    if (symbol == nullptr || (options_.until && event.time > *options_.until)) {
        return;
    }
    const StateChange change = symbol->state.apply(event);
    symbol->analysis.update(symbol->state, change);
    sample_turnover();
}

double Pipeline::turnover() const {
    double total = 0;
    for (const auto& symbol : symbols_) {
        total += symbol->state.ticker().turnover_24h.value_or(0.0);
    }
    return total;
}

void Pipeline::sample_turnover() {
    const std::int64_t minute = newest_.ms / ms_per_minute;
    if (minute <= turnover_minute_) {
        return;
    }
    turnover_minute_ = minute;
    if (const double total = turnover(); total > 0) {
        turnover_history_.update(total);
    }
}

MarketBreadth Pipeline::breadth() const {
    MarketBreadth result;
    for (const auto& symbol : symbols_) {
        if (const auto& change = symbol->state.ticker().change_24h) {
            ++result.symbols;
            result.advancers += *change > 0 ? 1U : 0U;
            result.decliners += *change < 0 ? 1U : 0U;
        }
    }
    if (result.symbols >= MarketBreadth::symbols_min) {
        result.turnover_z = turnover_history_.z(turnover());
    }
    return result;
}

void Pipeline::refuse(Source& source, const Error& error) {
    ++refused_;
    Refusals& refusals = refusals_[error.code];
    if (refusals.count++ == 0) {
        refusals.first_message = error.message;
    }
    if (!source.decoder || source.decoder->refused_symbol().empty()) {
        return;
    }
    const auto found =
        index_.find(std::pair(source.decoder->exchange(), std::string(source.decoder->refused_symbol())));
    if (found != index_.end() && found->second != nullptr) {
        found->second->state.reject(source.decoder->refused_book());
    }
}

Confluence Pipeline::evaluate(TrackedSymbol& symbol) const {
    if (options_.until && newest_ > *options_.until) {
        symbol.state.advance(*options_.until);
        symbol.analysis.update(symbol.state, {});
    }
    const MarketBreadth market = breadth();
    return symbol.analysis.evaluate(symbol.state, symbol.state.as_of(), &market);
}

}  // namespace virtuoso
