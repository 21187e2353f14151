// What a shard's symbols hold and give up.
#include "service/shard_session.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

/// What grew since it was given up is not worth the loss.
constexpr std::size_t history_bytes_min = std::size_t{32} << 10;

}  // namespace

std::vector<ShedCandidate> ShardSession::holdings(std::size_t first, std::size_t count) const {
    std::vector<ShedCandidate> found;
    const auto symbols = session_.pipeline().symbols();
    for (std::size_t i = first; i < std::min(symbols.size(), first + count); ++i) {
        const TrackedSymbol& symbol = *symbols[i];
        const SymbolState& state = symbol.state;
        const std::size_t history = state.history_bytes() + symbol.analysis.candles().bytes();
        const std::size_t trades = state.tape().trades().size();
        const std::size_t kept = TradeTape::trades_min;
        found.push_back({.symbol = state.symbol(),
                         .tracked = deep_.contains(state.symbol()),
                         .turnover = state.ticker().turnover_24h.value_or(0),
                         .history_bytes = history >= history_bytes_min ? history : 0,
                         .tape_bytes = trades > kept ? state.tape().bytes() / trades * (trades - kept) : 0});
    }
    return found;
}

bool ShardSession::give_up(std::string_view name, ShedStage stage) {
    TrackedSymbol* const symbol = session_.find(name);
    if (symbol == nullptr) {
        return false;
    }
    if (stage == ShedStage::untracked_tape) {
        symbol->state.give_up_tape();
        return true;
    }
    symbol->state.give_up_history();
    symbol->analysis.forget_history(symbol->state);
    without_history_.emplace(name);
    return true;
}

void ShardSession::read_history_again(std::string_view name) {
    const auto found = without_history_.find(name);
    if (found != without_history_.end()) {
        without_history_.erase(found);
        feed_->histories_stale(name);
    }
}

}  // namespace virtuoso
