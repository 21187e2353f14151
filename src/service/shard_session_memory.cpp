// What a shard's symbols hold and give up.
#include "service/shard_session.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

/// What grew since it was given up is not worth the loss.
constexpr std::size_t history_bytes_min = std::size_t{32} << 10;

/// Of the trades beyond the least that are kept.
std::size_t tape_bytes(const SymbolState& state) {
    const std::size_t trades = state.tape().trades().size();
    const std::size_t kept = TradeTape::trades_min;
    return trades > kept ? state.tape().bytes() / trades * (trades - kept) : 0;
}

}  // namespace

std::vector<ShedCandidate> ShardSession::holdings(std::size_t first, std::size_t count) const {
    std::vector<ShedCandidate> found;
    const auto symbols = session_.pipeline().symbols();
    for (std::size_t i = first; i < std::min(symbols.size(), first + count); ++i) {
        const TrackedSymbol& symbol = *symbols[i];
        const SymbolState& state = symbol.state;
        const bool tracked = deep_.contains(state.symbol());
        const std::size_t history = tracked ? state.older_bytes() + tape_bytes(state)
                                            : state.history_bytes() + symbol.analysis.candles().bytes();
        ShedCandidate candidate{.symbol = state.symbol(),
                                .tracked = tracked,
                                .turnover = state.ticker().turnover_24h.value_or(0),
                                .history_bytes = history >= history_bytes_min ? history : 0,
                                .tape_bytes = tape_bytes(state)};
        const std::size_t told = candidate.history_bytes + candidate.tape_bytes;
        // Before it is known whom to watch closely nobody is dropped.
        candidate.other_bytes =
            tracked || deep_.empty() ? 0 : symbol.bytes() - std::min(symbol.bytes(), told);
        found.push_back(std::move(candidate));
    }
    return found;
}

bool ShardSession::give_up(std::string_view name, ShedStage stage) {
    TrackedSymbol* const symbol = session_.find(name);
    if (symbol == nullptr) {
        return false;
    }
    switch (stage) {
        case ShedStage::untracked_tape:
            symbol->state.give_up_tape();
            break;
        case ShedStage::untracked_symbol:
            left_out_.emplace(name);
            feed_->leave_out(name);  // which has all of it forgotten
            break;
        case ShedStage::tracked_history:
            symbol->state.give_up_older();
            symbol->state.give_up_tape();
            trimmed_.emplace(name);
            break;
        case ShedStage::untracked_history:
            symbol->state.give_up_history();
            symbol->analysis.forget_history(symbol->state);
            without_history_.emplace(name);
            break;
    }
    return true;
}

// An answer that was under way makes a symbol known again.
void ShardSession::forget_left_out() {
    for (const auto& name : left_out_) {
        if (session_.find(name) != nullptr) {
            on_dropped(name);
        }
    }
}

void ShardSession::have_again(std::string_view name) {
    if (const auto found = left_out_.find(name); found != left_out_.end()) {
        left_out_.erase(found);
        feed_->follow_again(name);
    }
    if (const auto found = trimmed_.find(name); found != trimmed_.end()) {
        trimmed_.erase(found);
        feed_->histories_stale(name);
    }
    read_history_again(name);
}

void ShardSession::read_history_again(std::string_view name) {
    const auto found = without_history_.find(name);
    if (found != without_history_.end()) {
        without_history_.erase(found);
        feed_->histories_stale(name);
    }
}

}  // namespace virtuoso
