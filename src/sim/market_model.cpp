#include "sim/market_model.hpp"

namespace virtuoso::sim {

MarketModel::MarketModel(std::size_t symbols, std::uint64_t seed, ExchangeTime start, double activity)
    : seed_(seed),
      factor_(seed, start),
      now_ms_(start.ms),
      next_second_ms_(candle_start(start.ms, ms_per_second) + ms_per_second) {
    for (auto& instrument : make_universe(symbols, seed, start, activity)) {
        const std::uint32_t index = instrument.index;
        index_.emplace(instrument.symbol, index);
        markets_.push_back(std::make_unique<SymbolMarket>(seed, std::move(instrument), start));
        due_.push({markets_.back()->next_event_us(), index});
    }
    is_touched_.resize(markets_.size());
}

SymbolMarket* MarketModel::find(std::string_view symbol) {
    const auto found = index_.find(symbol);
    return found == index_.end() ? nullptr : markets_[found->second].get();
}

void MarketModel::advance(std::int64_t now_ms) {
    for (const std::uint32_t index : touched_) {
        is_touched_[index] = false;
    }
    touched_.clear();
    // What seconds change, events after them must find changed.
    for (; next_second_ms_ <= now_ms; next_second_ms_ += ms_per_second) {
        run_events(next_second_ms_);
        for (const auto& market : markets_) {
            market->advance(next_second_ms_);
        }
    }
    run_events(now_ms);
    now_ms_ = std::max(now_ms_, now_ms);
}

void MarketModel::run_events(std::int64_t before_ms) {
    while (!due_.empty() && due_.top().time_us < before_ms * 1'000) {
        const Due next = due_.top();
        due_.pop();
        factor_.advance(next.time_us / 1'000);
        SymbolMarket& market = *markets_[next.index];
        if (!market.instrument().trading) {
            continue;  // `list` puts it back
        }
        market.step(factor_);
        ++events_;
        due_.push({market.next_event_us(), next.index});
        if (!is_touched_[next.index]) {
            is_touched_[next.index] = true;
            touched_.push_back(next.index);
        }
    }
}

std::size_t MarketModel::list(const std::string& symbol) {
    if (SymbolMarket* const known = find(symbol)) {
        if (!known->instrument().trading) {
            known->instrument().trading = true;
            known->resume(now_ms_);
            due_.push({known->next_event_us(), known->instrument().index});
        }
        return known->instrument().index;
    }
    // A newcomer of middling activity: the description of a made-up contract under the given name.
    SimInstrument instrument = make_universe(100, seed_ + markets_.size(), {now_ms_}).back();
    instrument.symbol = symbol;
    instrument.base_coin = symbol.substr(0, symbol.size() - (symbol.ends_with("USDT") ? 4 : 0));
    instrument.index = static_cast<std::uint32_t>(markets_.size());
    instrument.launch = {now_ms_};
    index_.emplace(symbol, instrument.index);
    markets_.push_back(
        std::make_unique<SymbolMarket>(seed_, std::move(instrument), ExchangeTime{now_ms_}, factor_.value()));
    is_touched_.push_back(false);
    due_.push({markets_.back()->next_event_us(), static_cast<std::uint32_t>(markets_.size() - 1)});
    return markets_.size() - 1;
}

}  // namespace virtuoso::sim
