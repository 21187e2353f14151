#include "analysis/component_spec.hpp"

#include <array>

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

std::optional<ComponentId> component_named(std::string_view name) noexcept {
    for (const auto& spec : specs) {
        if (spec.name == name) {
            return spec.id;
        }
    }
    return std::nullopt;
}

}  // namespace virtuoso
