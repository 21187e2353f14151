#include "analysis/component.hpp"

#include "base/assert.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr SubIndicator orderflow_subs[] = {
    {"cvd", .22},       {"trade_flow", .17}, {"open_interest", .15}, {"smart_money_flow", .15},
    {"imbalance", .13}, {"liquidity", .10},  {"pressure", .08}};
constexpr SubIndicator orderbook_subs[] = {{"depth", .19},
                                           {"imbalance", .18},
                                           {"oir", .16},
                                           {"liquidity", .13},
                                           {"ofi", .13},
                                           {"manipulation", .08},
                                           {"absorption_exhaustion", .08},
                                           {"di", .05}};
constexpr SubIndicator volume_subs[] = {
    {"volume_delta", .20},   {"adl", .15}, {"cmf", .15}, {"obv", .15}, {"relative_volume", .15},
    {"volume_profile", .10}, {"vwap", .10}};
constexpr SubIndicator price_structure_subs[] = {
    {"institutional_zones", .20}, {"support_resistance", .15}, {"trend_position", .15}, {"volume_nodes", .15},
    {"structure_breaks", .15},    {"range_analysis", .10},     {"fair_value_gaps", .10}};
constexpr SubIndicator technical_subs[] = {{"rsi", .20}, {"ao", .20},         {"macd", .15},
                                           {"cci", .15}, {"williams_r", .15}, {"atr", .15}};
constexpr SubIndicator sentiment_subs[] = {{"funding_rate", .20},    {"liquidations", .20},
                                           {"volatility", .18},      {"long_short_ratio", .15},
                                           {"market_activity", .15}, {"risk", .12}};

constexpr std::array<ComponentSpec, component_count> specs{{
    {ComponentId::orderflow, "orderflow", "Orderflow", .30, orderflow_subs},
    {ComponentId::orderbook, "orderbook", "Orderbook", .20, orderbook_subs},
    {ComponentId::volume, "volume", "Volume", .18, volume_subs},
    {ComponentId::price_structure, "price_structure", "Price Structure", .15, price_structure_subs},
    {ComponentId::technical, "technical", "Technical", .10, technical_subs},
    {ComponentId::sentiment, "sentiment", "Sentiment", .07, sentiment_subs},
}};

}  // namespace

const ComponentSpec& spec_of(ComponentId id) noexcept {
    return specs[static_cast<std::size_t>(id)];
}

std::span<const ComponentSpec, component_count> all_components() noexcept {
    return specs;
}

std::string_view name_of(Absence absence) noexcept {
    switch (absence) {
        case Absence::none:
            return "present";
        case Absence::no_data:
            return "no_data";
        case Absence::warming_up:
            return "warming_up";
        case Absence::flat:
            return "flat";
        case Absence::book_invalid:
            return "book_invalid";
        case Absence::book_stale:
            return "book_stale";
    }
    return "unknown";
}

std::string_view name_of(Reading reading) noexcept {
    constexpr std::array<std::string_view, 46> names{"neutral",
                                                     "bullish",
                                                     "bearish",
                                                     "overbought",
                                                     "oversold",
                                                     "bullish_confirmation",
                                                     "bearish_confirmation",
                                                     "bullish_divergence",
                                                     "bearish_divergence",
                                                     "large_buy_small_sell",
                                                     "large_sell_small_buy",
                                                     "longs_building",
                                                     "shorts_building",
                                                     "short_covering",
                                                     "long_liquidation",
                                                     "easier_up",
                                                     "easier_down",
                                                     "bid_absorption",
                                                     "ask_absorption",
                                                     "buying_exhausted",
                                                     "selling_exhausted",
                                                     "fake_bids",
                                                     "fake_asks",
                                                     "clean",
                                                     "weak_volume",
                                                     "significant_volume",
                                                     "strong_volume",
                                                     "extreme_volume",
                                                     "accepted_above_value",
                                                     "accepted_below_value",
                                                     "inside_value",
                                                     "stretched_up",
                                                     "stretched_down",
                                                     "break_up",
                                                     "break_down",
                                                     "reversal_up",
                                                     "reversal_down",
                                                     "rejected_up",
                                                     "rejected_down",
                                                     "premium",
                                                     "discount",
                                                     "funding_elevated",
                                                     "funding_high",
                                                     "funding_extreme",
                                                     "cascade",
                                                     "risk_off"};
    return names[static_cast<std::size_t>(reading)];
}

void SubScore::add_raw(std::string_view raw_name, double value) {
    VIRTUOSO_ASSERT(raw_count < raw_max, "a sub-indicator has a bounded number of raw values");
    VIRTUOSO_ASSERT(std::isfinite(value), "raw values are finite");
    raw[raw_count++] = {raw_name, value};
}

void SubScore::set_strength(double strength) {
    set_lean(hyperbolic_tangent(strength));
}

void SubScore::set_lean(double value) {
    VIRTUOSO_ASSERT(std::isfinite(value), "a lean is finite");
    lean = std::clamp(value, -1.0, 1.0);
    absence = Absence::none;
}

void SubScore::set_absent(Absence why) {
    lean.reset();
    absence = why;
}

void Component::update(const AnalysisInputs&, const StateChange&) {}

ComponentResult::ComponentResult(ComponentId component) : id(component) {
    for (const auto& spec : spec_of(component).sub_indicators) {
        subs[sub_count].name = spec.name;
        subs[sub_count].weight = spec.weight;
        ++sub_count;
    }
}

SubScore& ComponentResult::sub(std::string_view name) {
    for (std::size_t i = 0; i < sub_count; ++i) {
        if (subs[i].name == name) {
            return subs[i];
        }
    }
    VIRTUOSO_ASSERT(false, "sub-indicators are named as in the component's list");
    return subs[0];
}

void ComponentResult::set_all_absent(Absence why) {
    for (std::size_t i = 0; i < sub_count; ++i) {
        subs[i].set_absent(why);
    }
}

void ComponentResult::combine() {
    double total = 0;
    double present = 0;
    double sum = 0;
    for (const auto& entry : sub_scores()) {
        total += entry.weight;
        if (entry.lean) {
            present += entry.weight;
            sum += entry.weight * *entry.lean;
        }
    }
    coverage = present / total;
    if (present > 0) {
        score = std::clamp(50.0 * (1.0 + sum / present) + divergence_adjustment, 0.0, 100.0);
    }
}

}  // namespace virtuoso
