// How a feed keeps trades in order and without holes.
#include "exchange/perpetual_feed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::int64_t held_ns_max = 30'000'000'000;

}  // namespace

// True: `record` is handed on now. Else it waits for what came before it.
bool PerpetualFeed::pass_trade(SymbolFeed& symbol, const RawRecord& record, const MarketEvent& event) {
    if (!symbol.trades_held) {
        symbol.last_trade = std::max(symbol.last_trade, event.time);
        return true;
    }
    symbol.held.push_back({record.received, record.connection, event.time, std::string(record.frame.text())});
    if (symbol.held.size() >= SymbolFeed::held_max) {
        release_trades(symbol);
    }
    return false;
}

// Trades that waited too long go on: what comes before them is added to the totals when it comes, too late
// for the tape.
void PerpetualFeed::check_held(SymbolFeed& symbol, LocalTime now) {
    if (symbol.trades_held && !symbol.held.empty() && now - symbol.held.front().received > held_ns_max) {
        release_trades(symbol);
    }
}

void PerpetualFeed::trades_missing(std::string_view name, ExchangeTime since) {
    SymbolFeed* const symbol = find(name);
    if (symbol == nullptr) {
        return;
    }
    if (since.ms > 0 && (symbol->trades_until.ms == 0 || since < symbol->trades_until)) {
        symbol->trades_until = since;
    }
    if (!symbol->trades_held) {
        begin_trade_fill(*symbol);
    }
}

void PerpetualFeed::note_trade_gap(SymbolFeed& symbol, std::string reason) {
    ++statistics_.trade_gaps;
    ++symbol.trade_gaps;
    symbol.trade_gap = std::move(reason);
    symbol.trade_gap_at = transport_.now();
}

std::uint64_t PerpetualFeed::trade_gaps(std::string_view name) const {
    const SymbolFeed* const symbol = find(name);
    return symbol == nullptr ? 0 : symbol->trade_gaps;
}

void PerpetualFeed::begin_trade_fill(SymbolFeed& symbol) {
    if (symbol.fill_in_flight) {
        symbol.fill_again = true;  // the answer on its way may be older than this subscription
        return;
    }
    symbol.fill_in_flight = true;
    const bool first = symbol.last_trade.ms == 0;
    ask(dialect_->recent_trades_target(symbol.name), first ? RestUrgency::history : RestUrgency::recovery,
        symbol.rank,
        [this, name = symbol.name](const Result<RestReply>& reply) { finish_trade_fill(name, reply); });
}

void PerpetualFeed::finish_trade_fill(const std::string& name, const Result<RestReply>& reply) {
    SymbolFeed* const symbol = find(name);
    if (symbol == nullptr) {
        return;
    }
    symbol->fill_in_flight = false;
    if (std::exchange(symbol->fill_again, false)) {
        begin_trade_fill(*symbol);
        return;
    }
    if (symbol->trades_held && !symbol->stream->is_live(symbol->topics.trades)) {
        return;  // lost again meanwhile: the next subscription asks anew
    }
    const ExchangeTime until = std::exchange(symbol->trades_until, {});
    note_trade_overlap(*symbol, reply, until);
    release_trades(*symbol);
}

void PerpetualFeed::note_trade_overlap(SymbolFeed& symbol, const Result<RestReply>& reply,
                                       ExchangeTime until) {
    if (!reply) {
        note_trade_gap(symbol, fmt::format("recent trades could not be loaded: {}", reply.error().message));
        return;
    }
    ExchangeTime oldest;
    for (const auto& event : std::get<MarketReply>(*reply).events) {
        if (const auto* const trades = std::get_if<Trades>(&event.payload);
            trades && !trades->prints.empty()) {
            oldest = trades->prints.front().time;
            symbol.last_trade = std::max(symbol.last_trade, trades->prints.back().time);
        }
    }
    ++statistics_.trade_fills;
    if (!symbol.held.empty()) {
        oldest = std::min(oldest, symbol.held.front().time);
    }
    if (until.ms > 0 && oldest > until) {
        note_trade_gap(symbol, fmt::format("from {} to {} were lost: the exchange serves only the last 1000",
                                           iso_text(until), iso_text(oldest)));
    }
}

void PerpetualFeed::release_trades(SymbolFeed& symbol) {
    symbol.trades_held = false;
    const auto held = std::exchange(symbol.held, {});
    for (const auto& frame : held) {
        const PaddedFrame padded = buffer_.assign(frame.bytes);
        const auto decoded = held_codec_->decode(padded);
        if (!decoded || decoded->events.empty()) {
            continue;  // it was decoded when it came
        }
        symbol.last_trade = std::max(symbol.last_trade, decoded->events.front().time);
        sink_.on_record({frame.received, frame.connection, stream_channel_, padded});
        sink_.on_events(decoded->events);
    }
}

}  // namespace virtuoso
