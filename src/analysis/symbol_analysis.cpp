#include "analysis/symbol_analysis.hpp"

#include "analysis/orderbook_component.hpp"
#include "analysis/orderflow_component.hpp"
#include "analysis/price_structure_component.hpp"
#include "analysis/sentiment_component.hpp"
#include "analysis/technical_component.hpp"
#include "analysis/volume_component.hpp"
#include "base/archive.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t book_limit_ms = 5 * ms_per_second;
constexpr std::int64_t trades_limit_ms = 60 * ms_per_second;
constexpr std::int64_t interest_limit_ms = 15 * ms_per_minute;
constexpr std::int64_t funding_limit_ms = 8 * ms_per_hour;

// Only inputs that were ever received count: what never came lowers coverage instead.
double freshness(const SymbolState& state, const FlowBins& flow, ExchangeTime as_of) {
    double result = 1;
    if (state.book().time().ms > 0) {
        result *= freshness_of(as_of - state.book().time(), book_limit_ms);
    }
    if (flow.trades() > 0) {
        result *= freshness_of(as_of - flow.last_time(), trades_limit_ms);
    }
    const auto& minutes = state.candles().series(Timeframe::m1).closed();
    if (!minutes.empty()) {
        const std::int64_t interval = interval_ms(Timeframe::m1);
        result *= freshness_of(as_of - minutes.back().open_time - interval, 2 * interval);
    }
    if (!state.open_interest().empty()) {
        result *= freshness_of(as_of - state.open_interest().back().time, interest_limit_ms);
    }
    if (!state.funding().empty()) {
        result *= freshness_of(as_of - state.funding().back().time, funding_limit_ms);
    }
    return result;
}

// A quiet contract has no trades and candles without volume; what candles tell of and no trade was received
// of is missing.
bool trades_are_missing(const SymbolState& state, const FlowBins& flow) {
    const auto& minutes = state.candles().series(Timeframe::m1).closed();
    return flow.trades() > 0 && !minutes.empty() && minutes.back().volume > 0 &&
           minutes.back().open_time > flow.last_time();
}

}  // namespace

SymbolAnalysis::SymbolAnalysis(const Weights& weights, const ConfluenceThresholds& thresholds)
    : weights_(weights), thresholds_(thresholds) {
    begin();
}

void SymbolAnalysis::begin() {
    flow_ = FlowBins{};
    at(ComponentId::orderflow) = std::make_unique<OrderflowComponent>();
    at(ComponentId::orderbook) = std::make_unique<OrderbookComponent>();
    begin_histories();
}

// Those that read candles, open interest, funding and ratios as they come.
void SymbolAnalysis::begin_histories() {
    candles_ = CandleTracks{};
    at(ComponentId::volume) = std::make_unique<VolumeComponent>();
    at(ComponentId::price_structure) = std::make_unique<PriceStructureComponent>();
    at(ComponentId::technical) = std::make_unique<TechnicalComponent>();
    at(ComponentId::sentiment) = std::make_unique<SentimentComponent>();
}

void SymbolAnalysis::forget_history(const SymbolState& state) {
    begin_histories();
    read_histories(state, 0);
}

// Whatever there is of them, but for those liquidations that an update is about to tell.
void SymbolAnalysis::read_histories(const SymbolState& state, std::uint32_t liquidations_to_come) {
    StateChange all;
    all.open_interest = true;
    all.funding_history = true;
    all.account_ratio = true;
    all.liquidations = static_cast<std::uint32_t>(state.liquidations().size()) - liquidations_to_come;
    update(state, all);
}

void SymbolAnalysis::save(ArchiveWriter& archive) const {
    archive(flow_);
    for (const auto& component : components_) {
        component->save(archive);
    }
}

// Reading them takes some milliseconds: where all symbols are loaded together, none waits for all others.
void SymbolAnalysis::load(ArchiveReader& archive) {
    archive(flow_);
    for (const auto& component : components_) {
        component->load(archive);
    }
    unread_ = true;
}

void SymbolAnalysis::update(const SymbolState& state, const StateChange& change) {
    if (std::exchange(unread_, false) && !change.restated) {
        read_histories(state, change.liquidations);
    }
    if (change.restated) {
        begin();
    }
    const auto& trades = state.tape().trades();
    for (std::size_t age = std::min<std::size_t>(change.trades, trades.size()); age-- > 0;) {
        flow_.add(trades.newest(age));
    }
    candles_.update(state.candles(), state.as_of());
    const AnalysisInputs inputs{state, flow_, candles_, weights_};
    for (const auto& component : components_) {
        component->update(inputs, change);
    }
}

Confluence SymbolAnalysis::evaluate(const SymbolState& state, ExchangeTime as_of,
                                    const MarketBreadth* market) const {
    std::unique_ptr<CandleTracks> corrected;
    if (candles_.behind(state.candles())) {
        corrected = std::make_unique<CandleTracks>(candles_);
        corrected->catch_up(state.candles());
    }
    const CandleTracks& tracks = corrected ? *corrected : candles_;
    const AnalysisInputs inputs{state, flow_, tracks, weights_, market};
    // Each is made where it stays: together they are tens of kilobytes.
    const auto evaluate_all = [&]<std::size_t... Each>(std::index_sequence<Each...> /*all*/) {
        return std::array{components_[Each]->evaluate(inputs, as_of)...};
    };
    Confluence result{.as_of = as_of,
                      .components = evaluate_all(std::make_index_sequence<component_count>())};
    if (trades_are_missing(state, flow_)) {
        ComponentResult& orderflow = result.components[static_cast<std::size_t>(ComponentId::orderflow)];
        orderflow = ComponentResult(ComponentId::orderflow, weights_);
        orderflow.set_all_absent(Absence::trades_stale);
        orderflow.combine();
    }
    result.price = PriceContext::of(state, tracks, as_of);
    result.freshness = freshness(state, flow_, as_of);
    combine(result, thresholds_);
    return result;
}

std::size_t SymbolAnalysis::shrink() {
    std::size_t freed = flow_.shrink() + candles_.shrink();
    for (const auto& component : components_) {
        freed += component->shrink();
    }
    return freed;
}

std::size_t SymbolAnalysis::bytes() const noexcept {
    std::size_t total = sizeof(*this) + flow_.bytes() + candles_.bytes() + sizeof(OrderflowComponent) +
                        sizeof(OrderbookComponent) + sizeof(VolumeComponent) +
                        sizeof(PriceStructureComponent) + sizeof(TechnicalComponent) +
                        sizeof(SentimentComponent);
    for (const auto& component : components_) {
        total += component->bytes();
    }
    return total;
}

}  // namespace virtuoso
