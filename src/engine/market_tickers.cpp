#include "engine/market_tickers.hpp"

#include <algorithm>
#include <cstdlib>

namespace virtuoso {

namespace {

/// Of either sign: a symbol may be asked as of a time before others' newest tickers.
bool is_fresh(ExchangeTime time, ExchangeTime as_of) {
    return std::abs(as_of - time) <= MarketBreadth::age_limit_ms;
}

const TickerUpdate* ticker_of(const MarketEvent& event) {
    return std::get_if<TickerUpdate>(&event.payload);
}

}  // namespace

MarketTickers::Entry* MarketTickers::Symbols::find(std::string_view name) {
    const auto found = std::ranges::lower_bound(names, name);
    return found != names.end() && *found == name ? &entries[static_cast<std::size_t>(found - names.begin())]
                                                  : nullptr;
}

MarketTickers::Entry& MarketTickers::Symbols::add(std::string_view name) {
    const auto place = std::ranges::lower_bound(names, name);
    const auto entry = entries.insert(entries.begin() + (place - names.begin()), Entry{});
    names.emplace(place, name);
    return *entry;
}

std::size_t MarketTickers::Symbols::forget_stale(ExchangeTime as_of) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (is_fresh(entries[i].time, as_of)) {
            std::swap(names[kept], names[i]);
            std::swap(entries[kept], entries[i]);
            ++kept;
        }
    }
    const std::size_t forgotten = names.size() - kept;
    names.resize(kept);
    entries.resize(kept);
    return forgotten;
}

// Of equally new ones the first part's: shards are asked in their order.
std::vector<TickerSample> merged(std::span<const std::vector<TickerSample>> parts) {
    std::vector<TickerSample> all;
    for (const auto& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    std::ranges::stable_sort(all, [](const TickerSample& a, const TickerSample& b) {
        return a.symbol != b.symbol ? a.symbol < b.symbol : a.time > b.time;
    });
    const auto same = [](const TickerSample& a, const TickerSample& b) { return a.symbol == b.symbol; };
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    return all;
}

void MarketTickers::take(std::string_view exchange, std::span<const MarketEvent> events) {
    ExchangeTime list_time;
    for (const auto& event : events) {
        if (const auto* const ticker = ticker_of(event); ticker != nullptr && ticker->market_wide) {
            list_time = std::max(list_time, event.time);
        }
    }
    for (const auto& event : events) {
        if (const auto* const ticker = ticker_of(event)) {
            note(exchange, event.symbol, *ticker, ticker->market_wide ? list_time : event.time);
        }
    }
}

void MarketTickers::note(std::string_view exchange, std::string_view symbol, const TickerUpdate& update,
                         ExchangeTime time) {
    if (!update.change_24h && !update.turnover_24h) {
        return;  // it says nothing of the last 24 h, so these values grow older
    }
    sample_turnover(time);
    Entry* const entry = find_or_add(exchange, symbol);
    if (entry == nullptr || time < entry->time) {
        return;
    }
    ++version_;
    entry->time = time;
    entry->change_24h = update.change_24h ? update.change_24h : entry->change_24h;
    entry->turnover_24h = update.turnover_24h ? update.turnover_24h : entry->turnover_24h;
    entry->last_price = update.last_price ? update.last_price : entry->last_price;
}

MarketTickers::Entry* MarketTickers::find_or_add(std::string_view exchange, std::string_view symbol) {
    auto market = exchanges_.find(exchange);
    if (market == exchanges_.end()) {
        market = exchanges_.emplace(exchange, Symbols{}).first;
    }
    if (Entry* const found = market->second.find(symbol)) {
        return found;
    }
    if (size_ >= symbols_max) {
        forget_stale();
    }
    if (size_ >= symbols_max) {
        return nullptr;
    }
    ++size_;
    return &market->second.add(symbol);
}

void MarketTickers::forget_stale() {
    for (auto& [exchange, symbols] : exchanges_) {
        size_ -= symbols.forget_stale(newest_);
    }
}

double MarketTickers::turnover(ExchangeTime as_of) const {
    double total = 0;
    for (const auto& [exchange, symbols] : exchanges_) {
        for (const auto& entry : symbols.entries) {
            total += is_fresh(entry.time, as_of) ? entry.turnover_24h.value_or(0.0) : 0.0;
        }
    }
    return total;
}

// At the end of each minute, before anything of the next: the first tickers of all are not yet the market.
void MarketTickers::sample_turnover(ExchangeTime now) {
    if (now <= newest_) {
        return;
    }
    const std::int64_t minute = now.ms / ms_per_minute;
    const bool over = turnover_minute_ >= 0 && minute > turnover_minute_;
    turnover_minute_ = minute;
    if (const double total = over ? turnover(newest_) : 0.0; total > 0) {
        turnover_history_.update(total);
    }
    newest_ = now;
}

MarketBreadth MarketTickers::breadth(ExchangeTime as_of) const {
    MarketBreadth result;
    ExchangeTime newest;
    double turnover = 0;
    for (const auto& [exchange, symbols] : exchanges_) {
        for (const auto& entry : symbols.entries) {
            if (!is_fresh(entry.time, as_of)) {
                continue;
            }
            turnover += entry.turnover_24h.value_or(0.0);
            if (entry.change_24h) {
                ++result.symbols;
                result.advancers += *entry.change_24h > 0 ? 1U : 0U;
                result.decliners += *entry.change_24h < 0 ? 1U : 0U;
                newest = std::max(newest, entry.time);
            }
        }
    }
    result.age_ms = result.symbols > 0 ? std::max<std::int64_t>(0, as_of - newest) : 0;
    if (result.symbols >= MarketBreadth::symbols_min) {
        result.turnover_z = turnover_history_.z(turnover);
    }
    return result;
}

std::vector<TickerSample> MarketTickers::sample(std::string_view exchange, ExchangeTime as_of) const {
    std::vector<TickerSample> samples;
    const auto market = exchanges_.find(exchange);
    if (market == exchanges_.end()) {
        return samples;
    }
    const auto& [names, entries] = market->second;
    samples.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (const Entry& entry = entries[i]; is_fresh(entry.time, as_of)) {
            samples.push_back({names[i], entry.time, entry.change_24h, entry.turnover_24h, entry.last_price});
        }
    }
    return samples;
}

std::size_t MarketTickers::bytes() const noexcept {
    std::size_t total = sizeof(*this);
    for (const auto& [exchange, symbols] : exchanges_) {
        total += symbols.names.capacity() * sizeof(std::string) + symbols.entries.capacity() * sizeof(Entry);
    }
    return total;
}

}  // namespace virtuoso
